// Images and videos of this computer cleaned with a job's factor; the dust in them is measured first.

import { post, read } from "/static/api.js";
import { button, element } from "/static/elements.js";

// What to ask where the measurement speaks against it, or cannot tell: each question, and what "yes" does.
const QUESTIONS = {
   "stale-flat": [["Has this flat already been divided into them, after the dust had gone? "
      + "Then multiplying takes the bright spots out.", "Yes, multiply", { multiply: true }]],
   matches: [["The dust is still in these images: shall they be divided instead?", "Yes, divide", {}]],
   "too-faint": [
      ["Is the dust still in these images?", "Yes, divide", {}],
      ["Has this flat already been divided into them?", "Yes, multiply", { multiply: true }],
   ],
};
const DOUBT = ["Is the dust in these images all the same?", "Yes, go on", { force: true }];

// Returns the card where a factor is applied; `job` made it.
export function cleaning(job) {
   const told = element("div", { id: "cleaned", role: "status" });
   const paths = element("textarea", { id: "paths", rows: 3, required: true, spellcheck: false });
   const output = element("input", { type: "text", id: "output", required: true, spellcheck: false });
   const start = element("button", { className: "main", id: "clean" }, "Clean");
   const begin = async (options) => {
      start.disabled = true;
      try {
         const listed = paths.value.split("\n").map((line) => line.trim()).filter(Boolean);
         const made = await followed(await post("/v1/jobs", {
            operation: "apply", correction: job.id, paths: listed, output: output.value.trim(), options,
         }), told);
         told.replaceChildren(...outcome(made, options, begin));
      } catch (error) {
         told.replaceChildren(element("p", {}, error.message));
      }
      start.disabled = false;
   };
   const form = element("form", { className: "cleaning" },
      element("label", { htmlFor: "paths" }, "Images or videos, one whole path on each line"), paths,
      element("label", { htmlFor: "output" }, "Folder for the cleaned ones"), output,
      element("div", { className: "tools" }, start));
   form.addEventListener("submit", (event) => {
      event.preventDefault();
      begin({ sure: true });
   });
   return element("section", { className: "card" }, element("h2", {}, "Clean images on this computer"),
      element("p", { className: "soft" }, "Calibrated, not yet debayered, registered or stacked. Whether the dust is "
         + "in them is measured before anything is written; nothing is written over."), form, told);
}

async function followed(job, told) {
   let seen = job;
   while (seen.poll_after_ms > 0) {
      told.replaceChildren(element("p", {}, seen.message));
      seen = await read(`/v1/jobs/${job.id}?wait=2`);
   }
   return seen;
}

function outcome(job, options, begin) {
   if (job.state !== "succeeded") {
      // The command line's way to overrule it means nothing here; what can be done is asked below.
      const said = (job.problem?.detail ?? job.message).replace("; --force applies it all the same", "");
      const detail = element("p", {}, said);
      return job.problem?.rule ? [detail, ...questions(job.problem.rule, options, begin)] : [detail];
   }
   const { files, measured } = job.figures;
   const failed = files.filter((one) => one.problem);
   const did = options.multiply ? "multiplied" : "divided";
   return [
      element("p", {}, `${files.length - failed.length} of ${files.length} ${did}. ${measured ? `Dust fit: ${measured}.` : ""}`),
      ...failed.map((one) => element("p", {}, one.problem.detail)),
   ];
}

function questions(rule, options, begin) {
   const asked = QUESTIONS[rule] ?? [[DOUBT[0], DOUBT[1], { ...options, ...DOUBT[2] }]];
   return asked.flatMap(([text, yes, next]) => [element("p", {}, text), element("div", { className: "tools" },
      button(yes, () => begin(next), { id: next.multiply ? "multiply" : "yes" }))]);
}
