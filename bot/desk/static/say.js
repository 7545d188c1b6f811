// Short words to the technician: read out and shown for a moment, or kept at the top until they are dealt with.

const SHOWN_MS = 6_000;
const said = document.getElementById("said");

// Each has a place of its own, so that none is replaced unread. Words of the same kind replace each other. link: {href,
// label} that leads to what it is about.
export function say(words, kind = "", link = null) {
  const toast = document.createElement("p");
  toast.className = "toast";
  toast.dataset.kind = kind;
  toast.textContent = link ? `${words} ` : words;
  if (link) toast.append(anchor(link.href, link.label));
  if (kind) said.querySelector(`[data-kind="${kind}"]`)?.remove();
  said.append(toast);
  setTimeout(() => toast.remove(), SHOWN_MS);
}

export function banner(words, address, label) {
  const bar = document.getElementById("banner");
  bar.textContent = `${words} `;
  bar.append(anchor(address, label));
  bar.hidden = false;
}

function anchor(href, label) {
  const made = document.createElement("a");
  made.href = href;
  made.textContent = label;
  return made;
}

export async function copy(words) {
  try {
    await navigator.clipboard.writeText(words);
    say(`${words} is copied.`);
  } catch {
    say(`The browser does not allow copying. Copy it by hand: ${words}`);
  }
}
