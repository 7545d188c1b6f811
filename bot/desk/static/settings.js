// Settings: only what was changed is sent; a preview shows it first; what is wrong is said at its key.
import { call } from "./call.js";
import { element } from "./element.js";
import { say } from "./say.js";

const form = document.getElementById("settings");
const problem = document.getElementById("settings-problem");
const count = document.getElementById("settings-count");
const save = form.querySelector("button.main");
const look = document.getElementById("settings-preview");
const fields = [...form.querySelectorAll("[data-path]")];
const whole = form.querySelector("[data-whole]");

const isChanged = (field) => {
  if (field.type === "checkbox") return field.checked !== field.defaultChecked;
  if (field.matches("select")) return ![...field.options].find((one) => one.defaultSelected)?.selected;
  return field.value !== field.defaultValue;
};
const changed = () => fields.filter(isChanged);

// A new request is one change: its fields count once it has a key.
function added() {
  const key = form.querySelector("[data-new-id]")?.value.trim();
  if (!key) return [];
  return [...form.querySelectorAll("[data-new]")].map((field) => ({
    path: `requests.${key}.${field.dataset.new}`,
    text: field.value,
  }));
}

function body() {
  if (whole) return { base: form.dataset.base, text: whole.value };
  const edits = changed().map((field) => ({
    path: field.dataset.path,
    text: field.type === "checkbox" ? (field.checked ? "yes" : "") : field.value,
  }));
  return { base: form.dataset.base, edits: [...edits, ...added()] };
}

function show() {
  const number = whole ? Number(whole.value !== whole.defaultValue) : changed().length + Number(added().length > 0);
  count.textContent = number === 0 ? "Nothing is changed" : number === 1 ? "One change" : `${number} changes`;
  save.disabled = look.disabled = number === 0;
}

function tell(error) {
  problem.textContent = error.message;
  problem.hidden = false;
  for (const field of fields) {
    const wrong = error.message.split("\n").some((line) => line.startsWith(field.dataset.path));
    field.toggleAttribute("aria-invalid", wrong);
  }
  problem.scrollIntoView({ block: "nearest" });
}

async function done(answer) {
  sessionStorage.setItem("settings", ["Saved, and in use.", ...answer.needs].join(" "));
  location.reload();
}

form.addEventListener("input", show);
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  problem.hidden = true;
  save.disabled = true;
  try {
    await done(await call("POST", "settings", body()));
  } catch (error) {
    tell(error);
    show();
  }
});

form.addEventListener("click", async (event) => {
  const { default: reset, remove } = event.target.closest("[data-default], [data-remove]")?.dataset ?? {};
  if (!reset && !remove) return;
  const edit = reset ? { path: reset, default: true } : { path: remove, remove: true };
  try {
    await done(await call("POST", "settings", { base: form.dataset.base, edits: [edit] }));
  } catch (error) {
    tell(error);
  }
});

look.addEventListener("click", async () => {
  problem.hidden = true;
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
