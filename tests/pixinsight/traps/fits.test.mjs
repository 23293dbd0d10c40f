import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { exportImage, f32, importImage, scratch, workspace, writeFits } from './imaging.mjs';

const file = scratch();
const EXACT = 'ignore-out-of-range up-bottom ignore-roworder-keywords verbosity 0';
const FACTORS = f32([0.98, 1, 1.07, 1.02]);
// numpy: (float64(v - v.min()) / float64(v.max() - v.min())).astype(float32) of the float32 values
const RESCALED = [0, 0.22222192585468292, 1, 0.44444385170936584];

const pixels = (space, window, channel = 0) => Array.from(space.host.samples(window, channel).native);

test('trap 25: a float FITS above 1 opened without hints is min-max rescaled', () => {
   const space = workspace();
   const [window] = space.ImageWindow.open(writeFits(file('factor.fits'), { axes: [4, 1], values: FACTORS }));
   assert.deepEqual(pixels(space, window), RESCALED);
});

test('trap 25: the same through FileFormatInstance.readImage, over all channels together', () => {
   const space = workspace();
   const path = writeFits(file('rgb.fits'), { axes: [1, 1, 3], values: [0, 1, 2] });
   const { image } = importImage(space, path);
   assert.deepEqual([0, 1, 2].map(c => image.sample(0, 0, c)), [0, 0.5, 1]);
});

test('trap 25: with the right hints the factors arrive as written', () => {
   const space = workspace();
   const path = writeFits(file('factor2.fits'), { axes: [4, 1], values: FACTORS });
   assert.deepEqual(Array.from(importImage(space, path, EXACT).image.toFloat32Array()), FACTORS);
   assert.deepEqual(pixels(space, space.ImageWindow.open(path, 'C', EXACT)[0]), FACTORS);
});

test('trap 25: values within [0,1] need no hint', () => {
   const space = workspace();
   const values = f32([0.1, 0.25, 0.5, 0.9]);
   const { image } = importImage(space, writeFits(file('inside.fits'), { axes: [2, 2], values }));
   assert.deepEqual(Array.from(image.toFloat32Array()), values);
});

test('trap 25: truncate clamps instead', () => {
   const space = workspace();
   const path = writeFits(file('clamp.fits'), { axes: [3, 1], values: [-1, 0.5, 3] });
   assert.deepEqual(Array.from(importImage(space, path, 'truncate').image.toFloat32Array()), [0, 0.5, 1]);
});

test('trap 25: the Ask policy opens a dialog; Cancel leaves nothing; any hint keeps it shut', () => {
   const path = writeFits(file('ask.fits'), { axes: [2, 1], values: [0, 2] });
   const cancelled = workspace({ fits: { outOfRange: 'AskIfOut' }, answers: ['Cancel'] });
   assert.deepEqual(cancelled.ImageWindow.open(path), []);
   assert.equal(cancelled.host.boxes.length, 1);
   const ignored = workspace({ fits: { outOfRange: 'AskIfOut' }, answers: ['Ignore'] });
   assert.deepEqual(pixels(ignored, ignored.ImageWindow.open(path)[0]), [0, 2]);
   const hinted = workspace({ fits: { outOfRange: 'AskAlways' } });
   assert.deepEqual(pixels(hinted, hinted.ImageWindow.open(path, '', 'verbosity 0')[0]), [0, 1]);
   assert.equal(hinted.host.boxes.length, 0);
});

test('trap 26: upper-range normalises too, so everything is halved', () => {
   const space = workspace();
   const path = writeFits(file('upper.fits'), { axes: [3, 1], values: [0.5, 1, 1.5] });
   assert.deepEqual(Array.from(importImage(space, path, 'upper-range 2').image.toFloat32Array()), [0.25, 0.5, 0.75]);
});

test('trap 27: NaN, infinities and negative zero become 0, unless told otherwise', () => {
   const space = workspace();
   const path = writeFits(file('nan.fits'), { axes: [5, 1], values: [NaN, Infinity, -Infinity, -0, 0.5] });
   const fixed = importImage(space, path).image.toFloat32Array();
   assert.ok(fixed.every((value, i) => Object.is(value, i < 4 ? 0 : 0.5)));
   const kept = importImage(space, path, 'ignore-non-finite ignore-out-of-range').image.toFloat32Array();
   assert.ok(Number.isNaN(kept[0]) && kept[1] === Infinity && Object.is(kept[3], -0));
});

