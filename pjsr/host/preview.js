// The preview: part of an image in colors, with numbered shadows; dragged and zoomed by the mouse.

const PREVIEW_BACK = 0xff202020;
const MARK_IN = 0xffffd24a;
const MARK_OUT = 0xff9a9a9a;
const CIRCLE_DRAWN = 0xff60e080;

class Preview extends Control {
   /**
    * `draw(rect, step)` returns the three color planes of what is seen; `onPoint(x, y)` hears of the mouse, `onCircle`
    * of a circle that was drawn while `isDrawing`, `onKey` of a key; events are handled inside `guarded(work)`.
    */
   constructor(parent, { draw, onPoint, onCircle, onKey, guarded }) {
      super(parent);
      this.draw = draw;
      this.viewport = new Viewport(1, 1);
      this.bitmap = null;
      this.isOpen = false;
      this.marks = [];
      this.dragged = null;
      this.isDrawing = false;
      this.circle = null;
      this.mouseTracking = true;
      this.setScaledMinSize(440, 320);
      this.toolTip = "Drag to move, turn the wheel to zoom. Shadows carry the numbers of the table.";
      this.focusStyle = FocusStyle.Click;
      this.onPaint = () => this.paint();
      this.onResize = () => guarded(() => this.look(() => this.viewport.resize(this.width, this.height)));
      this.onMouseWheel = (x, y, delta) => guarded(() => this.look(() => this.viewport.zoom(delta > 0, x, y)));
      this.onKeyPress = (key) => guarded(() => onKey(key));
      this.onMousePress = (x, y) => {
         this.hasFocus = true;
         this.dragged = { x, y };
         if (this.isDrawing)
            this.stretch(x, y);
      };
      this.onMouseRelease = () => {
         const { circle } = this;
         this.dragged = this.circle = null;
         if (circle !== null)
            guarded(() => onCircle(circle));
      };
      this.onMouseMove = (x, y) => guarded(() => {
         if (this.circle !== null)
            this.stretch(x, y);
         else if (this.dragged !== null) {
            const { x: fromX, y: fromY } = this.dragged;
            this.dragged = { x, y };
            this.look(() => this.viewport.pan(x - fromX, y - fromY));
         }
         const point = this.viewport.toImage(x, y);
         onPoint(Math.floor(point.x), Math.floor(point.y));
      });
   }

   /** Draws the circle from where the mouse was pressed to a screen point. */
   stretch(x, y) {
      const { x: fromX, y: fromY } = this.dragged;
      this.circle = drawnCircle(this.viewport.toImage(fromX, fromY), this.viewport.toImage(x, y));
      this.repaint();
   }

   /** Takes an image of another size, whole. */
   open({ width, height }) {
      this.viewport = new Viewport(width, height);
      this.isOpen = true;
      this.look(() => this.viewport.resize(this.width, this.height));
   }

   /** Looks elsewhere, or at something else. */
   look(move) {
      move();
      this.renew();
   }

   renew() {
      const rect = this.viewport.visible();
      const { step } = this.viewport;
      this.bitmap = this.isOpen ? Pixels.bitmap(this.draw(rect, step), Math.ceil((rect.x1 - rect.x0) / step),
         Math.ceil((rect.y1 - rect.y0) / step)) : null;
      this.corner = rect;
      this.repaint();
   }

   paint() {
      const graphics = new Graphics(this);
      try {
         graphics.fillRect(0, 0, this.width, this.height, new Brush(PREVIEW_BACK));
         if (this.bitmap === null)
            return;
         const { scale, step } = this.viewport;
         const { x, y } = this.viewport.toScreen(this.corner.x0, this.corner.y0);
         graphics.smoothInterpolation = false;
         graphics.drawScaledBitmap(Math.round(x), Math.round(y), Math.round(x + this.bitmap.width * step * scale),
            Math.round(y + this.bitmap.height * step * scale), this.bitmap);
         graphics.antialiasing = true;
         this.marks.forEach((mark) => this.paintMark(graphics, mark));
         if (this.circle !== null)
            this.paintCircle(graphics, this.circle);
      } finally {
         graphics.end();
      }
   }

   paintCircle(graphics, { x, y, radius }) {
      const at = this.viewport.toScreen(x, y);
      graphics.strokeCircle(at.x, at.y, radius * this.viewport.scale, new Pen(CIRCLE_DRAWN));
   }

   paintMark(graphics, { x, y, diameter, text, isWanted }) {
      const at = this.viewport.toScreen(x + 0.5, y + 0.5);
      const radius = Math.max(5, diameter / 2 * this.viewport.scale + 3);
      if (at.x < -radius || at.y < -radius || at.x > this.width + radius || at.y > this.height + radius)
         return;
      graphics.pen = new Pen(isWanted ? MARK_IN : MARK_OUT);
      graphics.strokeCircle(at.x, at.y, radius, graphics.pen);
      graphics.drawText(at.x + radius + 2, at.y + 4, text);
   }
}

/** The colors of a scale with what they stand for. */
class ScaleBar extends Control {
   constructor(parent) {
      super(parent);
      this.tone = grayTone;
      this.span = SPANS[0];
      this.setScaledFixedHeight(26);
      this.onPaint = () => this.paint();
   }

   show(tone, span) {
      Object.assign(this, { tone, span });
      this.repaint();
   }

   paint() {
      const graphics = new Graphics(this);
      try {
         const { width, span } = this;
         const parts = 64;
         for (let i = 0; i < parts; ++i) {
            const [red, green, blue] = this.tone(1 + span * (2 * (i + 0.5) / parts - 1), span);
            const color = Color.rgbaColorF(red, green, blue);
            graphics.fillRect(Math.floor(i * width / parts), 0, Math.floor((i + 1) * width / parts), 10, new Brush(color));
         }
         graphics.pen = new Pen(this.textColor || 0xff000000);
         ["-" + percentText(span, 0), "1", "+" + percentText(span, 0)].forEach((text, i) =>
            graphics.drawText((width - this.font.width(text)) * i / 2, 22, text));
      } finally {
         graphics.end();
      }
   }
}
