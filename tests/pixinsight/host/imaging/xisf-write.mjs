// A picture as a monolithic XISF file: one image, its keywords and its properties.

import { writeFileSync } from 'node:fs';

const MAGIC = 'XISF0100';
const ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escaped = (text) => String(text).replace(/[&<>"]/g, sign => ESCAPES[sign]);

const sampleFormat = ({ bits, float }) => `${float ? 'Float' : 'UInt'}${bits}`;

function property([id, { value }]) {
   if (typeof value === 'string') return `<Property id="${escaped(id)}" type="String">${escaped(value)}</Property>`;
   if (typeof value === 'number') return `<Property id="${escaped(id)}" type="Float64" value="${value}"/>`;
   throw new Error(`properties that are neither text nor number are not known to the host emulator: ${id}`);
}

const keyword = ({ name, value, comment }) =>
   `<FITSKeyword name="${escaped(name)}" value="${escaped(value)}" comment="${escaped(comment)}"/>`;

/** Writes planes in their own sample format, as PixInsight does. */
export function writeXisf(path, { width, height, planes, format }, { id, keywords, properties }) {
   const data = Buffer.concat(planes.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)));
   const header = (position) => '<?xml version="1.0" encoding="UTF-8"?>\n<xisf version="1.0" '
      + 'xmlns="http://www.pixinsight.com/xisf"><Image id="' + escaped(id) + `" geometry="${width}:${height}:${planes.length}" `
      + `sampleFormat="${sampleFormat(format)}" ${format.float ? 'bounds="0:1" ' : ''}`
      + `colorSpace="${planes.length < 3 ? 'Gray' : 'RGB'}" location="attachment:${position}:${data.length}">`
      + keywords.map(keyword).join('') + [...properties].map(property).join('') + '</Image></xisf>';
   const position = Math.ceil((16 + Buffer.byteLength(header(10 ** 9))) / 4096) * 4096;
   const text = Buffer.from(header(position));
   const start = Buffer.alloc(position);
   start.write(MAGIC, 'latin1');
   start.writeUInt32LE(text.length, 8);
   text.copy(start, 16);
   writeFileSync(path, Buffer.concat([start, data]));
}
