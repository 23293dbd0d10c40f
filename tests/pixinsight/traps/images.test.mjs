import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inflateSync } from 'node:zlib';
import { f32, workspace } from './imaging.mjs';

const RAMP = (x, y) => (x + 4 * y) / 16;

test('trap 11: unfreed Images pile up; free() is what lets them go', () => {
   const { host, Image } = workspace();
   const first = new Image(4, 4);
   const copy = new Image(first);
   new Image; // holds nothing
   assert.equal(host.openCount(), 2);
   first.free();
   copy.free();
   assert.equal(host.openCount(), 0);
   assert.equal(first.width, 0);
});

test('trap 11: the image of a view is not the script\'s to free', () => {
   const { host } = workspace();
   const window = host.newWindow({ width: 2, height: 2 });
   assert.throws(() => window.mainView.image.free(), /view/);
   assert.equal(host.openCount(), 0);
});

test('trap 29: sample() is in [0,1] for every format, ImageIterator in native units', () => {
   const { host, ImageIterator } = workspace();
   for (const [bits, native] of [[8, 51], [16, 13107], [32, 858993459]]) {
      const { image } = host.newWindow({ width: 2, height: 2, bitsPerSample: bits, float: false, samples: 0.2 }).mainView;
      assert.ok(Math.abs(image.sample(1, 1) - 0.2) < 1e-12);
      const iterator = new ImageIterator(image, 0);
      assert.equal(iterator[1][0], native);
      assert.ok(Math.abs(iterator.toReal(native) - 0.2) < 1e-12);
      assert.equal(iterator.toSample(0.2), native);
   }
});

test('trap 29: samples are quantised as the format keeps them', () => {
   const { Image } = workspace();
   const byte = new Image(1, 1, 1, 0, 8, 0);
   byte.setSample(0.5, 0, 0);
   assert.equal(byte.sample(0, 0), 128 / 255);
   byte.setSample(1.7, 0, 0);
   assert.equal(byte.sample(0, 0), 1);
   const single = new Image(1, 1);
   single.setSample(0.1, 0, 0);
   assert.equal(single.sample(0, 0), 0.10000000149011612);
});

test('trap 29: a Float32Array carries [0,1] for any format; integer arrays are scaled, or raw by quirk', () => {
   const { host } = workspace();
   const { image } = host.newWindow({ width: 2, height: 1, bitsPerSample: 16, samples: [0, 32768], native: true }).mainView;
   const floats = new Float32Array(2), bytes = new Uint8Array(2);
   image.getSamples(floats);
   image.getSamples(bytes);
   assert.deepEqual([[...floats], [...bytes]], [f32([0, 32768 / 65535]), [0, 128]]);
   host.imaging.quirks.integerArrays = 'native';
   const words = new Uint16Array(2);
   image.getSamples(words);
   assert.equal(words[1], 32768);
});

test('trap 33: selections restrict reads, writes, statistics and renders until they are reset', () => {
   const { Image, Rect } = workspace();
   const image = new Image(4, 4);
   for (let y = 0; y < 4; ++y) for (let x = 0; x < 4; ++x) image.setSample(RAMP(x, y), x, y);
   image.pushSelections();
   image.selectedRect = new Rect(1, 1, 3, 2);
   assert.deepEqual([...image.toFloat32Array()], [0.3125, 0.375]);
   assert.equal(image.maximum(), 0.375);
   assert.equal(image.mean(), 0.34375);
   assert.deepEqual([image.render().width, image.render().height], [2, 1]);
   image.setSamples(Float32Array.of(1, 1));
   assert.deepEqual([image.sample(1, 1), image.sample(2, 1), image.sample(0, 0), image.sample(1, 2)], [1, 1, 0, 0.5625]);
   assert.deepEqual([new Image(image).width, new Image(image).height], [2, 1]);
   image.popSelections();
   assert.equal(image.toFloat32Array().length, 16);
   assert.throws(() => image.popSelections(), /nothing/);
});

test('trap 33: a selected channel is the one read', () => {
   const { host } = workspace();
   const { image } = host.newWindow({ width: 1, height: 1, channels: 3, samples: [0.25, 0.5, 0.75] }).mainView;
   assert.equal(image.selectedChannel, -1);
   image.selectedChannel = 2;
   assert.deepEqual([...image.toFloat32Array()], [0.75]);
   assert.equal(image.median(), 0.75);
   assert.equal(host.view(host.windows()[0]).image.selectedChannel, 2); // it lingers on the view
   assert.throws(() => { image.selectedChannel = 3; }, /channel/);
});

