// Dividing an image by a dust factor: who may, and with which expression.

/** True where a described view holds a dust factor whose scale is known. */
function isFactor(view) {
   return view.notes !== null && view.notes.plane === "correction" && view.notes.scale > 0;
}

/** Returns why `factor` must not be applied to `target`, as a sentence; "" where it may. */
function applyObstacle(target, factor) {
   if (!isFactor(factor))
      return factor.id + " is not a dust factor made by FlatBridge.";
   if (target.id === factor.id)
      return "A dust factor cannot be applied to itself.";
   if (target.notes !== null && target.notes.plane !== "median")
      return target.id + " was made by FlatBridge: there is no dust in it to remove.";
   if (target.width !== factor.width || target.height !== factor.height)
      return target.id + " measures " + sizeText(target) + " pixels, the dust factor "
         + sizeText(factor) + ": it fits only frames of the same camera and binning, not cropped.";
   if (target.channels !== factor.channels)
      return target.id + " is " + colorText(target) + ", the dust factor " + colorText(factor)
         + ": choose a dust factor made from a flat of the same kind.";
   return "";
}

function sizeText(view) {
   return view.width + " x " + view.height;
}

function colorText(view) {
   return view.channels === 1 ? "gray" : "RGB color";
}

/** Returns the views of `views` to offer as targets of `factor`. */
function applyTargets(views, factor) {
   if (!factor)
      return [];
   return views.filter((view) => view.id !== factor.notes.source && applyObstacle(view, factor) === "");
}

/**
 * Returns the expression that divides by the factor, or multiplies by it, which is stored divided by
 * its scale. Saturated pixels hold no signal to correct: where there are any, they stay as they are.
 */
function applyExpression(factor, saturated, multiply) {
   const scale = factor.notes.scale;
   const whole = scale === 1 ? factor.id : "(" + scale + "*" + factor.id + ")";
   const changed = "$T" + (multiply ? "*" : "/") + whole;
   return saturated ? "iif($T<1," + changed + ",$T)" : changed;
}

/** Returns every parameter of the PixelMath step: an instance may start with values last used. */
function pixelMathSettings(expression) {
   return {
      expression,
      expression1: "",
      expression2: "",
      expression3: "",
      useSingleExpression: true,
      symbols: "",
      generateOutput: true,
      singleThreaded: false,
      optimization: true,
      use64BitWorkingImage: false,
      rescale: false,
      rescaleLower: 0,
      rescaleUpper: 1,
      truncate: true,
      truncateLower: 0,
      truncateUpper: 1,
      createNewImage: false,
      showNewImage: false,
      newImageId: "",
      newImageWidth: 0,
      newImageHeight: 0,
      newImageAlpha: false,
      newImageColorSpace: 0,
      newImageSampleFormat: 0,
      cacheGeneratedImages: false,
      clearImageCacheAndExit: false
   };
}