test('trap 28: ROWORDER and the preference flip rows; pinned hints do not', () => {
   const plain = { axes: [1, 2], values: [0.25, 0.75] };
   const marked = (text) => ({ ...plain, cards: [`ROWORDER= '${text}'`] });
   const rows = (name, what, fits, hints) =>
      Array.from(importImage(workspace({ fits }), writeFits(file(name), what), hints).image.toFloat32Array());
   assert.deepEqual(rows('r1.fits', plain, {}), [0.25, 0.75]);
   assert.deepEqual(rows('r2.fits', plain, { bottomUp: true }), [0.75, 0.25]);
   assert.deepEqual(rows('r3.fits', marked('BOTTOM-UP'), {}), [0.75, 0.25]);
   assert.deepEqual(rows('r4.fits', marked('TOP-DOWN'), { bottomUp: true }), [0.25, 0.75]);
   assert.deepEqual(rows('r5.fits', marked('BOTTOM-UP'), {}, 'up-bottom'), [0.75, 0.25]);
   assert.deepEqual(rows('r6.fits', marked('BOTTOM-UP'), { bottomUp: true }, EXACT), [0.25, 0.75]);
});

test('trap 28: what is written bottom-up says so and has its last row first', () => {
   const space = workspace({ fits: { bottomUp: true } });
   const window = space.host.newWindow({ width: 1, height: 2, samples: [0.25, 0.75] });
   exportImage(space, window.mainView.image, file('up.fits'), { hints: '' });
   const written = space.host.loadFits(file('up.fits'));
   assert.deepEqual([...written.samples()], [0.75, 0.25]);
   assert.equal(written.card('ROWORDER'), 'BOTTOM-UP');
});

test('trap 29: the same picture exports in 65535 units or in 1 units', () => {
   const space = workspace();
   const { image } = space.host.newWindow({ width: 3, height: 1, bitsPerSample: 16, samples: [0, 1000, 65535], native: true }).mainView;
   exportImage(space, image, file('u16.fits'), { bits: 16, float: false });
   exportImage(space, image, file('f32.fits'), { bits: 32, float: true });
   assert.deepEqual([...space.host.loadFits(file('u16.fits')).samples()], [0, 1000, 65535]);
   assert.deepEqual([...space.host.loadFits(file('f32.fits')).samples()], f32([0, 0.015259021896696422, 1]));
   assert.equal(importImage(space, file('u16.fits')).image.isReal, false);
});

test('trap 29: signed 16 bits are logical by default: the least value is black', () => {
   const space = workspace();
   const path = writeFits(file('signed.fits'), { bitpix: 16, axes: [3, 1], values: [-32768, 0, 32767] });
   assert.deepEqual([...importImage(space, path).image.toUint16Array()], [0, 32768, 65535]);
   assert.deepEqual([...importImage(space, path, 'signed-is-physical').image.toUint16Array()], [0, 0, 32767]);
});

test('trap 31: open gives null for what cannot be read and [] for a file without pictures', () => {
   const space = workspace();
   writeFileSync(file('text.fits'), 'not a picture');
   assert.equal(importImage(space, file('missing.fits')).opened, null);
   assert.equal(importImage(space, file('text.fits')).opened, null);
   assert.deepEqual(importImage(space, writeFits(file('empty.fits'), { axes: [], values: [] })).opened, []);
});

test('trap 31: create, setOptions and writeImage report failure by false', () => {
   const space = workspace();
   const { FileFormat, FileFormatInstance, ImageDescription, Image } = space;
   const out = new FileFormatInstance(new FileFormat('.fits', false, true));
   assert.equal(out.setOptions(new ImageDescription), false);
   assert.equal(out.create(file('no/such/folder.fits')), false);
   assert.equal(out.writeImage(new Image(1, 1)), false);
   mkdirSync(file('folder.fits'));
   assert.deepEqual(exportImage(space, new Image(1, 1), file('folder.fits')), [false, false, false, true]);
   const bright = new Image(1, 1);
   bright.fill(1.5);
   assert.deepEqual(exportImage(space, bright, file('bright.fits'), { bits: 16, float: false }), [true, true, false, true]);
   assert.equal(statSync(file('bright.fits')).size, 0); // and what create() made stays behind
});

