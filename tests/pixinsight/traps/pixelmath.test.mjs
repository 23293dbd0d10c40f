import assert from 'node:assert/strict';
import { test } from 'node:test';
import { f32, workspace } from './imaging.mjs';

const values = (host, id, channel = 0) => [...host.samples(id, channel).native];

/** Runs an expression on a view, with PixelMath's own defaults unless told otherwise. */
function run({ host, PixelMath }, id, expression, settings = {}, ...swapFile) {
   const pixelMath = Object.assign(new PixelMath, { expression }, settings);
   return pixelMath.executeOn(host.view(id), ...swapFile);
}

test('trap 6: a constant of the prototype is undefined, and executeOn throws just that', () => {
   const { host, PixelMath } = workspace();
   host.newWindow({ id: 'A', width: 1, height: 1 });
   assert.equal(PixelMath.prototype.RGB, undefined);
   assert.deepEqual([PixelMath.SameAsTarget, PixelMath.RGB, PixelMath.Gray, PixelMath.f32], [0, 1, 2, 4]);
   const pixelMath = new PixelMath;
   pixelMath.expression = '$T';
   pixelMath.newImageColorSpace = PixelMath.prototype.RGB;
   assert.throws(() => pixelMath.executeOn(host.view('A')), thrown => String(thrown) === 'undefined');
});

test('trap 41: a step that a test orders to fail answers false and changes nothing', () => {
   const space = workspace();
   space.host.faults = { check: (operation, id) => { if (operation === 'execute' && id === 'A') throw new Error('no'); } };
   space.host.newWindow({ id: 'A', width: 1, height: 1, samples: 0.25 });
   assert.equal(run(space, 'A', '$T*2'), false);
   assert.deepEqual(values(space.host, 'A'), [0.25]);
});

test('trap 8: a misspelled parameter is accepted, ignored, and shows in the history', () => {
   const { host, PixelMath } = workspace();
   host.newWindow({ id: 'A', width: 1, height: 1, samples: 0.75 });
   assert.equal(run({ host, PixelMath }, 'A', '$T*2', { truncat: false }), true);
   assert.deepEqual(values(host, 'A'), [1]);
   assert.deepEqual(host.history('A')[0].stray, ['truncat']);
});

test('trap 36: executeOn is undoable, executeOn(view, false) is not; the step holds all parameters', () => {
   const space = workspace();
   const { host } = space;
   host.newWindow({ id: 'A', width: 1, height: 1, samples: 0.25 });
   run(space, 'A', '$T*2');
   const [step] = host.history('A');
   assert.deepEqual([step.process, step.undoable, step.parameters.expression, step.parameters.truncate], ['PixelMath', true, '$T*2', true]);
   assert.equal(Object.keys(step.parameters).length, 26);
   assert.equal(host.view('A').processing.at(0).processId(), 'PixelMath');
   assert.equal(host.undo('A'), true);
   assert.deepEqual(values(host, 'A'), [0.25]);
   run(space, 'A', '$T*2', {}, false);
   assert.equal(host.undo('A'), false);
   assert.deepEqual(values(host, 'A'), [0.5]);
});

test('trap 37: an enabled mask lets white through and protects black', () => {
   const space = workspace();
   const { host } = space;
   const window = host.newWindow({ id: 'A', width: 3, height: 1, samples: 0.8 });
   const mask = host.newWindow({ id: 'M', width: 3, height: 1, samples: [0, 0.5, 1] });
   const result = (change) => {
      window.setMask(mask);
      change();
      run(space, 'A', '$T/2');
      const got = values(host, 'A');
      host.undo('A');
      return got;
   };
   const close = (got, expected) => got.forEach((value, i) => assert.ok(Math.abs(value - expected[i]) < 1e-7, `${got}`));
   close(result(() => {}), [0.8, 0.6, 0.4]);
   close(result(() => { window.maskInverted = true; }), [0.4, 0.6, 0.8]);
   close(result(() => { window.maskEnabled = false; }), [0.4, 0.4, 0.4]);
   close(result(() => window.removeMask()), [0.4, 0.4, 0.4]);
});

test('trap 37: where the mask is black nothing changes, not one bit, in any format', () => {
   const space = workspace();
   const { host } = space;
   for (const bitsPerSample of [8, 16, 32]) {
      const id = `A${bitsPerSample}`;
      const window = host.newWindow({ id, width: 2, height: 1, bitsPerSample, samples: [0.3, 0.3] });
      const before = values(host, id);
      window.setMask(host.newWindow({ id: `M${bitsPerSample}`, width: 2, height: 1, samples: [0, 1] }));
      run(space, id, '$T/0');
      assert.equal(values(host, id)[0], before[0]);
      assert.notEqual(values(host, id)[1], before[1]);
   }
});

