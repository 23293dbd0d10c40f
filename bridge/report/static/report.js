"use strict";

/* Before and after: a divider to drag, a blink, and the shadows' outlines. */
const compare = (stage) => {
  const split = document.getElementById("split");
  const blink = document.getElementById("blink");
  const outline = document.getElementById("outline");
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  let timer = 0;

  const show = (percent) => {
    split.value = String(percent);
    stage.style.setProperty("--split", `${percent}%`);
    stage.dataset.side = percent > 95 ? "before" : percent < 5 ? "after" : "both";
    split.setAttribute("aria-valuetext", `${percent} percent with dust`);
  };
  const swap = () => show(Number(split.value) > 50 ? 0 : 100);
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    blink.setAttribute("aria-pressed", "false");
  };

  split.addEventListener("input", () => {
    stop();
    show(Number(split.value));
  });
  blink.addEventListener("click", () => {
    if (calm.matches) {
      swap();
    } else if (timer) {
      stop();
      show(50);
    } else {
      swap();
      timer = setInterval(swap, 700);
      blink.setAttribute("aria-pressed", "true");
    }
  });
  outline?.addEventListener("click", () => {
    const on = outline.getAttribute("aria-pressed") !== "true";
    outline.setAttribute("aria-pressed", String(on));
    stage.querySelector(".outlines").hidden = !on;
  });
  show(50);
};

/* The list of shadows, sorted by the column whose heading is pressed. */
const sortable = (table) => {
  const heads = [...table.tHead.rows[0].cells];
  const body = table.tBodies[0];
  const key = (row, column) => Number(row.cells[column].dataset.value);

  const sort = (column, descending) => {
    const sign = descending ? -1 : 1;
    const rows = [...body.rows].sort(
      (a, b) => sign * (key(a, column) - key(b, column)) || key(a, 0) - key(b, 0),
    );
    body.append(...rows);
    heads.forEach((head, index) => {
      if (index === column) head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
  };
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    const largestFirst = "largestFirst" in head.dataset;
    button.addEventListener("click", () => {
      const was = head.getAttribute("aria-sort");
      sort(column, was ? was === "ascending" : largestFirst);
    });
  });
  sort(heads.findIndex((head) => "first" in head.dataset), true);
};

const stage = document.getElementById("stage");
const table = document.getElementById("table");
if (stage) compare(stage);
if (table) sortable(table);
