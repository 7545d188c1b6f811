// A list of things that are written, changed and removed on one page: canned replies, macros.
//
// The list names its address of the API (data-address) and the thing (data-thing); each entry has data-id and a button whose
// data-edit holds the values of the form's fields.
import "./page.js";
import { call } from "./call.js";
import { say } from "./say.js";

const list = document.getElementById("kept-list");
const form = document.getElementById("kept-form");
const heading = document.getElementById("kept-heading");
const { address, thing } = list.dataset;

list.addEventListener("click", async (event) => {
  const edit = event.target.closest("[data-edit]");
  const remove = event.target.closest("[data-remove]");
  if (edit) begin(JSON.parse(edit.dataset.edit));
  else if (remove) await take(remove.closest("[data-id]"));
});

function begin(values) {
  for (const field of fields()) field.value = [values[field.name] ?? ""].flat().join(", ");
  form.elements.id.value = values.id;
  heading.textContent = `Change “${values.title}”`;
  form.elements.title.focus();
}

function fields() {
  return [...form.elements].filter(({ name }) => name && name !== "id");
}

async function take(row) {
  if (!confirm(`Remove this ${thing}? It cannot be brought back.`)) return;
  try {
    await call("DELETE", `${address}/${row.dataset.id}`);
    row.remove();
    say(`The ${thing} is removed.`);
  } catch (failed) {
    say(failed.message);
  }
}

form?.addEventListener("reset", () => {
  form.elements.id.value = "";
  heading.textContent = "A new one";
});

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = Object.fromEntries(fields().map(({ name, value }) => [name, value || null]));
  const { value: id } = form.elements.id;
  try {
    await call("POST", id ? `${address}/${id}` : address, body);
    location.reload();
  } catch (failed) {
    const problem = document.getElementById("kept-problem");
    problem.textContent = failed.message;
    problem.hidden = false;
  }
});
