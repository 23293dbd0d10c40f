// The pixels a PixelMath makes: which expression for which channel, which plane for which name, then range and format.

import { bicubic } from './resample.mjs';
import { evaluate } from './evaluate.mjs';
import { BadExpression, imagesIn, parseExpression, Unsupported } from './expression.mjs';
import { FLOAT32, FLOAT64 } from './formats.mjs';
import { Raster } from './raster.mjs';

// `k = 1.5, m = 2`; other symbols are PixelMath's, not the emulator's.
function constants(symbols) {
   const table = new Map;
   for (const definition of symbols.split(',').map(text => text.trim()).filter(Boolean)) {
      const found = definition.match(/^([A-Za-z_]\w*)\s*=\s*([-+]?[\d.]+(?:[eE][-+]?\d+)?)$/);
      if (!found) throw new Unsupported(`PixelMath symbol ${definition}`);
      table.set(found[1], Number(found[2]));
   }
   return table;
}

function withConstants(tree, table) {
   if (tree.type === 'image') return table.has(tree.name) ? { type: 'number', value: table.get(tree.name) } : tree;
   const copy = { ...tree };
   for (const part of ['left', 'right', 'operand']) if (tree[part]) copy[part] = withConstants(tree[part], table);
   if (tree.args) copy.args = tree.args.map(argument => withConstants(argument, table));
   return copy;
}

/** One tree for each channel; null where the channel stays as it is. */
function treesFor(parameters, channels) {
   const texts = parameters.useSingleExpression ? Array(channels).fill(parameters.expression)
      : [parameters.expression, parameters.expression1, parameters.expression2].slice(0, channels);
   const table = constants(parameters.symbols);
   return texts.map(text => text.trim() === '' && !parameters.useSingleExpression ? null
      : withConstants(parseExpression(text), table));
}

function resolver(desktop, target, shape) {
   const planes = new Map;
   const raster = (name) => {
      const view = name === '$T' || name === '$target' ? target : desktop.byId(name)?.main;
      if (!view) throw new BadExpression(target || !name.startsWith('$') ? `unknown image: ${name}` : 'no target image');
      return view.raster;
   };
   // A preview's references are read at the preview's own place.
   const cropped = (source) => {
      const main = target?.isPreview && target.window.main.raster;
      const isWhole = main && source.width === main.width && source.height === main.height;
      return isWhole && source !== target.raster ? source.crop(target.rect) : source;
   };
   const find = (name, channel) => {
      const source = cropped(raster(name));
      if (!(channel < source.channels)) throw new BadExpression(`no channel ${channel} in image: ${name}`);
      const samples = source.planes[channel];
      if (source.width === shape.width && source.height === shape.height) return { samples, max: source.format.max };
      return { samples: bicubic(samples, source.width, source.height, shape.width, shape.height, source.format.max), max: 1 };
   };
   return (channel) => (node) => {
      // Gray images serve every channel; of a color image a gray target sees the first channel alone.
      const own = node.channel ?? (raster(node.name).color && shape.color ? channel : 0);
      const key = `${node.name}[${own}]`;
      if (!planes.has(key)) planes.set(key, find(node.name, own));
      return planes.get(key);
   };
}

function setRange(planes, parameters) {
   if (parameters.rescale) {
      let low = Infinity, high = -Infinity;
      for (const plane of planes)
         for (const value of plane) {
            if (value < low) low = value;
            if (value > high) high = value;
         }
      const scale = high > low ? (parameters.rescaleUpper - parameters.rescaleLower) / (high - low) : 0;
      for (const plane of planes)
         for (let i = 0; i < plane.length; ++i) plane[i] = (plane[i] - low) * scale + parameters.rescaleLower;
   }
   else if (parameters.truncate)
      for (const plane of planes)
         for (let i = 0; i < plane.length; ++i)
            if (plane[i] < parameters.truncateLower) plane[i] = parameters.truncateLower;
            else if (plane[i] > parameters.truncateUpper) plane[i] = parameters.truncateUpper;
}

/** The result as a raster of the wanted shape `{ width, height, color, format }`. Throws BadExpression or Unsupported. */
export function compute(desktop, parameters, target, shape) {
   const { width, height, color, format } = shape;
   const channels = color ? 3 : 1;
   const trees = treesFor(parameters, channels);
   const sources = resolver(desktop, target, shape);
   for (const [channel, tree] of trees.entries())
      for (const name of tree ? imagesIn(tree) : []) sources(channel)({ name });
   const working = parameters.use64BitWorkingImage ? FLOAT64 : FLOAT32;
   const planes = trees.map((tree, channel) => {
      const plane = new working.Array(width * height);
      evaluate(tree ?? { type: 'image', name: '$T' }, plane, sources(channel));
      return plane;
   });
   setRange(planes, parameters);
   const result = new Raster(width, height, working, color, planes);
   return working === format ? result : result.as(format);
}
