// The shell: the list stays, and conversations are opened beside it without loading a page. Every view has its address,
// which the server answers with the same page.
import "./page.js";
import "./tags.js";
import { fragment } from "./call.js";
import { localise } from "./clocks.js";
import { Conversation } from "./conversation.js";
import { takeOver } from "./going.js";
import { offer } from "./keys.js";
import { onConnection, onCounts } from "./live.js";
import { setOpened, setTitle } from "./notices.js";
import { sendWhatIsLeft } from "./outbox.js";
import { banner, say } from "./say.js";
import { showConnection } from "./stream.js";
import { WorkList } from "./work_list.js";

const CONVERSATION = /^\/desk\/conversations\/([^/]+)$/;
const VIEWS_EVERY_MS = 60_000;
const HOME = /^\/desk\/?$/;
const shell = document.querySelector("main.shell");
const panes = document.getElementById("panes");
const team = document.getElementById("team");
const product = document.getElementById("product"); // only where there are several
const company = document.title.split(" – ").at(-1);
const list = new WorkList(document.getElementById("rows"), (address) => go(address), () => location.search);
let conversation = null;
let leaveHome = () => {};
let newest = 0;

// Whose work, which team and which product the list shows stays in the address.
function withQuery(address, query = location.search) {
  const url = new URL(address, location.origin);
  if (!url.search) url.search = query;
  return url;
}

function within(url) {
  return url.origin === location.origin && (CONVERSATION.test(url.pathname) || HOME.test(url.pathname));
}

async function go(address, { push = true } = {}) {
  const url = withQuery(address);
  const mine = ++newest;
  const id = CONVERSATION.exec(url.pathname)?.[1];
  let fresh;
  try {
    fresh = await fragment(id ? `conversations/${id}/panes` : "home");
  } catch (problem) {
    if (problem.status !== 401) say(problem.message);
    if (!push) banner("That page cannot be shown now.", "/desk", "Back to the queue");
    return;
  }
  if (mine !== newest) return; // something else was asked for meanwhile
  if (push && url.href !== location.href) history.pushState(null, "", url);
  show(fresh);
}

function show(fresh) {
  conversation?.close();
  leaveHome();
  panes.innerHTML = fresh;
  localise(panes);
  begin();
  panes.querySelector("h1").focus({ preventScroll: true });
}

function begin() {
  const talk = document.getElementById("talk");
  shell.classList.toggle("chosen", talk !== null);
  const { title, conversation: id = "" } = (talk ?? document.getElementById("home")).dataset;
  setTitle(`${title} – ${company}`);
  setOpened(id);
  list.mark(id);
  conversation = talk ? new Conversation(shell, { resolved, renew: () => go(location.href, { push: false }) }) : null;
  document.getElementById("take-next")?.addEventListener("click", () => step(0));
  leaveHome = talk ? () => {} : onConnection(showConnection(document.getElementById("live")));
}

function resolved() {
  const next = list.next();
  if (next) say("That one is done with.", "next", { href: next, label: "Go to the next one" });
}

function showList(query) {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(query)) {
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
  }
  history.replaceState(null, "", url);
  showWhose();
  list.refresh();
}

function showWhose() {
  const query = new URLSearchParams(location.search);
  team.value = query.get("team") ?? "";
  if (product) product.value = query.get("product") ?? "";
  for (const link of document.querySelectorAll("[data-whose]")) {
    if ((link.dataset.whose === "all") === (query.get("state") === "all")) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const url = new URL(link.href);
  if (link.target || link.hasAttribute("download") || !within(url)) return;
  event.preventDefault();
  if (link.dataset.whose) showList({ state: link.dataset.whose === "all" ? "all" : "" });
  else go(link.href);
});
team.addEventListener("change", () => showList({ team: team.value }));
product?.addEventListener("change", () => showList({ product: product.value }));
addEventListener("popstate", () => {
  showWhose();
  list.refresh();
  go(location.href, { push: false });
});
takeOver((address) => {
  if (!within(new URL(address, location.origin))) return false;
  go(address);
  return true;
});
onCounts(() => list.refresh());
showViews();
setInterval(() => document.hidden || showViews(), VIEWS_EVERY_MS);

// Counting them takes longer than the list, which does not wait for it.
async function showViews() {
  try {
    document.getElementById("views").innerHTML = await fragment("views");
  } catch (problem) {
    if (problem.status !== 401) say(problem.message, "list");
  }
}

const moving = { group: "In a list" };
offer("Claim the chosen one", "c", () => claim(), { ...moving, available: () => list.claimable() !== null });
offer("Open the next conversation", "]", () => step(1), moving);
offer("Open the previous conversation", "[", () => step(-1), moving);
offer("Take the next one that needs me", ".", () => step(0), moving);

function claim() {
  list.claim(list.claimable());
}

function step(by) {
  const next = list.next(by);
  if (next) go(next);
  else say(by ? "There is no other one in the list." : "Nobody waits for you.");
}

begin();
sendWhatIsLeft(shell.dataset.me);
