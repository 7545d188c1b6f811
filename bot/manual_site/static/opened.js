// Tells which hits of the search page are opened: that is how the vendor learns which questions the manual answers.
import { tell } from "./tell.js";

const hits = document.querySelector("[data-searched]");

function opened(event) {
  const item = event.target.closest("a") && event.target.closest("li");
  if (item) tell({ key: hits.dataset.searched, place: [...hits.children].indexOf(item) });
}

hits?.addEventListener("click", opened);
hits?.addEventListener("auxclick", opened);
