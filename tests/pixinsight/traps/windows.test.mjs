import assert from 'node:assert/strict';
import { test } from 'node:test';
import { f32, scratch, workspace, writeFits } from './imaging.mjs';

const file = scratch();
const NO_SWAP_FILE = 0xffffffff;

test('trap 10: viewById gives null, windowById an object with isNull, window and mask null', () => {
   const { host, View, ImageWindow } = workspace();
   assert.equal(View.viewById('nothing'), null);
   const none = ImageWindow.windowById('nothing');
   assert.equal(none.isNull, true);
   assert.throws(() => none.mainView, /null/);
   assert.equal(ImageWindow.activeWindow.isNull, true);
   host.imaging.quirks.noActiveWindow = 'null';
   assert.equal(ImageWindow.activeWindow, null);
   const window = host.newWindow({ id: 'A', width: 2, height: 2 });
   assert.equal(window.mask, null);
   assert.equal(window.previewById('P'), null);
   const view = View.viewById('A');
   window.forceClose();
   assert.deepEqual([view.isNull, view.image, view.window], [true, null, null]);
});

test('trap 46: windows are locked while a modal dialog is shown, if the quirk says so', () => {
   const { host } = workspace();
   host.newWindow({ id: 'A', width: 1, height: 1 });
   host.desk = { blocker: () => ({}) };
   host.setSamples('A', () => 0.5);
   host.imaging.quirks.windowsWhileModal = 'locked';
   for (const work of [() => host.setSamples('A', () => 1), () => host.undo('A'), () => host.userClose('A'), () => host.activate('A')])
      assert.throws(work, /locked/);
   host.desk = { blocker: () => null };
   assert.equal(host.undo('A'), true);
});

test('trap 34: a taken id gets a number, an invalid one is rejected', () => {
   const { host, ImageWindow } = workspace();
   const ids = [0, 1, 2].map(() => new ImageWindow(2, 2, 1, 32, true, false, 'flat_dustmask').mainView.id);
   assert.deepEqual(ids, ['flat_dustmask', 'flat_dustmask1', 'flat_dustmask2']);
   for (const id of ['2nd', 'a b', 'a-b', 'ä']) assert.throws(() => new ImageWindow(2, 2, 1, 32, true, false, id), /invalid/);
   const { mainView } = host.windowById('flat_dustmask2');
   mainView.id = 'flat_dustmask';
   assert.match(mainView.id, /^flat_dustmask\d$/);
   assert.notEqual(new ImageWindow(2, 2).mainView.id, new ImageWindow(2, 2).mainView.id);
});

test('trap 34: an opened file takes its id from its name', () => {
   const { ImageWindow } = workspace();
   const path = writeFits(file('2026-01 flat.fits'), { axes: [1, 1], values: [0.5] });
   assert.deepEqual([ImageWindow.open(path)[0], ImageWindow.open(path)[0]].map(window => window.mainView.id),
      ['_2026_01_flat', '_2026_01_flat1']);
});

test('trap 35: new and opened windows are hidden, black, and not active until show()', () => {
   const { ImageWindow } = workspace();
   const window = new ImageWindow(2, 1);
   assert.deepEqual([window.visible, ImageWindow.activeWindow.isNull, ImageWindow.windows.length], [false, true, 1]);
   assert.deepEqual([...window.mainView.image.toFloat32Array()], [0, 0]);
   window.show();
   assert.deepEqual([window.visible, ImageWindow.activeWindow.mainView.id], [true, window.mainView.id]);
   const [opened] = ImageWindow.open(writeFits(file('shown.fits'), { axes: [1, 1], values: [0.5] }));
   assert.equal(opened.visible, false);
   assert.equal(ImageWindow.activeWindow.mainView.id, window.mainView.id);
});

test('trap 35: a file that cannot be opened gives no window, or throws by quirk', () => {
   const { host, ImageWindow } = workspace();
   assert.deepEqual(ImageWindow.open(file('missing.fits')), []);
   assert.equal(host.lines.length, 1);
   host.imaging.quirks.windowOpenFailure = 'throw';
   assert.throws(() => ImageWindow.open(file('missing.fits')));
});

