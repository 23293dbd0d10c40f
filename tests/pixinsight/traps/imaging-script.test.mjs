import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { createHost } from '../host/host.mjs';
import { scratch } from './imaging.mjs';

const file = scratch();

/** Runs the body of a script over a host with one 2x2 window A; gives the lines it wrote. */
function script(name, body) {
   const path = file(`${name}.js`);
   writeFileSync(path, `#engine v8\n(function() {\n${body}\n})();\n`);
   const host = createHost({ home: file(`${name}-home`) });
   try {
      host.newWindow({ id: 'A', width: 2, height: 2, samples: 0.25, keywords: [['GAIN', '1', '']] });
      return { host, lines: host.run(path).console.trim().split('\n') };
   }
   finally { host.close(); }
}

test('what images and windows give belongs to the script\'s own realm', () => {
   const { lines } = script('realm', `
      const window = ImageWindow.activeWindow, image = window.mainView.image;
      console.writeln(window instanceof ImageWindow, " ", window.keywords instanceof Array, " ",
         image.toFloat32Array() instanceof Float32Array, " ", window.mainView.stf[0] instanceof Array);`);
   assert.deepEqual(lines, ['true true true true']);
});

test('windows outlive the script that made them; its steps name it', () => {
   const { host } = script('made', `
      const window = new ImageWindow(1, 1, 1, 32, true, false, "A");
      window.mainView.beginProcess(UndoFlag.NoSwapFile);
      window.mainView.image.setSamples(Float32Array.of(0.5));
      window.mainView.endProcess();`);
   assert.deepEqual([...host.samples('A1').native], [0.5]);
   const [{ process, parameters }] = host.history('A1');
   assert.deepEqual([process, parameters.filePath.endsWith('/made.js'), parameters.md5.length], ['Script', true, 32]);
});

test('trap 5: PixelSampleType and ImageOp are what images understand', () => {
   const { lines } = script('constants', `
      const image = new Image(2, 2, 1, ColorSpace.Gray, 16, PixelSampleType.Integer);
      image.fill(0.5);
      image.apply(0.5, ImageOp.Mul);
      console.writeln(image.isReal, " ", image.toUint16Array()[0]);
      image.free();`);
   assert.deepEqual(lines, ['false 16384']);
});

test('quirks of images are options of the host', () => {
   const host = createHost({ home: file('quirks-home'), quirks: { freshWrappers: false } });
   host.newWindow({ id: 'A', width: 1, height: 1 });
   assert.equal(host.windowById('A'), host.windowById('A'));
   host.close();
});

test('trap 13: what a process throws may be a bare string', () => {
   const { lines } = script('thrown', `
      const pixelMath = new PixelMath;
      pixelMath.newImageColorSpace = PixelMath.prototype.RGB;
      try { pixelMath.executeOn(ImageWindow.activeWindow.mainView); }
      catch (error) { console.writeln(typeof error, " ", error); }`);
   assert.deepEqual(lines, ['string undefined']);
});
