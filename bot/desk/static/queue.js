// The queue: kept up to date, claimed from, and told of by title and notification.
import "./page.js";
import { call, fragment } from "./call.js";
import { chosen, onKey } from "./keys.js";
import { say } from "./say.js";
import { showConnection, Stream } from "./stream.js";

const page = document.querySelector("main");
const rows = document.getElementById("rows");
const notify = document.getElementById("notify");
const title = document.title;
let known = null; // the waiting ids and the unanswered conversations that were told of

new Stream(() => "/desk/api/events", { queue: changed }, showConnection(document.getElementById("live")));

async function changed(counts) {
  document.querySelector("[data-count=waiting]").textContent = counts.waiting.length;
  document.querySelector("[data-count=mine]").textContent = counts.mine;
  document.querySelector("[data-count=due]").textContent = counts.due;
  document.getElementById("due").hidden = counts.due === 0;
  document.title = counts.waiting.length ? `(${counts.waiting.length}) ${title}` : title;
  tell(counts);
  await refresh();
}

function tell(counts) {
  const before = known;
  known = counts;
  if (before === null) return;
  if (counts.waiting.some((id) => !before.waiting.includes(id))) {
    const words = counts.waiting.length === 1 ? "A customer is waiting" : `${counts.waiting.length} customers are waiting`;
    say(words, "queue");
    pop(words);
  } else if (counts.to_answer > before.to_answer) pop("A customer has answered you");
  else if (counts.due > before.due) pop("An issue of yours waits for you");
}

function pop(words) {
  if (window.Notification?.permission === "granted" && document.hidden) {
    const shown = new Notification(words, { tag: "techref-queue" });
    shown.onclick = () => focus();
  }
}

async function refresh() {
  try {
    const fresh = await fragment(`queue?state=${page.dataset.view}&team=${encodeURIComponent(page.dataset.team)}`);
    const key = document.activeElement?.dataset.key;
    rows.innerHTML = fresh;
    if (key) rows.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
  } catch (problem) {
    if (problem.status !== 401) say(problem.message);
  }
}

async function claim(id) {
  try {
    const { conversation_id } = await call("POST", `handoffs/${id}/claim`, {});
    location.assign(`/desk/conversations/${conversation_id}`);
  } catch (problem) {
    say(problem.message);
    await refresh();
  }
}

rows.addEventListener("click", (event) => {
  const button = event.target.closest("[data-claim]");
  if (!button) return;
  button.disabled = true;
  claim(button.dataset.claim);
});
onKey("c", () => {
  const button = chosen()?.querySelector("[data-claim]");
  if (button) claim(button.dataset.claim);
});

if (window.Notification?.permission === "default") {
  notify.hidden = false;
  notify.addEventListener("click", async () => {
    const answer = await Notification.requestPermission();
    notify.hidden = true;
    say(answer === "granted" ? "You will be notified while this page is open." : "The browser will not notify you.");
  });
}
