// One conversation as it happens: transcript, facts, who is there, and what may be done with it now.
import "./page.js";
import { call } from "./call.js";
import { showMarks } from "./channel_marks.js";
import { Composer } from "./composer.js";
import { open, takeUp } from "./dialogs.js";
import { editIssue } from "./editing.js";
import { Inserting } from "./inserting.js";
import { onKey } from "./keys.js";
import { Moves } from "./moves.js";
import { Outbox } from "./outbox.js";
import { refresher } from "./parts.js";
import { Phone } from "./phone.js";
import { banner, say } from "./say.js";
import { restWhileHidden, showConnection, Stream } from "./stream.js";
import { Transcript } from "./transcript.js";
import { Turns } from "./turns.js";

const TYPING_FOR_MS = 6_000;
const AWAY_AFTER_MS = 5_000;

const main = document.querySelector("main");
const id = main.dataset.conversation;
const address = `conversations/${id}`;
const title = document.title;
const presence = document.getElementById("presence");
const typing = document.getElementById("typing");

const turns = new Turns(address, (seq) => transcript.entryOf(seq));
const transcript = new Transcript(`/desk/api/${address}/attachments`, main.dataset.customerName, remove, (message) => turns.explain(message.seq));
const outbox = new Outbox(main.dataset.me, id, (message) => transcript.message(message));
const composer = new Composer(main.dataset.me, id, Number(main.dataset.largestFile), {
  reply: (text, files) => outbox.add(text, files),
  noted: (note) => transcript.note(note),
});
const moves = new Moves(address, (state) => stand(state), () => phone.holds());
const phone = new Phone(address, (state) => stand(state));
const inserting = new Inserting(id, (words) => composer.insert(words));
const take = document.querySelector("[data-take]");
const refreshFacts = refresher(address);

let shownState = "";
let quiet = 0;
let away = 0;

async function begin() {
  try {
    let page = await call("GET", `${address}/messages?after_seq=0`);
    transcript.begin(page.messages, page.notes);
    while (page.messages.length === 500) {
      page = await call("GET", `${address}/messages?after_seq=${transcript.last}`);
      transcript.begin(page.messages, page.notes);
    }
    stand(page);
  } catch (problem) {
    if (problem.status !== 401) banner(problem.message, location.href, "Load again");
    return;
  }
  follow();
}

function follow() {
  const handlers = { message: arrived, message_updated: (message) => transcript.updated(message), note: (note) => transcript.note(note), state: stand, presence: present, typing: types };
  const told = showConnection(document.getElementById("live"));
  const stream = new Stream(() => `/desk/api/${address}/events?after_seq=${transcript.last}`, handlers, told);
  restWhileHidden(stream, () => (document.title = title));
}

async function remove(what, label) {
  if (!confirm(`${label}? This cannot be undone, and it is written down that you did it.`)) return;
  try {
    await call("POST", `${address}/${what}`, {});
    say("Removed.");
  } catch (problem) {
    say(problem.message);
  }
}

function arrived(message) {
  if (!transcript.message(message)) return;
  typing.hidden = true;
  if (document.hidden && message.author === "customer") document.title = `● ${title}`;
  if (message.author === "technician" && !("client_message_id" in message)) {
    say(`${message.author_name} has replied.`);
    composer.warn(message.author_name);
  }
}

// How the conversation stands decides what may be done; the facts are fetched again when it changed.
function stand(state) {
  composer.own(state.mine);
  moves.allow(state);
  showMarks(address, state, transcript, stand);
  phone.allow(state);
  take.hidden = !state.reference || !["assistant", "closed"].includes(state.owner);
  const version = [state.owner, state.owner_name, state.status, state.revision, state.reference, state.queue_position, state.call_began].join();
  if (shownState && version !== shownState) refreshFacts();
  shownState = version;
}

function present(who) {
  clearTimeout(away);
  const show = () => {
    const others = who.technicians.length ? `. ${who.technicians.join(", ")} ${who.technicians.length > 1 ? "are" : "is"} looking too` : "";
    presence.textContent = `Customer is ${who.customer ? "in the chat" : "away"}${others}`;
    presence.dataset.customer = who.customer ? "yes" : "no";
  };
  // A reload is not a departure.
  if (who.customer) show();
  else away = setTimeout(show, AWAY_AFTER_MS);
}

function types(who) {
  clearTimeout(quiet);
  typing.hidden = !who.on;
  typing.textContent = who.author === "customer" ? "The customer is writing …" : `${who.name} is writing …`;
  quiet = setTimeout(() => (typing.hidden = true), TYPING_FOR_MS);
}

// On a narrow screen facts and chat take turns.
function part(name) {
  main.dataset.part = name;
  for (const tab of document.querySelectorAll("[data-part][role=tab]")) {
    tab.setAttribute("aria-selected", String(tab.dataset.part === name));
  }
}

for (const tab of document.querySelectorAll("[role=tab]")) tab.addEventListener("click", () => part(tab.dataset.part));
part(document.querySelector("[role=tab][aria-selected=true]").dataset.part);
if (main.dataset.reference) {
  editIssue(main.dataset.reference, () => {
    say("The issue is changed.");
    refreshFacts();
  });
  take.addEventListener("click", () => takeUp(main.dataset.reference));
}
onKey("e", () => open("edit"));
onKey("t", () => inserting.canned());
onKey("m", () => inserting.manual());
onKey("c", () => moves.claim());
onKey("r", () => write("reply"));
onKey("n", () => write("note"));

function write(mode) {
  part("talk");
  composer.write(mode);
}

// A form among the facts was sent: they have changed.
document.addEventListener("done", refreshFacts);
begin();
