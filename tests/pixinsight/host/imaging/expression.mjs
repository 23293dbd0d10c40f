// The part of PixelMath's language the emulator knows, as a syntax tree.

/** What PixelMath would take and the emulator does not: loud, so that it is not mistaken for the script's error. */
export class Unsupported extends Error {
   constructor(what) { super(`${what} is not known to the host emulator`); }
}

/** What PixelMath itself rejects. */
export class BadExpression extends Error {}

export const FUNCTIONS = { min: [2, Infinity], max: [2, Infinity], iif: [3, 3], abs: [1, 1] };
const OTHER_FUNCTIONS = new Set(('acos asin atan atan2 ceil cos exp floor frac ln log mtf rand round sin sqrt tan trunc med mean '
   + 'MAD mad sdev mdev adev norm sum var width height pixel rescale range in inrange x y xpos ypos bwmv pbmv kfold pow sign '
   + 'ssqr sumsq maxf minf modulus block_mean gconv erosion dilation medfilt combine swap ecl').split(' '));

const NUMBER = /(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/.source;
const NAME = /\$[A-Za-z]+|[A-Za-z_]\w*/.source;
const SYMBOL = /<=|>=|==|!=|&&|\|\||[-+*/^<>(),[\]~!=;?:%&|]/.source;
const TOKEN = new RegExp(`\\s*(?:(${NUMBER})|(${NAME})|(${SYMBOL})|(\\S))`, 'y');

function tokens(text) {
   const list = [];
   TOKEN.lastIndex = 0;
   while (TOKEN.lastIndex < text.length) {
      const found = TOKEN.exec(text);
      if (!found) break;
      const [, number, name, symbol, other] = found;
      if (other) throw new BadExpression(`illegal character: ${other}`);
      if (symbol && '=;?:%&|'.includes(symbol)) throw new Unsupported(`PixelMath operator ${symbol}`);
      list.push(number ? { kind: 'number', text: number } : name ? { kind: 'name', text: name } : { kind: symbol, text: symbol });
   }
   return list;
}

const LEVELS = [['||'], ['&&'], ['==', '!='], ['<', '<=', '>', '>='], ['+', '-'], ['*', '/']];

class Parser {
   constructor(text) {
      this.list = tokens(text);
      this.at = 0;
   }

   get kind() { return this.list[this.at]?.kind; }

   take(kind) {
      if (this.kind !== kind) throw new BadExpression(this.kind ? `unexpected ${this.list[this.at].text}` : 'unexpected end');
      return this.list[this.at++];
   }

   whole() {
      if (this.list.length === 0) throw new BadExpression('empty expression');
      const tree = this.binary(0);
      if (this.kind) this.take('end');
      return tree;
   }

   binary(level) {
      if (level === LEVELS.length) return this.unary();
      let left = this.binary(level + 1);
      while (LEVELS[level].includes(this.kind))
         left = { type: 'binary', operator: this.list[this.at++].text, left, right: this.binary(level + 1) };
      return left;
   }

   unary() {
      if (!['-', '+', '~', '!'].includes(this.kind)) return this.power();
      const operator = this.list[this.at++].text;
      const operand = this.unary();
      if (operand.operator === '^') throw new Unsupported('a sign before ^ in PixelMath: write parentheses');
      return { type: 'unary', operator, operand };
   }

   power() {
      const base = this.primary();
      if (this.kind !== '^') return base;
      this.take('^');
      const exponent = this.unary();
      return { type: 'binary', operator: '^', left: base, right: exponent };
   }

   primary() {
      if (this.kind === 'number') return { type: 'number', value: Number(this.take('number').text) };
      if (this.kind === '(') {
         this.take('(');
         const inner = this.binary(0);
         this.take(')');
         return { ...inner, operator: inner.operator === '^' ? '(^)' : inner.operator };
      }
      const name = this.take('name').text;
      if (this.kind === '(') return this.call(name);
      return { type: 'image', name, channel: this.channel() };
   }

   channel() {
      if (this.kind !== '[') return undefined;
      this.take('[');
      const index = Number(this.take('number').text);
      this.take(']');
      return index;
   }

   call(name) {
      if (!Object.hasOwn(FUNCTIONS, name)) {
         if (OTHER_FUNCTIONS.has(name)) throw new Unsupported(`PixelMath ${name}()`);
         throw new BadExpression(`unknown function: ${name}`);
      }
      const args = [];
      this.take('(');
      do {
         if (args.length) this.take(',');
         args.push(this.binary(0));
      } while (this.kind === ',');
      this.take(')');
      const [fewest, most] = FUNCTIONS[name];
      if (args.length < fewest && name !== 'iif' && name !== 'abs') throw new Unsupported(`PixelMath ${name}() of one image`);
      if (args.length < fewest || args.length > most) throw new BadExpression(`wrong number of arguments: ${name}()`);
      return { type: 'call', name, args };
   }
}

/** The tree of one expression. Throws BadExpression or Unsupported. */
export const parseExpression = (text) => new Parser(text).whole();

/** Every image named in a tree. */
export function imagesIn(tree) {
   if (tree.type === 'image') return [tree.name];
   return [tree.left, tree.right, tree.operand, ...tree.args ?? []].filter(Boolean).flatMap(imagesIn);
}
