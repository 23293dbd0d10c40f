// Reads a FITS file as a script would and writes it again: `node fits-exchange.mjs in.fits out.fits bits float|int order`.
// The samples as the script sees them go to standard output, raw, row by row, channel by channel.

import { exportImage, importImage, workspace } from './imaging.mjs';

const [source, target, bits, kind, order] = process.argv.slice(2);
const space = workspace();
const { image, read } = importImage(space, source, 'ignore-out-of-range verbosity 0');
if (!read) throw new Error(`cannot read ${source}`);
const results = exportImage(space, image, target, { bits: Number(bits), float: kind === 'float', hints: order });
if (results.includes(false)) throw new Error(`cannot write ${target}: ${results}`);
for (let channel = 0; channel < image.numberOfChannels; ++channel) {
   const { native } = space.host.samples(image, channel);
   process.stdout.write(Buffer.from(native.buffer, native.byteOffset, native.byteLength));
}
