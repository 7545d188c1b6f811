// Keyboard shortcuts. They rest while a field has the keyboard, and while a dialog is open, which Esc closes.

const actions = new Map([
  ["?", () => document.getElementById("shortcuts").showModal()],
  ["g", () => location.assign("/desk")],
  ["d", () => location.assign("/desk/day")],
  ["/", () => document.getElementById("find")?.focus()],
  ["j", () => move(1)],
  ["k", () => move(-1)],
]);

export function onKey(key, action) {
  actions.set(key, action);
}

export function listenForKeys() {
  addEventListener("keydown", (event) => {
    const dialog = [...document.querySelectorAll("dialog[open]")].at(-1);
    if (dialog) {
      // A search field would take Esc for itself and leave the dialog open.
      if (event.key === "Escape" && !event.isComposing) {
        event.preventDefault();
        dialog.close();
      }
      return;
    }
    const writing = event.target.closest?.("input, textarea, select");
    if (event.key === "Escape" && writing) return event.target.blur();
    if (writing || event.ctrlKey || event.metaKey || event.altKey) return;
    const action = actions.get(event.key);
    if (!action) return;
    event.preventDefault();
    action();
  });
}

// The link of the list that has the focus, if any.
export function chosen() {
  return document.activeElement?.closest(".case") ?? null;
}

function move(step) {
  const links = [...document.querySelectorAll(".case .title")];
  if (links.length === 0) return;
  const at = links.indexOf(chosen()?.querySelector(".title"));
  const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + step, 0), links.length - 1);
  links[next].focus();
}
