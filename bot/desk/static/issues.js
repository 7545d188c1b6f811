// The table of issues: what is chosen, what is done with it, a preview beside it, and searches that are saved.
import "./page.js";
import { call, fragment } from "./call.js";
import { localise } from "./clocks.js";
import { chosen, FieldProblem, open, whenSent } from "./dialogs.js";
import { element } from "./element.js";
import { focusedRow, offer } from "./keys.js";
import { say } from "./say.js";
import { showUndo } from "./undo.js";

const TITLES = { assign: "Assign", transfer: "Transfer", tag: "Tag", resolve: "Resolve" };
const boxes = [...document.querySelectorAll(".choose-one")];
const all = document.getElementById("choose-all");
const bar = document.getElementById("bulk");
const preview = document.getElementById("preview");
let action = "";
let looked = 0;

const references = () => boxes.filter((box) => box.checked).map((box) => box.value);
const counted = (number) => (number === 1 ? "1 issue" : `${number} issues`);

function showChosen() {
  const number = references().length;
  bar.hidden = number === 0;
  document.getElementById("bulk-count").textContent = number ? `${counted(number)} chosen` : "";
  all.checked = number === boxes.length;
  all.indeterminate = number > 0 && number < boxes.length;
}

function chooseAll(checked) {
  for (const box of boxes) box.checked = checked;
  showChosen();
}

all?.addEventListener("change", () => chooseAll(all.checked));
for (const box of boxes) box.addEventListener("change", showChosen);
document.getElementById("bulk-none")?.addEventListener("click", () => chooseAll(false));
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-bulk], [data-preview], [data-close-preview]");
  if (!button) return;
  if (button.dataset.bulk) begin(button.dataset.bulk);
  else if (button.dataset.preview) look(button.dataset.preview);
  else closePreview();
});

function begin(wanted) {
  if (!references().length) return;
  action = wanted;
  document.getElementById("bulk-title").textContent = `${TITLES[action]} ${counted(references().length)}`;
  for (const part of document.querySelectorAll("#dialog-bulk [data-for]")) part.hidden = part.dataset.for !== action;
  open("bulk");
}

whenSent("bulk", async () => {
  const { results } = await call("POST", "issues/bulk", { action, references: references(), ...target() });
  return results;
}, finished);

function target() {
  if (action === "assign") return { technician: Number(chosen("bulk-technician", "Choose a colleague.")) };
  if (action === "transfer") return { team: chosen("bulk-team", "Choose a team.") };
  if (action === "tag") return { name: chosen("bulk-tag", "Write a tag.") };
  return {};
}

// What was done leaves the choice; what was not stays chosen, with its reason.
function finished(results) {
  const failed = results.filter(({ done }) => !done);
  for (const { delayed } of results) showUndo(delayed);
  for (const { reference, done } of results) if (done) boxes.find((box) => box.value === reference).checked = false;
  showChosen();
  const done = results.length - failed.length;
  const words = element("p", {}, `${counted(done)} done.${failed.length ? ` ${counted(failed.length)} not:` : ""} `);
  if (action !== "resolve") words.append(element("a", { href: location.href }, "Show the list as it is now"));
  const reasons = failed.map(({ reference, message }) => element("li", {}, `${reference}: ${message}`));
  document.getElementById("bulk-results").replaceChildren(words, element("ul", {}, ...reasons));
}

async function look(reference) {
  const mine = ++looked;
  try {
    const shown = await fragment(`issues/${reference}/preview`);
    if (mine !== looked) return;
    preview.innerHTML = shown;
    localise(preview);
    preview.hidden = false;
    preview.scrollIntoView({ block: "nearest" });
    for (const row of document.querySelectorAll(".issue-table .case")) row.classList.toggle("current", row.dataset.reference === reference);
  } catch (problem) {
    say(problem.message);
  }
}

function closePreview() {
  preview.hidden = true;
  document.querySelector(".issue-table .current .title")?.focus();
}

whenSent("save-view", (form) => {
  const { value: title } = document.getElementById("view-title");
  if (!title.trim()) throw new FieldProblem("view-title", "Give it a name.");
  return call("POST", "views", { title, query: form.dataset.query, shared: document.getElementById("view-shared").checked });
}, ({ id }) => {
  const url = new URL(location.href);
  url.searchParams.set("view", id);
  location.assign(url);
});

document.getElementById("remove-view")?.addEventListener("click", async ({ currentTarget }) => {
  if (!confirm("Remove this view? Its issues stay.")) return;
  try {
    await call("DELETE", `views/${currentTarget.dataset.view}`);
    location.assign("/desk/issues");
  } catch (problem) {
    say(problem.message);
  }
});

const inList = { group: "In a list", available: () => focusedRow() !== null };
offer("Choose it for an action on several", "x", () => {
  const box = focusedRow().querySelector(".choose-one");
  box.checked = !box.checked;
  showChosen();
}, inList);
offer("Preview it", "v", () => look(focusedRow().dataset.reference), inList);
for (const [name, words] of Object.entries(TITLES)) {
  offer(`${words} what is chosen`, null, () => begin(name), { group: "In a list", available: () => references().length > 0 });
}
offer("Save this search as a view", null, () => open("save-view"), { available: () => document.querySelector("[data-open=save-view]") !== null });
