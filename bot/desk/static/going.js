// Going to another page of the desk. The shell takes over what it can show without loading a page.

let within = null;

// go(address) shows it and returns true, or returns false for what is a page of its own.
export function takeOver(go) {
  within = go;
}

export function goTo(address) {
  if (!within?.(address)) location.assign(address);
}
