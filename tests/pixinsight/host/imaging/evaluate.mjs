// A PixelMath tree over whole planes, compiled to one loop: double arithmetic for each pixel, as PixelMath does it.

const DIVIDE = (a, b) => Math.abs(b) > 2.220446049250313e-16 ? a / b : Number.MAX_VALUE;

const OPERATORS = {
   '+': (a, b) => `(${a}+${b})`, '-': (a, b) => `(${a}-${b})`, '*': (a, b) => `(${a}*${b})`,
   '/': (a, b) => `divide(${a},${b})`, '^': (a, b) => `Math.pow(${a},${b})`,
   '<': (a, b) => `(+(${a}<${b}))`, '<=': (a, b) => `(+(${a}<=${b}))`,
   '>': (a, b) => `(+(${a}>${b}))`, '>=': (a, b) => `(+(${a}>=${b}))`,
   '==': (a, b) => `(+(${a}===${b}))`, '!=': (a, b) => `(+(${a}!==${b}))`,
   '&&': (a, b) => `(+(${a}!==0&&${b}!==0))`, '||': (a, b) => `(+(${a}!==0||${b}!==0))`
};
const SIGNS = { '-': a => `(-${a})`, '+': a => a, '~': a => `(1-${a})`, '!': a => `(+(${a}===0))` };
const CALLS = {
   min: (...args) => `Math.min(${args})`, max: (...args) => `Math.max(${args})`, abs: a => `Math.abs(${a})`,
   iif: (condition, yes, no) => `((${condition})!==0?${yes}:${no})`
};

function code(tree, plane) {
   switch (tree.type) {
      case 'number': return `(${tree.value})`;
      case 'image': return plane(tree);
      case 'unary': return SIGNS[tree.operator](code(tree.operand, plane));
      case 'call': return CALLS[tree.name](...tree.args.map(argument => code(argument, plane)));
      default: return OPERATORS[tree.operator === '(^)' ? '^' : tree.operator](code(tree.left, plane), code(tree.right, plane));
   }
}

/**
 * Fills `result` with the value of the tree at each pixel.
 *
 * `source(node)` gives `{ samples, max }` for an image node: a plane of the result's size in native units and what 1 is there.
 */
export function evaluate(tree, result, source) {
   const sources = [];
   const plane = (node) => {
      const { samples, max } = source(node);
      sources.push(samples);
      const name = `s${sources.length - 1}[i]`;
      return max === 1 ? name : `(${name}/${max})`;
   };
   const value = code(tree, plane);
   const names = sources.map((_, i) => `s${i}`);
   const loop = new Function('result', 'divide', ...names, `for (let i = 0; i < result.length; ++i) result[i] = ${value};`);
   loop(result, DIVIDE, ...sources);
}
