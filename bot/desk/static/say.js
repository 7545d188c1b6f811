// Short words to the technician: read out and shown for a moment, or kept at the top until they are dealt with.

const said = document.getElementById("said");
let fading = 0;

export function say(words) {
  said.textContent = words;
  said.classList.replace("hidden", "toast");
  clearTimeout(fading);
  fading = setTimeout(() => said.classList.replace("toast", "hidden"), 6000);
}

export function banner(words, address, link) {
  const bar = document.getElementById("banner");
  bar.textContent = `${words} `;
  const anchor = document.createElement("a");
  anchor.href = address;
  anchor.textContent = link;
  bar.append(anchor);
  bar.hidden = false;
}

export async function copy(words) {
  try {
    await navigator.clipboard.writeText(words);
    say(`${words} is copied.`);
  } catch {
    say(`The browser does not allow copying. Copy it by hand: ${words}`);
  }
}
