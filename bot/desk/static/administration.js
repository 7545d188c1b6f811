// Forms and buttons of the administration: what they hold is sent to the desk's API, and what comes back is said.
//
// data-call="POST people" on a form sends its named fields; on a button nothing. data-then: "reload", or an address, which
// the answer may name as well; data-result: the id of what shows the answer, in place of a passing word; without it a "done" event with the answer is sent from the element. data-sure asks first; data-delay
// leaves time to undo it.
import "./page.js";
import { call } from "./call.js";
import { copy, say } from "./say.js";
import { showUndo } from "./undo.js";

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-call]");
  if (!form) return;
  event.preventDefault();
  send(form, fieldsOf(form), form);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-call]");
  if (button) send(button, {}, button.closest("form") ?? button.parentElement);
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-tick]");
  if (!button) return;
  try {
    await call("POST", `checklist/${button.dataset.tick}`, { done: button.dataset.done === "yes" });
    location.reload();
  } catch (error) {
    say(error.message);
  }
});

// A suggestion fills in the form that publishes it.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fill]");
  if (!button) return;
  const form = document.getElementById("publish");
  for (const [name, value] of Object.entries(JSON.parse(button.dataset.fill))) form.elements[name].value = value;
  form.scrollIntoView({ block: "start" });
  form.elements.text.focus();
});

// A link to pass on is shown once.
document.addEventListener("done", (event) => {
  const place = document.getElementById("link");
  if (!place || !event.detail?.link) return;
  document.getElementById("the-link").value = event.detail.link;
  if (event.detail.mailed) say("The link is on its way by e-mail, too.");
  place.hidden = false;
  place.scrollIntoView({ block: "center" });
  document.getElementById("the-link").select();
});
document.getElementById("copy-link")?.addEventListener("click", () => copy(document.getElementById("the-link").value));

// A secret is shown once: in place of the form that made it, until somebody says that it is stored.
document.addEventListener("done", (event) => {
  const place = document.getElementById("shown-once");
  if (!place || !event.detail?.secret) return;
  const field = document.getElementById("shown-once-value");
  field.value = event.detail.secret;
  place.hidden = false;
  place.scrollIntoView({ block: "center" });
  field.select();
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy-from]");
  if (button) copy(document.getElementById(button.dataset.copyFrom).value);
  if (event.target.closest("[data-reload]")) location.reload();
});

async function send(asked, body, place) {
  if (asked.dataset.sure && !confirm(asked.dataset.sure)) return;
  const problem = place.querySelector(".problem");
  const buttons = asked.matches("form") ? asked.querySelectorAll("button") : [asked];
  if (problem) problem.hidden = true;
  buttons.forEach((one) => (one.disabled = true));
  try {
    const [method, address] = asked.dataset.call.split(" ");
    const answer = await call(method, address, "delay" in asked.dataset ? { ...body, delay: true } : body);
    showUndo(answer?.delayed);
    await followed(asked, answer);
  } catch (error) {
    if (!problem) return say(error.message);
    problem.textContent = error.message;
    problem.hidden = false;
  } finally {
    buttons.forEach((one) => (one.disabled = false));
  }
}

async function followed(asked, answer) {
  const then = asked.dataset.then ?? answer?.then;
  if (then === "reload") location.reload();
  else if (then) location.assign(then);
  else {
    const result = asked.dataset.result && document.getElementById(asked.dataset.result);
    if (result) result.textContent = answer?.told ?? "";
    else if (answer?.told) say(answer.told);
    asked.dispatchEvent(new CustomEvent("done", { bubbles: true, detail: answer }));
  }
}

// Text as text, ticks as true and false, files as a form of their own.
export function fieldsOf(form) {
  if (form.querySelector("input[type=file]")) return new FormData(form);
  const fields = {};
  for (const field of form.elements) {
    if (!field.name || field.disabled) continue;
    if (field.type === "checkbox") fields[field.name] = field.checked;
    else if (field.type !== "radio" || field.checked) fields[field.name] = field.value;
  }
  return fields;
}
