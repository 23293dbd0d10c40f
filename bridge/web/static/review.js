// A finished job: seen, its mask painted in and run again, compared with others, downloaded.

import { ask, bytesOf, pictureOf, post, read, sendFrame } from "/static/api.js";
import { cleaning } from "/static/cleaning.js";
import { button, element, labelled, table } from "/static/elements.js";
import { Mask } from "/static/mask.js";
import { Painter } from "/static/painter.js";
import { zipped } from "/static/zip.js";

export const NAMES = {
   detect: "Find dust", correct: "Correct dust", fit: "Dust fit", median: "Median",
   apply: "Clean images", update: "Update a flat", mask: "Dust mask",
   seed_mask: "Dust as detected", inpainted: "Reconstruction", clean_flat: "Dust-free flat",
   correction: "Dust factor",
};
const PLANES = ["median", "clean_flat", "correction", "inpainted", "mask", "seed_mask"];
const percent = (share, digits = 2) => `${(100 * share).toFixed(digits)} %`;

// Returns what stands below a job's headline once it has succeeded.
export async function review(job) {
   if (job.results.median) return [await results(job, []), further(job), downloads(job)];
   if (!job.results.mask) return [];
   const [mask, picture, others, engines] = await Promise.all([
      bytesOf(job.results.mask.url).then((blob) => blob.arrayBuffer()).then(Mask.fromFits),
      pictureOf(`/v1/frames/${job.frame}.png?width=2048`), siblings(job), read("/v1/engines"),
   ]);
   const shadows = job.figures?.shadows ?? [];
   const painter = new Painter(mask, picture, shadows);
   addEventListener("beforeunload", (event) => { if (mask.strokes.length) event.preventDefault(); });
   painter.zoom.addEventListener("change", () => finer(painter, job.frame), { once: true });
   return [
      element("section", { className: "card" }, element("h2", {}, "The mask"), painter.view,
         again(job, painter, engines.engines)),
      element("section", { className: "card" }, element("h2", {}, "Shadows"), shadowTable(shadows, painter)),
      await results(job, others, engines.engines),
      ...(job.results.correction ? [cleaning(job)] : []),
      downloads(job),
   ];
}

// A median is a flat: its dust is the next question.
function further(job) {
   const status = element("p", { role: "alert" });
   const start = async () => {
      try {
         const made = await post("/v1/jobs", { operation: "correct", frame: job.results.median.frame });
         location.assign(`/jobs/${made.id}`);
      } catch (error) {
         status.textContent = error.message;
      }
   };
   return element("section", { className: "card" },
      button("Correct this flat", start, { id: "further", className: "main" }), status);
}

// The first picture is for the whole; whoever looks closer gets as many pixels as there are.
async function finer(painter, frame) {
   painter.picture.src = await pictureOf(`/v1/frames/${frame}.png?width=4096`);
}

async function siblings(job) {
   const { jobs } = await read("/v1/jobs");
   return jobs.filter((one) => one.id !== job.id && one.frame === job.frame && one.results.correction);
}

function again(job, painter, engines) {
   const status = element("p", { id: "told", role: "alert" });
   const buttons = element("div", { className: "tools" });
   const start = async (changes) => {
      for (const one of buttons.children) one.disabled = true;
      try {
         status.textContent = "Sending ...";
         const members = { operation: "correct", frame: job.frame, options: job.options, ...await changes() };
         if (!await agreed(members)) throw new Error("Nothing was sent.");
         const made = await post("/v1/jobs", members);
         painter.mask.strokes = [];
         location.assign(`/jobs/${made.id}`);
      } catch (error) {
         status.textContent = error.message;
         for (const one of buttons.children) one.disabled = false;
      }
   };
   buttons.append(button("Correct with this mask", () => start(async () => (
      { mask: (await sendFrame(painter.mask.toFits())).id })), { id: "again", className: "main" }));
   if (rolls(job, engines)) {
      buttons.append(button("Roll again", () => start(async () => ({
         options: { ...job.options, seed: job.options.seed + 1 }, ...(job.mask && { mask: job.mask }),
      })), { id: "roll" }));
   }
   return element("div", {}, buttons, status);
}

async function agreed(members) {
   const { calls, cost, currency } = await post("/v1/estimates", members);
   return !cost || confirm(`This makes ${calls} paid calls and costs up to ${cost} ${currency}. Go on?`);
}