test('trap 38: truncate clips at 1 by default; without it values above 1 stay', () => {
   const space = workspace();
   const { host } = space;
   host.newWindow({ id: 'A', width: 3, height: 1, samples: [-0.25, 0.5, 0.75] });
   run(space, 'A', '$T*2');
   assert.deepEqual(values(host, 'A'), [0, 1, 1]);
   host.undo('A');
   run(space, 'A', '$T*2', { truncate: false });
   assert.deepEqual(values(host, 'A'), [-0.5, 1, 1.5]);
   run(space, 'A', '$T', { rescale: true });
   assert.deepEqual(values(host, 'A'), [0, 0.75, 1]);
});

test('trap 38: integer targets are quantised and clip even without truncation', () => {
   const space = workspace();
   const { host } = space;
   host.newWindow({ id: 'A', width: 3, height: 1, bitsPerSample: 16, samples: [1000, 20000, 60000], native: true });
   host.newWindow({ id: 'C', width: 3, height: 1, samples: [0.9, 0.7, 0.5] });
   run(space, 'A', '$T/C', { truncate: false });
   assert.deepEqual(values(host, 'A'), [1111, 28571, 65535]); // 1111.1 28571.4 120000
});

test('trap 39: another size is interpolated without a word', () => {
   const space = workspace();
   const { host } = space;
   host.newWindow({ id: 'A', width: 8, height: 8, samples: 1 });
   host.newWindow({ id: 'half', width: 4, height: 4, samples: (x) => 0.25 + 0.125 * x });
   assert.equal(run(space, 'A', '$T*half'), true);
   assert.deepEqual(values(host, 'A').slice(16, 24).slice(2, 5), [0.375, 0.4375, 0.5]); // a ramp is met exactly inside
   assert.deepEqual(host.lines, []);
});

test('trap 39: a gray factor serves every channel; of an RGB factor a gray target uses red alone', () => {
   const space = workspace();
   const { host } = space;
   host.newWindow({ id: 'gray', width: 1, height: 1, samples: 0.5 });
   host.newWindow({ id: 'rgb', width: 1, height: 1, channels: 3, samples: [0.25, 0.5, 0.75] });
   host.newWindow({ id: 'target', width: 1, height: 1, samples: 0.5 });
   run(space, 'target', '$T*rgb');
   assert.deepEqual(values(host, 'target'), [0.125]);
   run(space, 'rgb', '$T*gray');
   assert.deepEqual([0, 1, 2].map(c => values(host, 'rgb', c)[0]), [0.125, 0.25, 0.375]);
   run(space, 'rgb', '$T[2]');
   assert.deepEqual([0, 1, 2].map(c => values(host, 'rgb', c)[0]), [0.375, 0.375, 0.375]);
});

test('trap 39: every channel may have an expression of its own', () => {
   const space = workspace();
   const { host } = space;
   host.newWindow({ id: 'rgb', width: 1, height: 1, channels: 3, samples: [0.25, 0.5, 0.75] });
   run(space, 'rgb', '$T*2', { useSingleExpression: false, expression2: '$T/3' });
   assert.deepEqual([0, 1, 2].map(c => values(host, 'rgb', c)[0]), [0.5, 0.5, 0.25]);
});

test('trap 40: division by almost nothing gives the largest double, then 1; never NaN', () => {
   const space = workspace();
   const { host } = space;
   host.newWindow({ id: 'A', width: 3, height: 1, samples: [0, 0.5, -0.5] });
   host.newWindow({ id: 'zero', width: 3, height: 1 });
   run(space, 'A', '$T/zero');
   assert.deepEqual(values(host, 'A'), [1, 1, 1]);
   run(space, 'A', '0.5/(zero+1e-15)', { truncate: false });
   assert.ok(Math.abs(values(host, 'A')[0] / 5e14 - 1) < 1e-6);
});

test('trap 41: errors in the expression and missing images give false and a console line, no exception', () => {
   const space = workspace();
   const { host } = space;
   host.newWindow({ id: 'A', width: 1, height: 1, samples: 0.5 });
   const wrong = ['$T/', '($T', '$T $T', '', '$T/missing', '$T#2', 'nofunction($T)', '$T[3]'];
   for (const expression of wrong) assert.equal(run(space, 'A', expression), false, expression);
   assert.equal(host.lines.filter(line => line.startsWith('criticalln')).length, wrong.length);
   assert.deepEqual([values(host, 'A'), host.history('A')], [[0.5], []]);
   host.imaging.quirks.pixelMathMissing = 'throw';
   assert.throws(() => run(space, 'A', '$T/missing'), /missing/);
});

