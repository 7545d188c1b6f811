// Dialogs that ask something and then do it. A button with data-open="name" opens dialog-name.
//
// A dialog closes when it was done, or by Cancel or Esc, which discard what was typed. What is refused is shown in the
// dialog, at its field where one is to blame, and the dialog stays open with what was typed.
import { call, fragment } from "./call.js";
import { element } from "./element.js";
import { goTo } from "./going.js";
import { say } from "./say.js";

const LONGEST_MS = 60 * 24 * 3_600_000;

// Something in a field of the dialog cannot be taken.
export class FieldProblem extends Error {
  constructor(field, message) {
    super(message);
    this.field = field;
  }
}

export function isOpen() {
  return document.querySelector("dialog[open]") !== null;
}

// With data-fresh the dialog is filled with the present state before it opens; failed(problem) is called when it cannot.
export async function open(name, failed = (problem) => say(problem.message)) {
  const dialog = document.getElementById(`dialog-${name}`);
  if (!dialog || isOpen()) return;
  const { fresh } = dialog.dataset;
  try {
    if (fresh) dialog.innerHTML = await fragment(fresh);
  } catch (problem) {
    return failed(problem);
  }
  if (isOpen()) return;
  clearProblems(dialog);
  for (const form of dialog.querySelectorAll("form")) form.reset();
  dialog.showModal();
  dialog.dispatchEvent(new CustomEvent("opened"));
}

// send(form) is called when the dialog's form is sent; done() when that worked and the dialog is closed.
export function whenSent(name, send, done = () => {}) {
  const dialog = document.getElementById(`dialog-${name}`);
  dialog?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const buttons = event.target.querySelectorAll(".answers button");
    clearProblems(dialog);
    buttons.forEach((button) => (button.disabled = true));
    try {
      const answer = await send(event.target);
      dialog.close();
      done(answer);
    } catch (problem) {
      showProblem(event.target, problem);
    } finally {
      buttons.forEach((button) => (button.disabled = false));
    }
  });
}

export function chosen(id, message) {
  const { value } = document.getElementById(id);
  if (!value) throw new FieldProblem(id, message);
  return value;
}

// A day and time as the technician's browser has it, with its time zone.
export function moment(id) {
  const at = new Date(chosen(id, "Choose a day and a time."));
  if (at <= Date.now()) throw new FieldProblem(id, "That moment has passed. Choose one that lies ahead.");
  if (at > Date.now() + LONGEST_MS) throw new FieldProblem(id, "Choose a moment within the next sixty days.");
  return at.toISOString();
}

export function showAtField(field, words) {
  const id = `${field.id}-problem`;
  document.getElementById(id)?.remove();
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", id);
  field.after(element("p", { className: "problem", id, role: "alert", dataset: { shown: "" } }, words));
}

function showProblem(form, problem) {
  const field = problem.field && document.getElementById(problem.field);
  if (field) {
    showAtField(field, problem.message);
    field.focus();
  } else {
    const words = problem.message || "That did not work. What you typed is still here: try again.";
    form.querySelector(".answers").before(element("p", { className: "problem", role: "alert", dataset: { shown: "" } }, words));
  }
}

export function clearProblems(dialog) {
  for (const shown of dialog.querySelectorAll("[data-shown]")) shown.remove();
  for (const field of dialog.querySelectorAll("[aria-invalid]")) {
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
  }
}

export async function takeUp(reference) {
  try {
    const { conversation_id } = await call("POST", `issues/${reference}/take`, {});
    goTo(`/desk/conversations/${conversation_id}`);
  } catch (problem) {
    say(problem.message);
  }
}

// "In 1 hour", "Tomorrow 9:00", "Monday 9:00": data-at is minutes from now, or days ahead
// and the hour, as "1d9" and, for the next Monday, "mond9".
function fillMoment(button) {
  const at = new Date();
  const { at: wanted } = button.dataset;
  if (wanted.includes("d")) {
    const [days, hour] = wanted.split(/d(?=\d)/);
    const ahead = days === "mon" ? (8 - at.getDay()) % 7 || 7 : Number(days);
    at.setDate(at.getDate() + ahead);
    at.setHours(Number(hour), 0);
  } else at.setMinutes(at.getMinutes() + Number(wanted));
  const local = new Date(at - at.getTimezoneOffset() * 60_000);
  const field = document.getElementById(button.dataset.moment);
  field.value = local.toISOString().slice(0, 16);
  field.focus();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  const moment = event.target.closest("[data-moment]");
  if (opener) open(opener.dataset.open);
  else if (moment) fillMoment(moment);
  else if (event.target.closest("[data-close]")) event.target.closest("dialog").close();
});
