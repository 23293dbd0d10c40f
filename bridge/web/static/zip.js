// Several files in one: a ZIP archive, stored as they are.

const TABLE = Uint32Array.from({ length: 256 }, (_, number) => {
   let crc = number;
   for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xEDB88320 ^ (crc >>> 1) : crc >>> 1;
   return crc;
});

function checksum(bytes) {
   let crc = ~0;
   for (const byte of bytes) crc = TABLE[(crc ^ byte) & 255] ^ (crc >>> 8);
   return ~crc >>> 0;
}

// Fields are [bytes, value]; ZIP counts from the low end.
function record(...fields) {
   const made = new DataView(new ArrayBuffer(fields.reduce((sum, [size]) => sum + size, 0)));
   let at = 0;
   for (const [size, value] of fields) {
      if (size === 2) made.setUint16(at, value, true);
      else made.setUint32(at, value, true);
      at += size;
   }
   return made;
}

// Takes [name, Blob] pairs, names in ASCII; their sum must stay below 4 GB.
export async function zipped(entries) {
   const day = (1 << 5) | 1;   // 1980-01-01, the first that the format knows
   const parts = [], directory = [];
   let offset = 0, listed = 0;
   for (const [name, blob] of entries) {
      const label = new TextEncoder().encode(name);
      const crc = checksum(new Uint8Array(await blob.arrayBuffer()));
      const facts = [[2, 20], [2, 0], [2, 0], [2, 0], [2, day], [4, crc], [4, blob.size], [4, blob.size], [2, label.length], [2, 0]];
      parts.push(record([4, 0x04034B50], ...facts), label, blob);
      directory.push(record([4, 0x02014B50], [2, 20], ...facts, [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]), label);
      offset += 30 + label.length + blob.size;
      listed += 46 + label.length;
   }
   if (offset + listed >= 2 ** 32) throw new Error("These are more than 4 GB; download them one by one.");
   const end = record([4, 0x06054B50], [2, 0], [2, 0], [2, entries.length], [2, entries.length], [4, listed], [4, offset], [2, 0]);
   return new Blob([...parts, ...directory, end], { type: "application/zip" });
}
