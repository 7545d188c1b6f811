// Settings: only what was changed is sent; a preview shows it first; what is wrong is said at its field.
import { call } from "./call.js";
import { element } from "./element.js";
import { say } from "./say.js";
import { isNew, listEdits, saysSomething } from "./settings_lists.js";

const form = document.getElementById("settings");
const problem = document.getElementById("settings-problem");
const count = document.getElementById("settings-count");
const save = form.querySelector("button.main");
const look = document.getElementById("settings-preview");
const whole = form.querySelector("[data-whole]");
const fieldsNow = () => [...form.querySelectorAll("[data-path]")];

const isChanged = (field) => {
  if (field.type === "checkbox") return field.checked !== field.defaultChecked;
  if (field.type === "hidden") return field.value !== field.dataset.started;
  if (field.matches("select")) return ![...field.options].find((one) => one.defaultSelected)?.selected;
  return field.value !== field.defaultValue;
};
const changed = () => fieldsNow().filter((field) => (isNew(field) ? saysSomething(field) : isChanged(field)));

function body() {
  if (whole) return { base: form.dataset.base, text: whole.value };
  const edits = changed().map((field) => ({
    path: field.dataset.path,
    text: field.type === "checkbox" ? (field.checked ? "yes" : "") : field.value,
  }));
  return { base: form.dataset.base, edits: [...listEdits(), ...edits] };
}

function show() {
  const fields = changed().filter((field) => !isNew(field));
  const number = whole ? Number(whole.value !== whole.defaultValue) : fields.length + listEdits().length;
  count.textContent = number === 0 ? "Nothing is changed" : number === 1 ? "One change" : `${number} changes`;
  save.disabled = look.disabled = number === 0;
}

const isAt = (line, path) => line === path || line.startsWith(`${path}:`) || line.startsWith(`${path}.`);

// Each line stands at the field that it names; what names none stands above Save.
function tell(error) {
  clear();
  const fields = fieldsNow();
  const [first, ...lines] = error.message.split("\n");
  const left = lines.length ? [first] : [];
  for (const line of lines.length ? lines : [first]) {
    const field = fields.find((one) => isAt(line, one.dataset.path));
    const entry = field ?? fields.find((one) => isAt(line, one.dataset.path.split(".").slice(0, 2).join(".")));
    if (!entry) left.push(line);
    else sayAt(entry, line);
  }
  problem.textContent = [...left, ...(left.length < 2 && lines.length ? ["What is wrong stands at its field."] : [])].join("\n");
  problem.hidden = false;
  const wrong = form.querySelector("[aria-invalid]");
  wrong?.closest("details")?.setAttribute("open", "");
  (wrong ?? problem).scrollIntoView({ block: wrong ? "center" : "nearest" });
}

// The key of support.yml at the beginning of a problem: its field stands beside it.
const KEY = /^[\w.]+: /;

function sayAt(field, line) {
  const row = field.closest(".field");
  field.setAttribute("aria-invalid", "true");
  row.append(element("p", { className: "problem field-problem", id: `${field.id}-problem` }, line.replace(KEY, "")));
  field.setAttribute("aria-describedby", `${field.id}-problem ${field.id}-hint`);
  row.closest("details")?.setAttribute("open", "");
}

function clear() {
  problem.hidden = true;
  for (const one of form.querySelectorAll(".field-problem")) one.remove();
  for (const field of form.querySelectorAll("[aria-invalid]")) {
    field.removeAttribute("aria-invalid");
    field.setAttribute("aria-describedby", `${field.id}-hint`);
  }
}

function done() {
  sessionStorage.setItem("settings", "Saved, and in use.");
  location.reload();
}

form.addEventListener("input", show);
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  clear();
  save.disabled = true;
  try {
    await call("POST", "settings", body());
    done();
  } catch (error) {
    tell(error);
    show();
  }
});

form.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-default]");
  if (!button || (button.dataset.sure && !confirm(button.dataset.sure))) return;
  const edit = { path: button.dataset.default, default: true };
  try {
    await call("POST", "settings", { base: form.dataset.base, edits: [edit] });
    done();
  } catch (error) {
    tell(error);
  }
});

look.addEventListener("click", async () => {
  clear();
  try {
    const { diff, shown } = await call("POST", "settings/preview", body());
    document.getElementById("preview-diff").textContent = diff;
    const line = (name, text) => element("div", {}, element("dt", {}, name), element("dd", {}, text));
    document.getElementById("preview-shown").replaceChildren(
      element(
        "dl",
        { className: "preview" },
        line("Company", shown.company),
        line("Greeting", shown.greeting),
        line("Quick replies", shown.quick_replies.join(" · ")),
        line("Hours, now", shown.hours),
        line("Closed", shown.closed.join("\n") || "No closing date within a year"),
      ),
    );
    document.getElementById("preview").showModal();
  } catch (error) {
    tell(error);
  }
});

const said = sessionStorage.getItem("settings");
if (said) {
  sessionStorage.removeItem("settings");
  say(said);
}
show();
