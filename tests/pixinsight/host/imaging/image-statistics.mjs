// Members of Image that measure its selected part, in [0,1].

import { CONTENT } from './content.mjs';
import { averageDeviation, madOf, medianOf, moments, select } from './statistics.mjs';

// Values of the range meant, as a copy that may be rearranged.
const gather = (image, rect, first, last) => {
   const content = image[CONTENT];
   const { raster } = content;
   if (raster.channels === 0) throw new Error('Image: no pixel data');
   const range = content.range(rect, first, last);
   const parts = [];
   for (let channel = range.first; channel <= range.last; ++channel) parts.push(raster.part(range.rect, channel));
   const length = parts.reduce((sum, part) => sum + part.length, 0);
   const values = raster.format.float ? new raster.format.Array(length) : new Float64Array(length);
   let at = 0;
   for (const part of parts) {
      values.set(part, at);
      at += part.length;
   }
   if (raster.format.max !== 1) for (let i = 0; i < length; ++i) values[i] /= raster.format.max;
   return Object.assign(values, { range, perChannel: parts[0]?.length ?? 0 });
};

const place = (values, index, Point) => {
   const { rect } = values.range;
   const width = rect.x1 - rect.x0;
   const inPlane = index % values.perChannel;
   return new Point(rect.x0 + inPlane % width, rect.y0 + Math.floor(inPlane / width));
};

const aroundCenter = (measure) => function(center, rect, first, last) {
   const values = gather(this, rect, first, last);
   return measure(values, center ?? medianOf(values.slice()));
};

const moment = (name) => function(rect, first, last) { return moments(gather(this, rect, first, last))[name]; };

export const statisticsMembers = (classes) => ({
   minimum: moment('minimum'),
   maximum: moment('maximum'),
   mean: moment('mean'),
   variance: moment('variance'),
   sumOfSquares: moment('squares'),
   norm: moment('sum'),
   count: moment('n'),
   MAD: aroundCenter(madOf),
   avgDev: aroundCenter(averageDeviation),
   stdDev(...range) { return Math.sqrt(this.variance(...range)); },
   meanOfSquares(...range) { return this.sumOfSquares(...range) / this.count(...range); },
   median(rect, first, last) { return medianOf(gather(this, rect, first, last)); },
   orderStatistic(k, rect, first, last) {
      const values = gather(this, rect, first, last);
      return select(values, Math.round(k * (values.length - 1)));
   },
   minimumPosition(rect, first, last) {
      const values = gather(this, rect, first, last);
      return place(values, moments(values).minimumAt, classes.Point);
   },
   maximumPosition(rect, first, last) {
      const values = gather(this, rect, first, last);
      return place(values, moments(values).maximumAt, classes.Point);
   }
});