test('what PixelMath knows and the emulator does not is neither false nor silent', () => {
   const space = workspace();
   space.host.newWindow({ id: 'A', width: 1, height: 1 });
   assert.throws(() => run(space, 'A', 'med($T)'), /med/);
   assert.throws(() => run(space, 'A', 'x = 2; $T*x'), /operator/);
   assert.throws(() => run(space, 'A', '$T', { symbols: 'a' }), /symbol/);
});

test('the language: precedence, functions, comparisons, constants', () => {
   const space = workspace();
   const { host } = space;
   host.newWindow({ id: 'A', width: 1, height: 1, samples: 0.5 });
   const expected = { '1+2*3': 7, '(1+2)*3': 9, '2^3^2': 512, '6/3/2': 1, '5-3-1': 1, '-$T+1': 0.5, '2*-$T': -1, '~$T': 0.5,
      'min(3,$T,2)': 0.5, 'max(3,$T,2)': 3, 'abs(-3)': 3, 'iif($T<0.6,4,5)': 4, 'iif($T>0.6,4,5)': 5, '($T>=0.5)+($T!=0.5)': 1,
      '1.5e1+.5': 15.5, '$T/(k*A)': 0.5, '$T > 0 && $T < 1': 1 };
   for (const [expression, value] of Object.entries(expected)) {
      assert.equal(run(space, 'A', expression, { truncate: false, symbols: 'k = 2' }), true, expression);
      assert.deepEqual(values(host, 'A'), [value], expression);
      host.undo('A');
   }
});

test('a quotient is the double quotient rounded once to single precision', () => {
   const space = workspace();
   const { host } = space;
   host.newWindow({ id: 'A', width: 4, height: 1, samples: [0.1, 0.2, 0.3, 0.7] });
   host.newWindow({ id: 'C', width: 4, height: 1, samples: [0.9, 1.03, 0.95, 0.999] });
   run(space, 'A', '$T/C');
   // numpy: (float64(float32(a)) / float64(float32(c))).astype(float32)
   assert.deepEqual(values(host, 'A'), [0.111111119389534, 0.19417476654052734, 0.31578949093818665, 0.7007007002830505]);
});

test('trap 42: on a preview only the preview changes, and references are read at its place', () => {
   const space = workspace();
   const { host } = space;
   const window = host.newWindow({ id: 'A', width: 4, height: 1, samples: 0.25 });
   host.newWindow({ id: 'C', width: 4, height: 1, samples: [0.1, 0.25, 0.5, 0.75] });
   window.createPreview(1, 0, 3, 1, 'P');
   run(space, 'A->P', '$T+C', { truncate: false });
   assert.deepEqual(values(host, 'A->P'), [0.5, 0.75]);
   assert.deepEqual(values(host, 'A'), [0.25, 0.25, 0.25, 0.25]);
   assert.deepEqual([host.history('A').length, host.history('A->P').length], [0, 1]);
});

test('createNewImage leaves the source without a step and copies no keywords', () => {
   const space = workspace();
   const { host, ImageWindow } = space;
   host.newWindow({ id: 'A', width: 2, height: 1, samples: 0.25, bitsPerSample: 16, keywords: [['PEDESTAL', '1', '']], astrometry: {} });
   assert.equal(run(space, 'A', '$T*2', { createNewImage: true, newImageId: 'A', newImageSampleFormat: 4, showNewImage: false }), true);
   const made = host.windowById('A1');
   assert.deepEqual(values(host, 'A1'), f32([32768 / 65535, 32768 / 65535]));
   assert.deepEqual([made.visible, made.keywords.length, made.hasAstrometricSolution, made.isFloatSample], [false, 0, false, true]);
   assert.deepEqual(host.history('A'), []);
   assert.equal(ImageWindow.activeWindow.mainView.id, 'A');
});

test('executeGlobal needs width, height, color space and format', () => {
   const { host, PixelMath } = workspace();
   const pixelMath = Object.assign(new PixelMath, { expression: '0.5', createNewImage: true, newImageId: 'N' });
   assert.equal(pixelMath.executeGlobal(), false);
   Object.assign(pixelMath, { newImageWidth: 2, newImageHeight: 1, newImageColorSpace: PixelMath.RGB, newImageSampleFormat: PixelMath.i8 });
   assert.equal(pixelMath.executeGlobal(), true);
   assert.deepEqual(values(host, 'N', 2), [128, 128]);
   pixelMath.expression = '$T';
   assert.equal(pixelMath.executeGlobal(), false);
});

test('executeOn wants a view', () => {
   const { host, PixelMath } = workspace();
   const window = host.newWindow({ id: 'A', width: 1, height: 1 });
   assert.throws(() => new PixelMath().executeOn(window), /View/);
   assert.throws(() => new PixelMath().executeOn(null), /View/);
});
