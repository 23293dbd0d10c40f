// FITS header cards: 80 characters each, in blocks of 2880 bytes.

export const BLOCK = 2880;
export const padded = (bytes) => Math.ceil(bytes / BLOCK) * BLOCK;

const COMMENTARY = new Set(['COMMENT', 'HISTORY', '']);

/** One card as `{ name, value, comment }`; string values keep their quotes, commentary has its text in `comment`. */
export function parseCard(card) {
   const name = card.slice(0, 8).trim();
   if (COMMENTARY.has(name) || card.slice(8, 10) !== '= ')
      return { name, value: '', comment: card.slice(8).replace(/^= /, '').trimEnd() };
   const text = card.slice(10);
   const quoted = text.match(/^ *('(?:[^']|'')*')/);
   const value = quoted ? quoted[1] : text.split('/')[0].trim();
   const rest = quoted ? text.slice(quoted[0].length) : text.slice(text.split('/')[0].length);
   return { name, value, comment: rest.replace(/^ *\/ ?/, '').trim() };
}

/** The text of a quoted value, without quotes, doubled quotes and padding; other values as they are. */
export function stripped(value) {
   const text = value.trim();
   if (!text.startsWith('\'')) return text;
   return text.replace(/^'/, '').replace(/'$/, '').replaceAll('\'\'', '\'').trim();
}

/** Cards from an ASCII text of whole cards, up to END; null if END does not come. */
export function parseHeader(text) {
   const cards = [];
   for (let at = 0; at + 80 <= text.length; at += 80) {
      const card = text.slice(at, at + 80);
      if (card.slice(0, 8).trimEnd() === 'END') return { cards, length: padded(at + 80) };
      cards.push(parseCard(card));
   }
   return null;
}

export const quoted = (text) => `'${text.replaceAll('\'', '\'\'').slice(0, 68).padEnd(8)}'`;

/** A card with a value already in FITS form (quoted strings, T, F, numerals); comments too long are cut. */
export function formatCard(name, value, comment = '') {
   if (COMMENTARY.has(name)) return `${name.padEnd(8)}${comment}`.slice(0, 80).padEnd(80);
   const field = value.startsWith('\'') ? value.padEnd(20) : value.padStart(20);
   return `${name.padEnd(8)}= ${field}${comment ? ` / ${comment}` : ''}`.slice(0, 80).padEnd(80);
}

/** A whole header as bytes. */
export function headerBytes(cards) {
   const text = cards.join('') + 'END'.padEnd(80);
   return Buffer.from(text.padEnd(padded(text.length)), 'latin1');
}
