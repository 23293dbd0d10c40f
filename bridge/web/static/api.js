// Asking the bridge: the token comes with the link, once, and goes with every question.

export class Refused extends Error {}

const token = takeToken();

export const known = token !== null;

// The fragment never reaches a server or a log; it leaves the address bar at once.
function takeToken() {
   const given = new URLSearchParams(location.hash.slice(1)).get("token");
   if (given) {
      sessionStorage.setItem("token", given);
      history.replaceState(null, "", location.pathname);
   }
   return sessionStorage.getItem("token");
}

// The link may be put into the address bar of a page that is open already.
addEventListener("hashchange", () => {
   if (!location.hash.includes("token=")) return;
   takeToken();
   location.reload();
});

// Returns the answer, whatever its status; throws Refused where the token is not this bridge's.
export async function ask(path, { method = "GET", type, body } = {}) {
   const headers = { Authorization: `Bearer ${token}`, ...(type && { "Content-Type": type }) };
   const answer = await fetch(path, { method, headers, body });
   if (answer.status === 401) throw new Refused();
   return answer;
}

async function content(answer) {
   const told = await answer.json();
   if (!answer.ok) throw new Error(told.detail ?? told.title);
   return told;
}

// The rest return what the bridge says; where it says no, they throw its sentence.
export async function read(path) {
   return content(await ask(path));
}

export async function post(path, members) {
   return content(await ask(path, {
      method: "POST", type: "application/json", body: JSON.stringify(members),
   }));
}

export async function sendFrame(bytes) {
   return content(await ask("/v1/frames", { method: "POST", type: "application/fits", body: bytes }));
}

export async function bytesOf(path) {
   const answer = await ask(path);
   if (!answer.ok) throw new Error((await answer.json()).detail);
   return answer.blob();
}

// The caller may revoke the address once the picture is gone.
export async function pictureOf(path) {
   return URL.createObjectURL(await bytesOf(path));
}
