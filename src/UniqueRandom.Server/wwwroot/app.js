// Starts the dashboard: the header, the access key, and a view for each address.

import { accessKey, sendJson } from "./api.js";
import { partsOf, setText, show } from "./dom.js";
import { Feed } from "./feed.js";
import { askForKey } from "./views/key.js";
import { showCreation } from "./views/create.js";
import { showList } from "./views/list.js";
import { showPool } from "./views/pool.js";

const States = {
  connecting: "connecting",
  live: "live",
  stale: "store away, the last known numbers",
  away: "server away, trying again",
  key: "access key needed",
};

const feed = new Feed();
const header = partsOf(document.querySelector("header"));
const main = document.getElementById("main");
let caller = { name: null, roles: [] };
let leave;

/** Shows the view of the address. A view gets a signal that is aborted when another one is shown. */
function route() {
  const [, page, name] = location.hash.match(/^#\/(pools|new)(?:\/(.+))?$/) ?? [];
  leave?.abort();
  leave = new AbortController();
  const context = { feed, caller, signal: leave.signal };
  if (page === "pools" && name) main.replaceChildren(showPool(context, decode(name)));
  else if (page === "new") main.replaceChildren(showCreation(context));
  else main.replaceChildren(showList(context));
  document.title = [main.querySelector("h1")?.dataset.title, "UniqueRandom"].filter(Boolean).join(" · ");
}

/** A name that is not encoded well is that of no pool. */
function decode(name) {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function showState() {
  header.state.dataset.state = feed.state;
  setText(header.state, States[feed.state]);
  if (feed.state === "key") identify();
}

/** Finds out what the caller may do. Asks for a key until the server accepts one. */
async function identify() {
  for (;;) {
    try {
      caller = await sendJson("whoami");
      break;
    } catch (refusal) {
      if (refusal.status === 401 || refusal.type === "too-many-failures") await askForKey(refusal, Boolean(accessKey.get()));
      else await new Promise(resolve => setTimeout(resolve, 2000));
    }
  }
  show(header.create, caller.roles.includes("admin"));
  show(header.key, caller.name !== null);
  setText(header.key, `Forget access key ${caller.name}`);
  feed.watch();
  route();
}

header.key.addEventListener("click", () => {
  accessKey.forget();
  location.reload();
});
feed.addEventListener("state", showState);
document.querySelector(".skip").addEventListener("click", event => {
  // The address names the view.
  event.preventDefault();
  main.focus();
});
addEventListener("hashchange", () => {
  route();
  main.focus();
});
await identify();
