// Lists of the settings: entries are added, removed and ordered here; nothing is sent before Save.

const form = document.getElementById("settings");
const lists = [...form.querySelectorAll("[data-list]")];
const NEW = "new_entry";
let made = 0;

const entriesOf = (list) => [...list.querySelectorAll(".entries > [data-entry]")];
const idsOf = (list) => entriesOf(list).map((entry) => entry.dataset.entry);
const before = new Map(lists.map((list) => [list, idsOf(list).join(" ")]));

// The edits that give each changed list its entries and their order.
export function listEdits() {
  return lists
    .filter((list) => idsOf(list).join(" ") !== before.get(list))
    .map((list) => ({ path: list.dataset.list, ids: idsOf(list) }));
}

export const isNew = (field) => Boolean(field.closest("[data-new]"));

// The fields of a new entry that say something; what is left out keeps its default.
export const saysSomething = (field) => field.type === "checkbox" || field.type === "hidden" || field.value !== "";

function slug(text) {
  const plain = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const id = plain.replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "").slice(0, 36);
  return /^[a-z]/.test(id) ? id : id ? `n_${id}` : "entry";
}

function freeId(list, text, own) {
  const taken = entriesOf(list).filter((one) => one !== own).map((one) => one.dataset.entry);
  const wanted = slug(text);
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? wanted : `${wanted}_${number}`;
    if (!taken.includes(id)) return id;
  }
}

function rename(list, entry) {
  const title = titleOf(list, entry);
  const id = freeId(list, title, entry);
  const from = entry.dataset.entry;
  entry.dataset.entry = id;
  for (const field of entry.querySelectorAll("[data-path]")) {
    field.dataset.path = `${list.dataset.list}.${id}.${field.dataset.path.split(".")[2]}`;
  }
  if (list.dataset.list === "teams") showTeams(from, id);
}

const nameField = (list, entry) =>
  [...entry.querySelectorAll("[data-path]")].find((one) => one.dataset.path.endsWith(`.${list.dataset.named}`));
const titleOf = (list, entry) => nameField(list, entry).value.trim();

// A team that is added can be chosen at once, and one that is removed no longer.
function showTeams(from, to) {
  const teams = lists.find((list) => list.dataset.list === "teams");
  if (!teams) return;
  const now = entriesOf(teams).map((entry) => [entry.dataset.entry, titleOf(teams, entry) || "New team"]);
  const places = lists.flatMap((list) => [list, list.querySelector("template").content]);
  for (const select of places.flatMap((place) => [...place.querySelectorAll("select[data-teams]")])) {
    const chosen = select.value === from ? to : select.value;
    const started = select.dataset.started ?? select.value;
    select.dataset.started = started;
    select.replaceChildren(...now.map(([value, title]) => new Option(title, value, value === started, value === chosen)));
    if (!now.some(([value]) => value === chosen)) select.value = now[0]?.[0] ?? "";
  }
}

function add(list) {
  const entry = list.querySelector("template").content.firstElementChild.cloneNode(true);
  made += 1;
  entry.dataset.new = "";
  for (const one of entry.querySelectorAll("[id]")) one.id += `-${made}`;
  for (const name of ["for", "aria-describedby", "aria-labelledby"]) {
    for (const one of entry.querySelectorAll(`[${name}]`)) one.setAttribute(name, `${one.getAttribute(name)}-${made}`);
  }
  const place = list.querySelector(".entries");
  place.insertBefore(entry, place.querySelector("[data-stays]"));
  rename(list, entry);
  nameField(list, entry).focus();
  changed();
}

function move(entry, up) {
  const other = up ? entry.previousElementSibling : entry.nextElementSibling;
  if (!other || other.hasAttribute("data-stays")) return;
  if (up) other.before(entry);
  else other.after(entry);
  changed();
}

function remove(list, entry) {
  const next = entry.nextElementSibling ?? entry.previousElementSibling;
  entry.remove();
  if (list.dataset.list === "teams") showTeams();
  (next?.querySelector("summary") ?? list.querySelector("[data-add]")).focus();
  changed();
}

const changed = () => form.dispatchEvent(new Event("input"));

form.addEventListener("click", (event) => {
  const list = event.target.closest("[data-list]");
  const button = event.target.closest("[data-add], [data-move], [data-remove-entry]");
  if (!list || !button) return;
  const entry = button.closest("[data-entry]");
  if ("add" in button.dataset) add(list);
  else if ("removeEntry" in button.dataset) remove(list, entry);
  else {
    move(entry, button.dataset.move === "up");
    button.focus();
  }
});

form.addEventListener("input", (event) => {
  const entry = event.target.closest?.("[data-entry]");
  if (!entry) return;
  const list = entry.closest("[data-list]");
  if (event.target !== nameField(list, entry)) return;
  const title = titleOf(list, entry);
  entry.querySelector(".entry-title").textContent = title || `New ${list.dataset.list}`;
  for (const word of entry.querySelectorAll(".entry-do .hidden")) word.textContent = `: ${title}`;
  if (entry.hasAttribute("data-new")) rename(list, entry);
  else if (list.dataset.list === "teams") showTeams();
});

// What is chosen is asked in the order in which it was chosen.
function showPicked(place) {
  const ids = place.querySelector("[type=hidden]").value.split(" ").filter(Boolean);
  const titles = ids.map((id) => place.querySelector(`[data-pick="${CSS.escape(id)}"]`)?.parentElement.textContent.trim() ?? id);
  place.querySelector("[data-picked]").textContent = titles.length ? `Asked in this order: ${titles.join(", ")}` : "";
}

form.addEventListener("change", (event) => {
  const pick = event.target.dataset.pick;
  if (pick === undefined) return;
  const place = event.target.closest(".picks");
  const kept = place.querySelector("[type=hidden]");
  const others = kept.value.split(" ").filter((one) => one && one !== pick);
  kept.value = [...others, ...(event.target.checked ? [pick] : [])].join(" ");
  showPicked(place);
  changed();
});

for (const place of form.querySelectorAll(".picks")) showPicked(place);
