// The page's entry: which of its two faces to show, the list of jobs or one of them.

import { ask, known, post, read, Refused, sendFrame } from "/static/api.js";
import { button, element } from "/static/elements.js";
import { NAMES, review } from "/static/review.js";

const STATES = {
   queued: "waiting", running: "running", succeeded: "done", failed: "failed", cancelled: "cancelled",
};
const main = document.getElementById("main");

function showTemplate(id) {
   main.replaceChildren(document.getElementById(id).content.cloneNode(true));
}

function headline(job, kind) {
   const when = new Date(job.created * 1000).toLocaleString();
   const state = element("span", { className: `state ${job.state}` }, STATES[job.state] ?? job.state);
   return element("div", { className: "row" },
      element(kind, { className: "title" }, NAMES[job.operation] ?? job.operation),
      state,
      element("span", { className: "soft" }, when));
}

function progressOf(job) {
   const parts = [];
   if (job.state === "queued" || job.state === "running") {
      parts.push(element("progress", { max: 1, value: job.progress, ariaLabel: "Progress" }));
      parts.push(element("p", { className: "soft" }, job.message));
   }
   if (job.problem) parts.push(element("p", {}, job.problem.detail));
   if (job.figures?.words) parts.push(element("p", {}, job.figures.words));
   for (const warning of job.warnings) parts.push(element("p", { className: "soft" }, warning.message));
   return parts;
}

// A flat or a video of this computer: for those who come without PixInsight.
function opener() {
   const status = element("p", { role: "alert" });
   const begin = async (members) => {
      const job = await post("/v1/jobs", members);
      location.assign(`/jobs/${job.id}`);
   };
   const told = (act) => async (event) => {
      event.preventDefault();
      try {
         status.textContent = "Sending ...";
         await act();
      } catch (error) {
         status.textContent = error.message;
      }
   };
   const bias = element("input", { type: "file", id: "bias", accept: ".fits,.fit,.fts" });
   const input = element("input", { type: "file", id: "open", accept: ".fits,.fit,.fts" });
   input.addEventListener("change", told(async () => {
      if (!input.files.length) return;
      const options = bias.files.length ? { bias: (await sendFrame(bias.files[0])).id } : {};
      await begin({ operation: "correct", frame: (await sendFrame(input.files[0])).id, options });
   }));
   const path = element("input", { type: "text", id: "path", required: true, size: 40, spellcheck: false });
   const video = element("form", { className: "tools" },
      element("label", { htmlFor: "path" }, "Median of a video (whole path of a SER file): "), path,
      element("button", {}, "Start"));
   video.addEventListener("submit", told(() => begin({ operation: "median", path: path.value.trim() })));
   return element("section", { className: "card" },
      element("p", {}, element("label", { htmlFor: "bias" }, "Master bias or dark to subtract first, if any (FITS): "), bias),
      element("p", {}, element("label", { htmlFor: "open" }, "Correct a flat (FITS): "), input), video, status);
}

async function showList() {
   const list = element("div");
   main.replaceChildren(element("h1", {}, "Jobs"), opener(), list);
   let before = "";
   const refresh = async () => {
      const { jobs } = await read("/v1/jobs");
      const text = JSON.stringify(jobs);
      if (text !== before) {   // what has not changed stays, and the keyboard's place with it
         const place = document.activeElement?.id;
         list.replaceChildren(jobs.length === 0 ? document.getElementById("empty").content.cloneNode(true)
            : element("ul", { className: "jobs" }, ...jobs.map((job) =>
               element("li", {}, element("a", { href: `/jobs/${job.id}`, id: `job-${job.id}` },
                  element("div", { className: "card" }, headline(job, "strong"), ...progressOf(job)))))));
         if (place) document.getElementById(place)?.focus();
         before = text;
      }
      const busy = jobs.some((job) => job.poll_after_ms > 0);
      setTimeout(() => run(refresh), busy ? 1000 : 5000);
   };
   await refresh();
}

async function showJob(id, wait = "") {
   const answer = await ask(`/v1/jobs/${id}${wait}`);
   const job = await answer.json();
   const home = element("p", {}, element("a", { href: "/" }, "All jobs"));
   if (!answer.ok) {
      main.replaceChildren(home, element("section", { className: "note" },
         element("h1", {}, job.title), element("p", {}, job.detail)));
      return;
   }
   const card = element("section", { className: "card" }, headline(job, "h1"), ...progressOf(job));
   if (job.state === "queued" || job.state === "running") {
      const focused = document.activeElement?.id === "stop";
      const stop = button("Cancel", () => run(() => ask(`/v1/jobs/${id}/cancel`, { method: "POST" })), { id: "stop" });
      card.append(stop);
      main.replaceChildren(home, card);
      if (focused) stop.focus();
      setTimeout(() => run(() => showJob(id, "?wait=2")), job.poll_after_ms);
   } else {
      main.replaceChildren(home, card);
      if (job.state === "succeeded") main.append(...await review(job));
   }
}

async function run(step) {
   try {
      await step();
   } catch (error) {
      const refused = error instanceof Refused;
      if (refused || error instanceof TypeError) showTemplate(refused ? "locked" : "away");
      else main.append(element("p", { role: "alert" }, error.message));
      if (!refused) throw error;
   }
}

const job = location.pathname.match(/^\/jobs\/([\w-]+)$/);
const health = await fetch("/v1/health").then((answer) => answer.json(), () => null);
document.getElementById("about").textContent = health ? `Bridge ${health.version}` : "";
if (!known) showTemplate("locked");
else await run(() => (job ? showJob(job[1]) : showList()));