test('arrays that do not fit are refused', () => {
   const { Image } = workspace();
   const image = new Image(3, 3);
   assert.throws(() => image.getSamples(new Float32Array(8)), /9 samples/);
   assert.throws(() => image.setSamples(new Float32Array(8)), /9 samples/);
   assert.throws(() => image.setSamples(new Int16Array(9)), /typed array/);
   assert.throws(() => image.sample(3, 0), /outside/);
   assert.throws(() => new Image(2, 2, 3, 1, 24, 0), /24-bit/);
});

test('statistics are those of the numbers', () => {
   const { Image } = workspace();
   const image = new Image(Float64Array.of(0.1, 0.4, 0.2, 0.9, 0.3, 0.7), 3, 2);
   const close = (actual, expected) => assert.ok(Math.abs(actual - expected) < 1e-12, `${actual} is not ${expected}`);
   close(image.mean(), 2.6 / 6);
   close(image.median(), 0.35);
   close(image.MAD(), 0.2); // deviations 0.25 0.05 0.15 0.55 0.05 0.35
   close(image.stdDev(), 0.30767948691238207);
   close(image.minimum(), 0.1);
   assert.deepEqual(image.maximumPosition().toArray(), [0, 1]);
});

test('three channels without a color space are gray with alpha', () => {
   const { Image } = workspace();
   assert.equal(new Image(1, 1, 3).isColor, false);
   assert.equal(new Image(1, 1, 3, 1).isColor, true);
});

test('alpha channels come and go', () => {
   const { Image } = workspace();
   const image = new Image(1, 1, 3, 1);
   image.createAlphaChannels(1);
   assert.deepEqual([image.numberOfChannels, image.numberOfNominalChannels, image.hasAlphaChannels], [4, 3, true]);
   image.deleteAlphaChannels();
   assert.deepEqual([image.numberOfChannels, image.hasAlphaChannels], [3, false]);
});

test('trap 36: the image of a view is read-only outside a process', () => {
   const { host, ImageIterator } = workspace();
   const { mainView } = host.newWindow({ id: 'A', width: 2, height: 2, samples: 0.5 });
   assert.throws(() => mainView.image.fill(0), /read-only/);
   new ImageIterator(mainView.image)[0][0] = 0;
   assert.equal(mainView.image.sample(0, 0), 0.5);
   mainView.beginProcess();
   new ImageIterator(mainView.image)[0][0] = 0.25;
   mainView.endProcess();
   assert.equal(mainView.image.sample(0, 0), 0.25);
});

test('render clips, ignores the STF, and a display function stretches', () => {
   const { host, Image } = workspace();
   const { mainView } = host.newWindow({ width: 3, height: 1, samples: [-0.5, 0.2, 1.5] });
   const row = [0.2, 0, 1, 0, 1];
   mainView.stf = [row, row, row, row];
   const plain = mainView.image.render();
   assert.deepEqual([0, 1, 2].map(x => plain.pixel(x, 0)), [0xff000000, 0xff333333, 0xffffffff]);
   const copy = new Image(mainView.image);
   copy.applyDisplayFunction(mainView.stf);
   assert.equal(copy.render().pixel(1, 0), 0xff808080); // the midtone goes to one half
   copy.free();
});

test('a bitmap is painted on and becomes a PNG', () => {
   const { host, Bitmap, Graphics, Pen, Brush } = workspace();
   const bitmap = new Bitmap(20, 10);
   bitmap.fill(0xff000000);
   const graphics = new Graphics(bitmap);
   graphics.fillRect(2, 2, 5, 4, new Brush(0xff00ff00));
   graphics.pen = new Pen(0xffff0000);
   graphics.drawCircle(12, 5, 3);
   graphics.drawText(1, 9, 'label');
   graphics.end();
   assert.deepEqual([bitmap.pixel(2, 2), bitmap.pixel(4, 3), bitmap.pixel(5, 3)], [0xff00ff00, 0xff00ff00, 0xff000000]);
   assert.deepEqual([bitmap.pixel(15, 5), bitmap.pixel(12, 2), bitmap.pixel(12, 5)], [0xffff0000, 0xffff0000, 0xff000000]);
   assert.deepEqual(host.texts(bitmap).map(item => item.text), ['label']);
   const bytes = host.png(bitmap);
   assert.deepEqual([bytes.toString('latin1', 1, 4), bytes.readUInt32BE(16), bytes.readUInt32BE(20)], ['PNG', 20, 10]);
   const rows = inflateSync(bytes.subarray(41, 41 + bytes.readUInt32BE(33)));
   assert.deepEqual([...rows.subarray(2 * 81 + 1 + 2 * 4, 2 * 81 + 1 + 3 * 4)], [0, 255, 0, 255]);
});

test('members nobody knows throw, naming class and member', () => {
   const { Image, ImageWindow, host } = workspace();
   const image = new Image(1, 1);
   assert.throws(() => ImageWindow.windowById('x').maskk, /ImageWindow.*maskk|maskk.*ImageWindow/);
   assert.equal(host.openCount(), 1);
   image.free();
});
