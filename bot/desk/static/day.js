// My day: what is open, and handing it over with a note for each.
import "./page.js";
import { call } from "./call.js";
import { say } from "./say.js";

const form = document.getElementById("handover");
const begin = document.getElementById("begin-handover");

begin?.addEventListener("click", () => {
  begin.hidden = true;
  document.getElementById("do-handover").hidden = false;
  for (const part of form.querySelectorAll(".pass")) part.hidden = false;
  form.querySelector("select").focus();
});

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const chosen = [...form.querySelectorAll("[data-reference]")].map(read).filter(Boolean);
  if (chosen.length === 0) return say("Choose who goes on with at least one.");
  try {
    const { items } = await call("POST", "handover", { items: chosen });
    items.forEach(show);
    const left = items.filter((item) => !item.done).length;
    say(left ? `${items.length - left} handed over, ${left} not: see there why.` : "Handed over. Good evening!");
  } catch (problem) {
    say(problem.message);
  }
});

function read(row) {
  const [kind, target] = row.querySelector("[name=to]").value.split(":");
  if (!kind) return null;
  const note = row.querySelector("[name=note]").value;
  return { reference: row.dataset.reference, [kind]: kind === "technician" ? Number(target) : target, note };
}

function show({ reference, done, message }) {
  const row = form.querySelector(`[data-reference="${CSS.escape(reference)}"]`);
  if (done) return row.remove();
  const problem = row.querySelector(".problem");
  problem.textContent = message;
  problem.hidden = false;
}
