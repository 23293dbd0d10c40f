import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { workspace } from './imaging.mjs';

const LIST = new URL('../../../../shared/pixinsight/api.json', import.meta.url);

// Known of PixInsight 1.9.4 from elsewhere than the list.
const LATER = {
   Image: ['applyDisplayFunction'], FileFormat: ['isNull'], FileFormatInstance: ['isNull'],
   PixelMath: ['SameAsTarget', 'RGB', 'Gray', 'i8', 'i16', 'i32', 'f32', 'f64']
};
const UNLISTED = ['ImageIterator', 'ProcessContainer', 'Stat', 'FMath'];

const namesOf = (value) => Object.getOwnPropertyNames(value).filter(name =>
   !['constructor', 'length', 'name', 'prototype', 'expando'].includes(name));

const skip = !existsSync(LIST) && !process.env.CI && 'the list of members is not here';

test('the imaging classes have no member PixInsight does not have', { skip }, () => {
   const { classes } = JSON.parse(readFileSync(LIST, 'utf8'));
   const { host, ...globals } = workspace();
   const invented = [];
   for (const [name, Class] of Object.entries(globals)) {
      if (UNLISTED.includes(name)) continue;
      const known = new Set([...LATER[name] ?? [], 'toString']);
      for (let item = name; item; item = classes[item]?.extends)
         for (const part of ['methods', 'properties', 'static_methods', 'static_properties'])
            for (const member of Object.keys(classes[item]?.[part] ?? {}).concat(classes[item]?.[part] ?? [])) known.add(member);
      for (const member of [...namesOf(Class), ...namesOf(Class.prototype)])
         if (!known.has(member)) invented.push(`${name}.${member}`);
   }
   assert.deepEqual(invented, []);
   assert.ok(host.imaging);
});
