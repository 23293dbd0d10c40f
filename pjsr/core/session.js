// What the user has chosen, kept sensible while windows come and go.

class Session {
   /**
    * `listViews()` returns the described main views in the order they were opened; `stored` holds
    * options and, from a process icon, source, factor and job; `activeId` names the active view.
    */
   constructor(listViews, stored, activeId) {
      this.listViews = listViews;
      this.options = cleanOptions(stored.options);
      this.source = initialSource(listViews(), activeId, stored.source);
      this.mask = activeId;
      this.factor = stored.factor || activeId;
      this.target = activeId;
      this.job = stored.job || "";
      this.refused = "";
      this.refresh();
   }

   /** Brings choices and chosen ids in line with what is open now. */
   refresh() {
      const views = this.listViews();
      this.sources = sourceChoices(views);
      this.source = chosenId(this.sources, this.source);
      this.masks = maskChoices(views, views.find((view) => view.id === this.source));
      this.mask = chosenId(this.masks, this.mask);
      this.factors = factorChoices(views);
      this.factor = chosenId(this.factors, this.factor);
      this.targets = applyTargets(views, this.factors.find((view) => view.id === this.factor));
      this.target = chosenId(this.targets, this.target, (view) => view.calibration === "");
   }

   /** Takes what the user chose; a mask and a factor of one work are chosen together. */
   choose(what, id) {
      this[what] = id;
      this.refresh();
      const pairs = { mask: ["masks", "factor", "factors"], factor: ["factors", "mask", "masks"] };
      if (!(what in pairs))
         return;
      const [own, other, others] = pairs[what];
      const { job } = (this[own].find((view) => view.id === id) || { notes: {} }).notes;
      const partner = job && this[others].find((view) => view.notes.job === job);
      if (partner) {
         this[other] = partner.id;
         this.refresh();
      }
   }

   /** Takes what one action opened as chosen. */
   take(shown) {
      this.source = shown.median || this.source;
      this.mask = shown.mask || this.mask;
      this.factor = shown.correction || this.factor;
      this.refresh();
   }

   /** Returns what a process icon must hold to apply this correction elsewhere. */
   toIcon() {
      const factor = this.factors.find((view) => view.id === this.factor);
      return {
         options: this.options,
         source: factor && factor.notes.source || this.source,
         factor: this.factor,
         job: factor ? factor.notes.job || "" : this.job
      };
   }
}
