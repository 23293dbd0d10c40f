// Plane figures: where they are, what is inside, how far their outline is.

const toSegment = (x, y, [ax, ay], [bx, by]) => {
   const [dx, dy] = [bx - ax, by - ay];
   const length = dx * dx + dy * dy;
   const t = length === 0 ? 0 : Math.min(Math.max(((x - ax) * dx + (y - ay) * dy) / length, 0), 1);
   return Math.hypot(x - ax - t * dx, y - ay - t * dy);
};

const boundsOf = (points) => ({
   x0: Math.min(...points.map(p => p[0])), y0: Math.min(...points.map(p => p[1])),
   x1: Math.max(...points.map(p => p[0])), y1: Math.max(...points.map(p => p[1]))
});

/** An open line through points `[x, y]`. */
export const polyline = (points) => ({
   bounds: boundsOf(points),
   inside: () => false,
   distance: (x, y) => points.slice(1).reduce((least, end, i) => Math.min(least, toSegment(x, y, points[i], end)),
      points.length === 1 ? Math.hypot(x - points[0][0], y - points[0][1]) : Infinity)
});

/** A closed figure of straight sides, odd-even rule. */
export const polygon = (points) => ({
   ...polyline([...points, points[0]]),
   inside: (x, y) => points.reduce((isIn, [ax, ay], i) => {
      const [bx, by] = points[(i + 1) % points.length];
      return ay > y !== by > y && x < (bx - ax) * (y - ay) / (by - ay) + ax ? !isIn : isIn;
   }, false)
});

export const rectangle = ({ x0, y0, x1, y1 }) => ({
   ...polygon([[x0, y0], [x1, y0], [x1, y1], [x0, y1]]),
   inside: (x, y) => x0 > x !== x1 > x && y0 > y !== y1 > y      // the same rule, without a list at every pixel
});

/** An ellipse in its frame; the distance is exact for circles and near enough for thin outlines. */
export const ellipse = ({ x0, y0, x1, y1 }) => {
   const [cx, cy, a, b] = [(x0 + x1) / 2, (y0 + y1) / 2, Math.abs(x1 - x0) / 2, Math.abs(y1 - y0) / 2];
   const level = (x, y) => Math.hypot((x - cx) / a, (y - cy) / b);
   return {
      bounds: boundsOf([[x0, y0], [x1, y1]]),
      inside: (x, y) => level(x, y) <= 1,
      distance: (x, y) => a === b ? Math.abs(Math.hypot(x - cx, y - cy) - a) : Math.abs(level(x, y) - 1) * Math.min(a, b)
   };
};

export const circle = (x, y, radius) => ellipse({ x0: x - radius, y0: y - radius, x1: x + radius, y1: y + radius });

/** Part of a circle's outline, counterclockwise from an angle as seen with y upwards. */
export const arc = (x, y, radius, start, span) => {
   const steps = Math.max(2, Math.ceil(Math.abs(span) * radius / 2));
   return polyline(Array.from({ length: steps + 1 }, (_, i) => {
      const angle = start + span * i / steps;
      return [x + radius * Math.cos(angle), y - radius * Math.sin(angle)];
   }));
};
