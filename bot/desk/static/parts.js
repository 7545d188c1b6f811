// Parts of a page that the server renders again when what they show has changed.
import { fragment } from "./call.js";
import { localise } from "./clocks.js";
import { say } from "./say.js";

const TOGETHER_MS = 300; // changes that come together are fetched once

// A function that fetches the fragment and puts each of its parts, marked data-into, in its place.
export function refresher(address) {
  let waiting = 0;
  return () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => refresh(address), TOGETHER_MS);
  };
}

async function refresh(address) {
  try {
    const holder = document.createElement("template");
    holder.innerHTML = await fragment(address);
    for (const part of holder.content.querySelectorAll("[data-into]")) replace(part);
  } catch (problem) {
    if (problem.status !== 401) say(problem.message);
  }
}

function replace(part) {
  const place = document.getElementById(part.dataset.into);
  const focused = place.contains(document.activeElement) ? document.activeElement.id : null;
  keepTyped(place, part);
  for (const details of part.querySelectorAll("details[id]")) {
    const shown = document.getElementById(details.id);
    if (shown) details.open = shown.open;
  }
  localise(part);
  place.replaceChildren(...part.childNodes);
  if (focused) document.getElementById(focused)?.focus();
}

// What somebody is typing into a form among the parts is not lost when they change.
function keepTyped(place, part) {
  for (const field of place.querySelectorAll("input[id], textarea[id], select[id]")) {
    const fresh = part.querySelector(`#${CSS.escape(field.id)}`);
    const touched = field.tagName === "SELECT" ? field.selectedIndex > 0 : field.value !== field.defaultValue;
    if (fresh && touched) fresh.value = field.value;
  }
}
