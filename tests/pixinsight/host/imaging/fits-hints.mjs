// The words a script may give to PixInsight's FITS reader and writer; unknown words are ignored.

export const READ_DEFAULTS = {
   lowerRange: 0, upperRange: 1, outOfRange: 'SetRange', fix: 'rescale',
   bottomUp: false, useRowOrder: true, signedPhysical: false, fixNonFinite: true
};

const READ_WORDS = {
   'rescale': { fix: 'rescale' }, 'rescale-out-of-range': { fix: 'rescale' },
   'truncate': { fix: 'truncate' }, 'truncate-out-of-range': { fix: 'truncate' },
   'ignore-out-of-range': { fix: 'ignore' },
   'signed-is-physical': { signedPhysical: true }, 'signed-is-logical': { signedPhysical: false },
   'fix-non-finite': { fixNonFinite: true }, 'ignore-non-finite': { fixNonFinite: false },
   'bottom-up': { bottomUp: true }, 'up-bottom': { bottomUp: false }, 'top-down': { bottomUp: false },
   'use-roworder-keywords': { useRowOrder: true }, 'ignore-roworder-keywords': { useRowOrder: false }
};

const WRITE_WORDS = {
   'unsigned': { unsigned: true }, 'signed': { unsigned: false },
   'bottom-up': { bottomUp: true }, 'up-bottom': { bottomUp: false },
   'cleanup-headers': { cleanup: true }, 'no-cleanup-headers': { cleanup: false }
};

const NUMBERS = { 'lower-range': 'lowerRange', 'upper-range': 'upperRange', 'verbosity': 'verbosity' };

const parse = (hints, words, settings) => {
   const list = String(hints ?? '').split(' ').filter(Boolean);
   for (let i = 0; i < list.length; ++i) {
      const number = NUMBERS[list[i]];
      if (number === undefined) Object.assign(settings, words[list[i]]);
      else if (++i < list.length && Number.isFinite(Number(list[i]))) settings[number] = Number(list[i]);
   }
   return settings;
};

/** Settings of one reading; `asks` is false as soon as there is any hint. */
export const readSettings = (hints, preferences) =>
   parse(hints, READ_WORDS, { verbosity: 1, ...READ_DEFAULTS, ...preferences, asks: !hints });

export const writeSettings = (hints, preferences) =>
   parse(hints, WRITE_WORDS, { verbosity: 1, unsigned: true, bottomUp: Boolean(preferences?.bottomUp), cleanup: false });
