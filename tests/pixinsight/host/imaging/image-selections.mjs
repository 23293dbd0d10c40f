// Members of Image that choose what later calls read, write and render.

import { CONTENT } from './content.mjs';

export const selectionMembers = (classes) => ({
   get selectedChannel() {
      const { first, last } = this[CONTENT];
      return first === last ? first : -1;
   },
   set selectedChannel(channel) {
      if (channel < 0) this[CONTENT].resetChannels();
      else this[CONTENT].selectChannels(channel, channel);
   },
   get firstSelectedChannel() { return this[CONTENT].first; },
   set firstSelectedChannel(channel) { this[CONTENT].selectChannels(channel, Math.max(channel, this[CONTENT].last)); },
   get lastSelectedChannel() { return this[CONTENT].last; },
   set lastSelectedChannel(channel) { this[CONTENT].selectChannels(Math.min(channel, this[CONTENT].first), channel); },
   get selectedRect() {
      const { x0, y0, x1, y1 } = this[CONTENT].rect;
      return new classes.Rect(x0, y0, x1, y1);
   },
   set selectedRect(rect) { this[CONTENT].selectRect(rect); },
   get selectedPoint() { return new classes.Point(this[CONTENT].point.x, this[CONTENT].point.y); },
   set selectedPoint({ x, y }) { this[CONTENT].point = { x, y }; },
   get numberOfSelectedChannels() { return this[CONTENT].last - this[CONTENT].first + 1; },
   get numberOfSelectedPixels() {
      const { x0, y0, x1, y1 } = this[CONTENT].rect;
      return (x1 - x0) * (y1 - y0);
   },
   get numberOfSelectedSamples() { return this.numberOfSelectedPixels * this.numberOfSelectedChannels; },
   resetSelections() { this[CONTENT].reset(); },
   resetRectSelection() { this[CONTENT].resetRect(); },
   resetChannelSelection() { this[CONTENT].resetChannels(); },
   pushSelections() { this[CONTENT].push(); },
   popSelections() { this[CONTENT].pop(); },
   canPopSelections() { return this[CONTENT].canPop; }
});