test('trap 32: saveAs asks, overwrites only when allowed, and rebinds the window', () => {
   const space = workspace({ answers: ['No', 'Yes', 'Cancel'] });
   const window = space.host.newWindow({ id: 'A', width: 1, height: 1, filePath: '/original.fits' });
   assert.equal(window.saveAs(file('saved.fits'), false, false, false, false), true);
   assert.equal(space.host.boxes.length, 0);
   assert.equal(window.filePath, file('saved.fits'));
   assert.equal(window.saveAs(file('saved.fits')), false);
   assert.equal(window.saveAs(file('saved.fits')), false);
   assert.deepEqual(space.host.boxes.map(box => box.caption), ['Save Image', 'Save Image', 'FITS Options']);
});

test('trap 33: a lingering selection limits what is written', () => {
   const space = workspace();
   const { image } = space.host.newWindow({ width: 3, height: 2, samples: [0, 0.125, 0.25, 0.375, 0.5, 0.625] }).mainView;
   image.selectedRect = new space.Rect(1, 0, 3, 1);
   exportImage(space, image, file('part.fits'));
   const part = space.host.loadFits(file('part.fits'));
   assert.deepEqual([part.width, part.height, ...part.samples()], [2, 1, 0.125, 0.25]);
   image.resetSelections();
   exportImage(space, image, file('whole.fits'));
   assert.equal(space.host.loadFits(file('whole.fits')).width, 3);
});

test('FITS layout: two planes are gray with alpha, three are RGB, four RGB with alpha', () => {
   const space = workspace();
   const shape = (planes) => {
      const { image } = importImage(space, writeFits(file(`p${planes}.fits`), { axes: [1, 1, planes], values: Array(planes).fill(0.5) }));
      return [image.isColor, image.numberOfNominalChannels, image.numberOfChannels];
   };
   assert.deepEqual([shape(2), shape(3), shape(4)], [[false, 1, 2], [true, 3, 3], [true, 3, 4]]);
});

test('FITS keywords: structural ones are dropped, ids become HDUNAME, strings keep their quotes', () => {
   const space = workspace();
   const { FITSKeyword } = space;
   const keywords = [new FITSKeyword('ROWORDER', '\'BOTTOM-UP\'', ''), new FITSKeyword('BZERO', '7', ''), new FITSKeyword('PROGRAM', '\'me\'', ''),
      new FITSKeyword('NAXIS3', '9', ''), new FITSKeyword('FILTER', '\'O\'\'III\'', 'band'), new FITSKeyword('FBSCALE', '2', ''),
      new FITSKeyword('HISTORY', '', 'made by hand')];
   exportImage(space, new space.Image(1, 1), file('cards.fits'), { keywords, id: 'Flat' });
   const written = space.host.loadFits(file('cards.fits'));
   assert.deepEqual(['ROWORDER', 'HDUNAME', 'FILTER', 'FBSCALE', 'BZERO', 'NAXIS3'].map(written.card),
      ['TOP-DOWN', 'Flat', 'O\'III', '2.', undefined, undefined]);
   assert.notEqual(written.card('PROGRAM'), 'me');
   const read = importImage(space, file('cards.fits')).keywords;
   const filter = read.find(keyword => keyword.name === 'FILTER');
   assert.deepEqual([filter.value, filter.strippedValue, filter.comment, filter.isString], ['\'O\'\'III  \'', 'O\'III', 'band', true]);
   assert.deepEqual(read.find(keyword => keyword.name === 'HISTORY').comment, 'made by hand');
   assert.equal(readFileSync(file('cards.fits')).length % 2880, 0);
});

test('formats the emulator lacks throw, naming themselves', () => {
   const { FileFormat, ImageWindow } = workspace();
   assert.throws(() => new FileFormat('.xisf', true, false), /XISF/);
   assert.throws(() => ImageWindow.open('/x.tif'), /TIFF/);
});