function shadowTable(shadows, painter) {
   if (shadows.length === 0) return element("p", {}, "No dust was found.");
   const deep = "depth" in shadows[0];
   return table(["#", "x", "y", "Diameter, px", ...(deep ? ["Depth", "±"] : []), "Mask"], shadows.map((one) => [
      `${one.id}`, one.x.toFixed(1), one.y.toFixed(1), one.diameter.toFixed(1),
      ...(deep ? [percent(one.depth), percent(one.uncertainty)] : []),
      button("Leave out", () => painter.clear(one), { ariaLabel: `Leave out shadow ${one.id}` }),
   ]));
}

async function figureOf(job, name, caption) {
   const answer = await ask(job.results[name].url.replace(/\.fits$/, ".png?width=800"));
   if (!answer.ok) return element("p", {}, `${NAMES[name]} is gone; run the job again.`);
   const image = element("img", { src: URL.createObjectURL(await answer.blob()), alt: caption });
   return element("figure", {}, image, element("figcaption", {}, caption));
}

const whenOf = (job) => new Date(job.created * 1000).toLocaleString();

// How a job is told from its siblings: the engines that roll dice are asked again with another seed.
function called(job, engines) {
   const roll = rolls(job, engines) ? `, roll ${job.options.seed + 1}` : "";
   return `${whenOf(job)}${roll}${job.mask ? ", mask by hand" : ""}`;
}

const rolls = (job, engines) => engines.some((one) => one.rerolls
   && [job.options.detector, job.options.inpainter].includes(one.name));

async function results(job, others, engines = []) {
   const planes = element("div", { className: "planes" });
   const figures = element("div");
   const show = async (other) => {
      const shown = [];
      for (const name of PLANES.filter((one) => one in job.results)) {
         shown.push(await figureOf(job, name, other ? `${NAMES[name]}, this job${rolls(job, engines) ? `, roll ${job.options.seed + 1}` : ""}` : NAMES[name]));
         if (other && name in other.results) {
            shown.push(await figureOf(other, name, `${NAMES[name]}, the other of ${called(other, engines)}`));
         }
      }
      planes.replaceChildren(...shown);
      planes.classList.toggle("pairs", Boolean(other));
      figures.replaceChildren(...(other ? [compared(job, other)] : []));
   };
   await show();
   const section = element("section", { className: "card" }, element("h2", {}, "Results"));
   if (others.length) {
      const choice = element("select", { id: "compare" }, element("option", { value: "" }, "nothing"),
         ...others.map((one) => element("option", { value: one.id }, called(one, engines))));
      choice.addEventListener("change", () => show(others.find((one) => one.id === choice.value)));
      section.append(element("p", {}, labelled("is shown beside this job", choice)));
   }
   section.append(figures, planes);
   return section;
}

function compared(job, other) {
   const line = (name, told) => [name, ...[job, other].map((one) => (one.figures ? told(one.figures) : ""))];
   return table(["", "This job", "The other"], [
      line("Shadows", (figures) => `${figures.shadows.length}`),
      line("Touched", (figures) => ("touched" in figures ? percent(figures.touched) : "")),
      line("Least factor", (figures) => figures.factor_min?.toFixed(4) ?? ""),
      line("Greatest factor", (figures) => figures.factor_max?.toFixed(4) ?? ""),
   ]);
}

function downloads(job) {
   const status = element("p", { role: "status" });
   const told = (act) => async () => {
      try {
         status.textContent = "Fetching ...";
         await act();
         status.textContent = "";
      } catch (error) {
         status.textContent = error.message;
      }
   };
   const names = Object.keys(job.results);
   const report = job.operation === "correct" ? `/v1/jobs/${job.id}/report.html` : null;
   const fetched = (name) => bytesOf(job.results[name].url);
   const everything = async () => {
      const entries = [["job.json", new Blob([JSON.stringify(job, null, 2)])]];
      if (report) entries.push(["report.html", await bytesOf(report)]);
      for (const name of names) entries.push([`${name}.fits`, await fetched(name)]);
      save(`flatbridge-${job.id}.zip`, await zipped(entries));
   };
   return element("section", { className: "card" }, element("h2", {}, "Downloads"),
      element("div", { className: "tools" },
         button("Everything (ZIP)", told(everything), { id: "everything", className: "main" }),
         ...(report ? [button("report.html", told(async () => save("report.html", await bytesOf(report))), { id: "report" })] : []),
         ...names.map((name) => button(`${name}.fits`, told(async () => save(`${name}.fits`, await fetched(name)))))),
      status);
}

function save(name, blob) {
   const href = URL.createObjectURL(blob);
   element("a", { href, download: name }).click();
   setTimeout(() => URL.revokeObjectURL(href), 60_000);
}