test('trap 36: NoSwapFile leaves no undo, a bare beginProcess does; both are Script steps', () => {
   const { host } = workspace();
   const { mainView } = host.newWindow({ id: 'A', width: 1, height: 1 });
   const set = (value, ...flags) => {
      mainView.beginProcess(...flags);
      mainView.image.fill(value);
      mainView.endProcess();
   };
   set(0.25, NO_SWAP_FILE);
   assert.equal(mainView.canGoBackward, false);
   assert.equal(host.undo('A'), false);
   set(0.75);
   assert.deepEqual(host.history('A').map(step => [step.process, step.undoable]), [['Script', false], ['Script', true]]);
   assert.equal(host.undo('A'), true);
   assert.deepEqual([...host.samples('A').native], [0.25]);
   assert.equal(host.redo('A'), true);
   assert.deepEqual([...host.samples('A').native], [0.75]);
   set(0.5, NO_SWAP_FILE);
   assert.equal(host.undo('A'), false);
});

test('trap 42: the active window\'s current view can be a preview', () => {
   const { host, ImageWindow, View } = workspace();
   const window = host.newWindow({ id: 'A', width: 4, height: 2, samples: (x) => x / 4 });
   const preview = window.createPreview(1, 0, 3, 2, 'P');
   host.activate('A->P');
   const { currentView } = ImageWindow.activeWindow;
   assert.deepEqual([currentView.isPreview, currentView.isMainView, currentView.fullId], [true, false, 'A->P']);
   assert.deepEqual(f32([...currentView.image.toFloat32Array()]), [0.25, 0.5, 0.25, 0.5]);
   assert.equal(View.viewById('A->P').window.mainView.id, 'A');
   window.deletePreview(preview);
   assert.equal(ImageWindow.activeWindow.currentView.isMainView, true);
   assert.equal(currentView.isNull, true);
});

test('trap 43: View.stf and ScreenTransferFunction.STF have different orders', () => {
   const { host, ScreenTransferFunction } = workspace();
   const { mainView } = host.newWindow({ id: 'A', width: 1, height: 1 });
   assert.deepEqual(mainView.stf[0], [0.5, 0, 1, 0, 1]);
   const stf = new ScreenTransferFunction;
   assert.deepEqual(stf.STF[0], [0, 1, 0.5, 0, 1]);
   stf.STF = [0, 1, 2, 3].map(() => [0.1, 0.9, 0.2, 0, 1]);
   assert.equal(stf.executeOn(mainView), true);
   assert.deepEqual(mainView.stf[0], [0.2, 0.1, 0.9, 0, 1]);
   mainView.stf[0][0] = 0.9; // a copy
   assert.equal(mainView.stf[0][0], 0.2);
   assert.deepEqual(host.history('A'), []);
});

test('trap 44: keywords change only when assigned as a whole', () => {
   const { host, FITSKeyword } = workspace();
   const window = host.newWindow({ id: 'A', width: 1, height: 1, keywords: [['PEDESTAL', '100', '']] });
   window.keywords.push(new FITSKeyword('JOB', '\'1\'', ''));
   window.keywords[0].value = '5';
   assert.deepEqual(window.keywords.map(keyword => keyword.toArray()), [['PEDESTAL', '100', '']]);
   window.keywords = [...window.keywords, new FITSKeyword('JOB', '\'1\'', '')];
   assert.deepEqual(window.keywords.map(keyword => keyword.strippedValue), ['100', '1']);
   assert.throws(() => { window.keywords = [{ name: 'A', value: '1', comment: '' }]; }, /FITSKeyword/);
});

test('trap 44: Undo takes keywords back only where the process was told to keep them', () => {
   const { host, FITSKeyword } = workspace();
   const window = host.newWindow({ id: 'A', width: 1, height: 1 });
   const mark = (name, flags) => {
      window.mainView.beginProcess(flags);
      window.keywords = [new FITSKeyword(name, 'T', '')];
      window.mainView.endProcess();
   };
   mark('KEPT', 0);
   host.undo('A');
   assert.equal(window.keywords[0].name, 'KEPT');
   mark('GONE', 8);
   host.undo('A');
   assert.equal(window.keywords[0].name, 'KEPT');
   host.redo('A');
   assert.equal(window.keywords[0].name, 'GONE');
});

