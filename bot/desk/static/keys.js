// Keyboard shortcuts and actions: one table, from which keys act, the sheet is made and the command bar offers.
// Keys rest while a field has the keyboard, and while a dialog is open, which Esc closes.
import { element } from "./element.js";

const actions = new Map();

// An action by its words. key: null where only the command bar and the mouse reach it. available() says whether it can
// be done now. The function that is returned takes it away.
export function offer(words, key, act, { group = "Everywhere", available = () => true } = {}) {
  actions.set(words, { words, key, act, group, available });
  return () => actions.delete(words);
}

export function offered() {
  return [...actions.values()].filter((action) => action.act && action.available());
}

export function listenForKeys() {
  addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") return openCommands(event);
    const dialog = [...document.querySelectorAll("dialog[open]")].at(-1);
    if (dialog) {
      // A search field would take Esc for itself and leave the dialog open.
      if (event.key === "Escape" && !event.isComposing) {
        event.preventDefault();
        dialog.close();
      }
      return;
    }
    const writing = event.target.closest?.("input, textarea, select");
    if (event.key === "Escape" && writing) return event.target.blur();
    if (writing || event.ctrlKey || event.metaKey || event.altKey) return;
    const action = offered().find(({ key }) => key === event.key);
    if (!action) return;
    event.preventDefault();
    action.act();
  });
}

function openCommands(event) {
  if (document.querySelector("dialog[open]:not(#commands)")) return;
  event.preventDefault();
  document.dispatchEvent(new CustomEvent("commands"));
}

export function showSheet() {
  const groups = Map.groupBy ? Map.groupBy(withKey(), ({ group }) => group) : grouped(withKey());
  const parts = [...groups].map(([group, list]) =>
    element("section", {}, element("h3", {}, group), element("dl", { className: "keys" }, ...list.map(line))),
  );
  document.getElementById("sheet").replaceChildren(...parts);
  document.getElementById("shortcuts").showModal();
}

function withKey() {
  return [...actions.values()].filter(({ key }) => key);
}

function grouped(list) {
  const groups = new Map();
  for (const one of list) groups.set(one.group, [...(groups.get(one.group) ?? []), one]);
  return groups;
}

function line({ words, key }) {
  return element("div", {}, element("dt", {}, element("kbd", {}, key)), element("dd", {}, words));
}

// The row of the list that has the focus, if any.
export function focusedRow() {
  return document.activeElement?.closest(".case") ?? null;
}

function move(step) {
  const links = [...document.querySelectorAll(".case .title")].filter((link) => link.checkVisibility?.() ?? true);
  if (links.length === 0) return;
  const from = focusedRow() ?? document.querySelector(".case.current");
  const at = links.indexOf(from?.querySelector(".title"));
  const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + step, 0), links.length - 1);
  links[next].focus();
}

const lists = { group: "In a list" };
offer("Next in the list", "j", () => move(1), lists);
offer("Previous in the list", "k", () => move(-1), lists);
offer("Open it", "Enter", null, lists);
offer("Find or do anything", "Ctrl K", null);
