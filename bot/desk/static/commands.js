// The command bar: actions, pages, issues, people and canned replies behind one field.
import { call } from "./call.js";
import { element } from "./element.js";
import { goTo } from "./going.js";
import { offered } from "./keys.js";

const ASK_AFTER_MS = 180;
const FEWEST_CHARACTERS = 2;
const MOST = 6;
const dialog = document.getElementById("commands");
const field = document.getElementById("command-find");
const list = document.getElementById("command-list");
const state = document.getElementById("command-state");
const NOTHING = { issues: [], people: [], total: 0, meant: null };
let found = NOTHING;
let replies = [];
let waiting = 0;
let asked = 0;
let chosen = 0;
let insert = null;
let filledFor = "";

// insert(text) puts a canned reply into the message that is being written in the conversation; null where there is none.
export function insertBy(put, conversation = "") {
  insert = put;
  filledFor = conversation;
}

export function openCommands() {
  if (dialog.open) return dialog.close();
  if (document.querySelector("dialog[open]")) return;
  field.value = "";
  found = NOTHING;
  state.textContent = "";
  show();
  dialog.showModal();
  field.focus();
  if (insert) loadReplies();
}

async function loadReplies() {
  try {
    ({ replies } = await call("GET", `canned?conversation=${encodeURIComponent(filledFor)}`));
    show();
  } catch (problem) {
    state.textContent = problem.message;
  }
}

field?.addEventListener("input", () => {
  chosen = 0;
  show();
  clearTimeout(waiting);
  waiting = setTimeout(ask, ASK_AFTER_MS);
});
field?.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    choose(chosen + step);
  } else if (event.key === "Enter" && !event.isComposing) {
    event.preventDefault();
    options()[chosen]?.click();
  }
});
dialog?.addEventListener("click", (event) => event.target === dialog && dialog.close());

async function ask() {
  const words = field.value.trim();
  const mine = ++asked;
  if (words.length < FEWEST_CHARACTERS) return;
  try {
    const answer = await call("GET", `find?q=${encodeURIComponent(words)}`);
    if (mine !== asked) return;
    found = answer;
    state.textContent = told(answer);
  } catch (problem) {
    if (mine !== asked) return;
    state.textContent = problem.message;
  }
  show();
}

function told({ total, meant }) {
  const number = total === 1 ? "1 issue" : `${total} issues`;
  return meant ? `Nothing has these words. ${number} with “${meant}”.` : number;
}

function show() {
  const words = field.value.trim().toLowerCase();
  const fits = (text) => words.split(/\s+/).every((word) => text.toLowerCase().includes(word));
  const actions = offered().filter((action) => fits(action.words));
  const pages = [...document.querySelectorAll(".places a")].map(pageOf).filter((page) => fits(page.words));
  const searched = words.length >= FEWEST_CHARACTERS;
  const groups = [
    ["Issues", searched ? found.issues.map(issueOf) : []],
    ["People", searched ? found.people.map(personOf) : []],
    ["Actions", actions.slice(0, words ? MOST : 2 * MOST).map(({ words: title, key, act }) => ({ title, key, act }))],
    ["Canned replies", insert && words ? replies.filter((reply) => fits(`${reply.title} ${reply.text}`)).slice(0, MOST).map(replyOf) : []],
    ["Pages", pages.map(({ words: title, href }) => ({ title, act: () => goTo(href) }))],
    ["Everything", searched ? [{ title: `Find “${field.value.trim()}” in all issues`, act: () => goTo(`/desk/issues?q=${encodeURIComponent(field.value.trim())}`) }] : []],
  ];
  const parts = groups.filter(([, items]) => items.length).map(([title, items]) => groupOf(title, items));
  list.replaceChildren(...parts);
  choose(chosen);
}

function pageOf(link) {
  const words = link.firstChild.textContent.trim();
  return { words, href: link.getAttribute("href") };
}

function issueOf(issue) {
  const about = [issue.reference, issue.customer, issue.company, issue.status_text].filter(Boolean).join(" · ");
  return { title: issue.title || issue.reference, about, act: () => goTo(`/desk/conversations/${issue.conversation_id}`) };
}

function personOf(person) {
  return { title: person.name, about: person.about, act: () => goTo(person.href) };
}

function replyOf(reply) {
  return { title: reply.title, about: reply.text, act: () => insert(reply.text) };
}

function groupOf(title, items) {
  const id = `commands-${title.replaceAll(" ", "-").toLowerCase()}`;
  const group = element("div", { role: "group" }, element("p", { className: "group-title", id }, title), ...items.map(optionOf));
  group.setAttribute("aria-labelledby", id);
  return group;
}

function optionOf({ title, about, key, act }) {
  const option = element("div", { role: "option", className: "option" }, element("span", { className: "name" }, title));
  if (about) option.append(element("span", { className: "about" }, about));
  if (key) option.append(element("kbd", {}, key));
  option.addEventListener("click", () => {
    dialog.close();
    act();
  });
  return option;
}

function options() {
  return [...list.querySelectorAll("[role=option]")];
}

function choose(place) {
  const all = options();
  chosen = Math.max(0, Math.min(place, all.length - 1));
  all.forEach((option, at) => {
    option.id = `command-${at}`;
    option.ariaSelected = String(at === chosen);
  });
  field.setAttribute("aria-activedescendant", all.length ? `command-${chosen}` : "");
  all[chosen]?.scrollIntoView({ block: "nearest" });
}