test('trap 45: a beginProcess without its end locks the view', () => {
   const { host, PixelMath } = workspace();
   const { mainView } = host.newWindow({ id: 'A', width: 1, height: 1 });
   mainView.beginProcess();
   assert.equal(host.isLocked('A'), true);
   assert.throws(() => mainView.beginProcess(), /locked/);
   const pixelMath = new PixelMath;
   pixelMath.expression = '$T';
   assert.throws(() => pixelMath.executeOn(mainView), /locked/);
   mainView.endProcess();
   assert.throws(() => mainView.endProcess(), /beginProcess/);
   assert.equal(pixelMath.executeOn(mainView), true);
});

test('trap 37: masks must fit; a gray image takes no color mask; a closed mask is gone', () => {
   const { host } = workspace();
   const make = (id, width, channels = 1) => host.newWindow({ id, width, height: 2, channels });
   const [gray, color, mask, small] = [make('gray', 2), make('color', 2, 3), make('mask', 2), make('small', 1)];
   assert.throws(() => gray.setMask(small), /size/);
   assert.throws(() => gray.setMask(color), /gray/);
   assert.throws(() => gray.setMask(gray), /own/);
   assert.deepEqual([gray.isMaskCompatible(mask), gray.isMaskCompatible(small), color.isMaskCompatible(mask)], [true, false, true]);
   gray.setMask(mask, true);
   assert.deepEqual([gray.mask.mainView.id, gray.maskEnabled, gray.maskInverted, mask.isMaskOf(gray), mask.hasMaskReferences],
      ['mask', true, true, true, true]);
   mask.forceClose();
   assert.equal(gray.mask, null);
});

test('trap 46: a window may be closed by the user at any time', () => {
   const { host, ImageWindow } = workspace();
   const window = host.newWindow({ id: 'A', width: 1, height: 1 });
   const { mainView } = window;
   host.userClose('A');
   assert.deepEqual([mainView.isNull, window.isNull, window.isClosed, ImageWindow.windows.length], [true, true, true, 0]);
   assert.throws(() => window.mainView, /closed/);
   assert.throws(() => mainView.beginProcess(), /exist/);
});

test('close() asks about changes, forceClose() never', () => {
   const { host } = workspace({ answers: ['Cancel', 'No'] });
   const window = host.newWindow({ id: 'A', width: 1, height: 1 });
   host.setSamples('A', () => 1);
   assert.equal(window.close(), false);
   assert.equal(window.isClosed, false);
   assert.equal(window.close(), true);
   assert.equal(host.boxes.length, 2);
   host.newWindow({ id: 'B', width: 1, height: 1 });
   host.setSamples('B', () => 1);
   host.windowById('B').forceClose();
   assert.equal(host.boxes.length, 2);
});

test('two script objects for one window are not the same object', () => {
   const { host, ImageWindow } = workspace();
   host.newWindow({ id: 'A', width: 1, height: 1 });
   assert.notEqual(ImageWindow.windowById('A'), ImageWindow.windowById('A'));
   host.imaging.quirks.freshWrappers = false;
   assert.equal(ImageWindow.windowById('A'), ImageWindow.windowById('A'));
});

test('an astrometric solution is copied only where there is one', () => {
   const { host } = workspace();
   const plain = host.newWindow({ id: 'A', width: 1, height: 1 });
   const solved = host.newWindow({ id: 'B', width: 1, height: 1, astrometry: { ra: 1 } });
   assert.throws(() => solved.copyAstrometricSolution(plain), /no solution/);
   plain.copyAstrometricSolution(solved);
   assert.equal(plain.hasAstrometricSolution, true);
});

test('properties of a view: measures by channel, and values that stay', () => {
   const { host } = workspace();
   const { mainView } = host.newWindow({ id: 'A', width: 3, height: 1, channels: 3, samples: [0, 0.25, 1, 0.5, 0.5, 0.5, 0, 0, 0.75] });
   assert.deepEqual(mainView.computeOrFetchProperty('Median').toArray(), [0.25, 0.5, 0]);
   assert.equal(mainView.computeOrFetchProperty('MAD').at(0), 0.25);
   mainView.setPropertyValue('FlatBridge:job', 'abc');
   host.setSamples('A', () => 1);
   assert.equal(mainView.computeOrFetchProperty('Median').at(0), 1);
   assert.equal(mainView.propertyValue('FlatBridge:job'), 'abc');
   assert.throws(() => mainView.setPropertyValue('no id', 1), /identifier/);
});
