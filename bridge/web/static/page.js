// The page's script: takes the token from the link's fragment, asks the bridge, shows what it says.

const NAMES = {
   detect: "Find dust", correct: "Correct dust", mask: "Dust mask", seed_mask: "Dust as detected",
   inpainted: "Reconstruction", clean_flat: "Dust-free flat", correction: "Dust factor",
};
const STATES = {
   queued: "waiting", running: "running", succeeded: "done", failed: "failed", cancelled: "cancelled",
};
const main = document.getElementById("main");
const token = takeToken();

// The fragment never reaches a server or a log; it leaves the address bar at once.
function takeToken() {
   const given = new URLSearchParams(location.hash.slice(1)).get("token");
   if (given) {
      sessionStorage.setItem("token", given);
      history.replaceState(null, "", location.pathname);
   }
   return sessionStorage.getItem("token");
}

class Refused extends Error {}

async function ask(path, method = "GET") {
   const answer = await fetch(path, { method, headers: { Authorization: `Bearer ${token}` } });
   if (answer.status === 401) throw new Refused();
   return answer;
}

function element(name, attributes = {}, ...children) {
   const made = Object.assign(document.createElement(name), attributes);
   made.append(...children);
   return made;
}

function show(...children) {
   main.replaceChildren(...children);
}

function showTemplate(id) {
   show(document.getElementById(id).content.cloneNode(true));
}

function headline(job) {
   const when = new Date(job.created * 1000).toLocaleString();
   const state = element("span", { className: `state ${job.state}` }, STATES[job.state] ?? job.state);
   return element("div", { className: "row" },
      element("strong", {}, NAMES[job.operation] ?? job.operation),
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
   for (const warning of job.warnings) parts.push(element("p", { className: "soft" }, warning.message));
   return parts;
}

function shadowTable(figures) {
   const shadows = figures?.shadows ?? [];
   if (shadows.length === 0) return element("p", {}, "No dust was found.");
   const deep = "depth" in shadows[0];
   const cells = (kind, texts) => element("tr", {}, ...texts.map((text) => element(kind, {}, text)));
   const head = cells("th", ["#", "x", "y", "Diameter, px", ...(deep ? ["Depth, %", "± %"] : [])]);
   const rows = shadows.map((one) => cells("td", [
      `${one.id}`, one.x.toFixed(1), one.y.toFixed(1), one.diameter.toFixed(1),
      ...(deep ? [(100 * one.depth).toFixed(2), (100 * one.uncertainty).toFixed(2)] : []),
   ]));
   return element("div", { className: "scroll" },
      element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows)));
}

async function planes(job) {
   const order = ["clean_flat", "correction", "mask", "inpainted", "seed_mask"];
   const shown = [];
   for (const name of order.filter((one) => one in job.results)) {
      const answer = await ask(job.results[name].url.replace(/\.fits$/, ".png?width=800"));
      if (!answer.ok) continue;
      const image = element("img", { src: URL.createObjectURL(await answer.blob()), alt: NAMES[name] });
      shown.push(element("figure", {}, image, element("figcaption", {}, NAMES[name] ?? name)));
   }
   return element("div", { className: "planes" }, ...shown);
}

async function showList() {
   const { jobs } = await (await ask("/v1/jobs")).json();
   if (jobs.length === 0) {
      showTemplate("empty");
   } else {
      show(element("h1", {}, "Jobs"), element("ul", { className: "jobs" }, ...jobs.map((job) =>
         element("li", {}, element("a", { href: `/jobs/${job.id}` },
            element("div", { className: "card" }, headline(job), ...progressOf(job)))))));
   }
   const busy = jobs.some((job) => job.poll_after_ms > 0);
   setTimeout(() => run(showList), busy ? 1000 : 5000);
}

async function showJob(id, wait = "") {
   const answer = await ask(`/v1/jobs/${id}${wait}`);
   const job = await answer.json();
   if (!answer.ok) {
      show(element("section", { className: "note" }, element("h1", {}, job.title), element("p", {}, job.detail)));
      return;
   }
   const card = element("section", { className: "card" }, headline(job), ...progressOf(job));
   show(element("p", {}, element("a", { href: "/" }, "All jobs")), card);
   if (job.state === "queued" || job.state === "running") {
      const stop = element("button", { type: "button" }, "Cancel");
      stop.onclick = () => run(async () => { await ask(`/v1/jobs/${id}/cancel`, "POST"); });
      card.append(stop);
      setTimeout(() => run(() => showJob(id, "?wait=2")), job.poll_after_ms);
   } else if (job.state === "succeeded") {
      card.append(shadowTable(job.figures));
      main.append(await planes(job));
   }
}

async function run(step) {
   try {
      await step();
   } catch (error) {
      showTemplate(error instanceof Refused ? "locked" : "away");
      if (!(error instanceof Refused)) throw error;
   }
}

const job = location.pathname.match(/^\/jobs\/([\w-]+)$/);
const health = await fetch("/v1/health").then((answer) => answer.json(), () => null);
document.getElementById("about").textContent = health ? `Bridge ${health.version}` : "";
if (!token) showTemplate("locked");
else await run(() => (job ? showJob(job[1]) : showList()));
