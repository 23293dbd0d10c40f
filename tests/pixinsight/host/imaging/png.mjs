// A PNG of 32-bit ARGB pixels.

import { crc32, deflateSync } from 'node:zlib';

const chunk = (type, data) => {
   const bytes = Buffer.alloc(data.length + 12);
   bytes.writeUInt32BE(data.length, 0);
   bytes.write(type, 4, 'latin1');
   data.copy(bytes, 8);
   bytes.writeUInt32BE(crc32(bytes.subarray(4, data.length + 8)), data.length + 8);
   return bytes;
};

/** PNG bytes of `{ width, height, data: Uint32Array of 0xAARRGGBB }`. */
export function png({ width, height, data }) {
   const header = Buffer.alloc(13);
   header.writeUInt32BE(width, 0);
   header.writeUInt32BE(height, 4);
   header.set([8, 6, 0, 0, 0], 8);
   const rows = Buffer.alloc(height * (1 + width * 4));
   for (let y = 0, at = 0; y < height; ++y) {
      rows[at++] = 0;
      for (let x = 0; x < width; ++x, at += 4) {
         const pixel = data[y * width + x];
         rows.writeUInt32BE(((pixel << 8) | (pixel >>> 24)) >>> 0, at);
      }
   }
   return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk('IHDR', header),
      chunk('IDAT', deflateSync(rows, { level: 3 })), chunk('IEND', Buffer.alloc(0))]);
}
