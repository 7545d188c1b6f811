// Dialogs that ask something and then do it. A button with data-open="name" opens dialog-name.
import { call } from "./call.js";
import { say } from "./say.js";

export function open(name) {
  const dialog = document.getElementById(`dialog-${name}`);
  if (!dialog || dialog.open) return;
  dialog.returnValue = "";
  dialog.showModal();
}

// done() is called when the dialog was closed with "yes"; what goes wrong is said.
export function whenAgreed(name, done) {
  const dialog = document.getElementById(`dialog-${name}`);
  dialog?.addEventListener("close", async () => {
    if (dialog.returnValue !== "yes") return;
    try {
      await done();
    } catch (problem) {
      say(problem.message);
    }
  });
}

// A day and time as the technician's browser has it, with its time zone; null when nothing was chosen.
export function moment(id) {
  const { value } = document.getElementById(id);
  return value ? new Date(value).toISOString() : null;
}

// Status and fields of an issue; changed(issue) hears how it is now.
export function editIssue(reference, changed) {
  const address = `issues/${reference}`;
  whenAgreed("status", async () => {
    const status = document.getElementById("status-wanted").value;
    const until = status === "waiting_until" ? moment("status-until") : null;
    changed(await call("POST", `${address}/status`, { status, until }));
  });
  whenAgreed("edit", async () => {
    const fields = differences(document.querySelector("#dialog-edit form"));
    if (Object.keys(fields).length) changed(await call("POST", `${address}/edit`, fields));
  });
}

// Only what was changed is sent: what somebody else changed meanwhile stays.
function differences(form) {
  const fields = {};
  for (const control of form.querySelectorAll("[name]")) {
    if (control.value !== asItCame(control)) fields[control.name] = control.value || null;
  }
  const answers = {};
  for (const control of form.querySelectorAll("[data-answer]")) {
    if (control.value !== control.defaultValue && control.value.trim()) answers[control.dataset.answer] = control.value;
  }
  if (Object.keys(answers).length) fields.answers = answers;
  return fields;
}

function asItCame(control) {
  if (control.tagName !== "SELECT") return control.defaultValue;
  return [...control.options].find((option) => option.defaultSelected)?.value ?? control.options[0].value;
}

export async function takeUp(reference) {
  try {
    const { conversation_id } = await call("POST", `issues/${reference}/take`, {});
    location.assign(`/desk/conversations/${conversation_id}`);
  } catch (problem) {
    say(problem.message);
  }
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener) open(opener.dataset.open);
});
