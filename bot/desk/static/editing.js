// Status and fields of an issue. An edit sends the touched fields with the revision they were read at; what a colleague
// changed meanwhile is shown beside what was typed.
import { call } from "./call.js";
import { moment, showAtField, whenSent } from "./dialogs.js";
import { showUndo } from "./undo.js";

// changed(issue) is called with the issue as it is now.
export function editIssue(reference, changed) {
  const address = `issues/${reference}`;
  whenSent("status", (form) => setStatus(address, form), (issue) => issue && changed(issue));
  whenSent("edit", (form) => edit(address, form), (issue) => issue && changed(issue));
  const dialog = document.getElementById("dialog-status");
  for (const moved of ["opened", "change"]) dialog.addEventListener(moved, () => showUntil(dialog));
}

function showUntil(dialog) {
  dialog.querySelector("#status-until-part").hidden = dialog.querySelector("#status-wanted").value !== "waiting_until";
}

async function setStatus(address, form) {
  const { value: status } = form.querySelector("#status-wanted");
  const until = status === "waiting_until" ? moment("status-until") : null;
  // To a customer who waits a snooze is a promise, which stops the silence rule, too.
  if (until && form.querySelector("#status-promise")?.checked) return call("POST", `conversations/${form.dataset.conversation}/promise`, { until });
  try {
    const delay = status === "resolved";
    const answer = await call("POST", `${address}/status`, { status, until, seen: form.dataset.status, delay });
    showUndo(answer.delayed);
    return answer.delayed ? null : answer;
  } catch (problem) {
    if (problem.code === "changed") form.dataset.status = (await call("GET", address)).status;
    throw problem;
  }
}

// Null when nothing was touched.
async function edit(address, form) {
  const touched = [...form.querySelectorAll("[name], [data-answer]")].filter((control) => control.value !== asRead(control));
  if (touched.length === 0) return null;
  try {
    const revision = Number(form.dataset.revision);
    const written = fields(touched, (control) => control.value);
    return await call("POST", `${address}/edit`, { revision, ...written, seen: fields(touched, asRead) });
  } catch (problem) {
    if (problem.code === "changed") await compare(address, form, touched);
    throw problem;
  }
}

function fields(controls, valueOf) {
  const found = {};
  for (const control of controls) {
    if (control.dataset.answer) (found.answers ??= {})[control.dataset.answer] = valueOf(control);
    else found[control.name] = valueOf(control) || null;
  }
  return found;
}

// The next Save is made on what stands now.
async function compare(address, form, touched) {
  const issue = await call("GET", address);
  form.dataset.revision = issue.revision;
  for (const control of touched) {
    const now = presentValue(issue, control);
    if (now !== asRead(control)) showAtField(control, `It now says: ${wordsOf(control, now) || "nothing"}`);
    control.dataset.read = now;
  }
  form.querySelector("[aria-invalid]")?.focus();
}

function presentValue(issue, control) {
  if (!control.dataset.answer) return issue[control.name] ?? "";
  const answer = issue.answers.find((one) => one.question_id === control.dataset.answer);
  return answer?.status === "answered" ? answer.value : "";
}

function wordsOf(control, value) {
  if (control.tagName !== "SELECT") return value;
  return [...control.options].find((option) => option.value === value)?.text ?? value;
}

function asRead(control) {
  if (control.dataset.read !== undefined) return control.dataset.read;
  if (control.tagName !== "SELECT") return control.defaultValue;
  return [...control.options].find((option) => option.defaultSelected)?.value ?? control.options[0].value;
}
