// Tags of the issue on the page: added by name, removed by their button. The page shows the change by itself.
import { call } from "./call.js";
import { element } from "./element.js";
import { offer } from "./keys.js";
import { say } from "./say.js";

const field = () => document.getElementById("new-tag");

document.addEventListener("submit", async (event) => {
  if (!event.target.matches(".tag-form")) return;
  event.preventDefault();
  const { value } = event.target.elements.name;
  if (await change(event.target.dataset.reference, "tags", value)) event.target.reset();
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-untag]");
  if (button) change(button.dataset.reference, "tags/remove", button.dataset.untag);
});

// The names that there are already are offered while somebody types.
document.addEventListener("focusin", async (event) => {
  if (event.target !== field()) return;
  try {
    const { tags } = await call("GET", "tags");
    document.getElementById("known-tags")?.replaceChildren(...tags.map(({ name }) => element("option", { value: name })));
  } catch (problem) {
    say(problem.message);
  }
});

async function change(reference, what, name) {
  try {
    await call("POST", `issues/${reference}/${what}`, { name });
    return true;
  } catch (problem) {
    say(problem.message);
    return false;
  }
}

function begin() {
  document.querySelector("[role=tab][data-part=facts]")?.click();
  field().focus();
}

offer("Add a tag", "l", begin, { group: "In a conversation", available: () => field() !== null });
