/** Small helpers for building elements. Text only ever becomes text nodes: nothing a person wrote is read as markup. */

/**
 * An element. Properties that begin with "on" are listeners, `class` and names with a dash or of ARIA are attributes,
 * true and false set or leave out an attribute. Children are nodes or text; null and false are left out.
 */
export function h(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else set(element, key, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Set or remove one attribute. */
export function set(element, key, value) {
  if (value === false || value === null || value === undefined) element.removeAttribute(key);
  else if (element.getAttribute(key) !== String(value)) element.setAttribute(key, value === true ? "" : value);
}

/** Change a text only if it differs, so that a live region does not speak again. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

const DRAWINGS = {
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20a7.5 7.5 0 0 1 15 0",
  phone: "M6.5 4h3l1.5 4-2 1.5a11 11 0 0 0 5.5 5.5l1.5-2 4 1.5v3a2 2 0 0 1-2.2 2A16 16 0 0 1 4.5 6.2 2 2 0 0 1 6.5 4z",
  issues: "M8 6h11M8 12h11M8 18h11M4 6h.01M4 12h.01M4 18h.01",
  plus: "M12 5v14M5 12h14",
  close: "M6 6l12 12M18 6L6 18",
  copy: "M9 9h10v11H9zM15 9V4H5v11h4",
  check: "M5 12.5l4.5 4.5L19 7.5",
  clip: "M19.5 11.5l-7.6 7.6a4.6 4.6 0 0 1-6.5-6.5l8-8a3 3 0 0 1 4.3 4.3l-7.8 7.8a1.5 1.5 0 0 1-2.1-2.1l7-7",
  clock: "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM12 7.5V12l3 2",
  send: "M4.5 12L20 4.5 14.5 20l-3-6.5z",
  file: "M7 3.5h7l4 4V20.5H7zM14 3.5v4h4",
  back: "M14.5 6l-6 6 6 6",
  down: "M12 5v13M6.5 13l5.5 5.5 5.5-5.5",
  page: "M5 4.5h9l5 5v10H5zM14 4.5v5h5M8.5 13h7M8.5 16h5",
};

export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", DRAWINGS[name]);
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "icon");
  svg.append(path);
  return svg;
}

/** Text for screen readers only. */
export function aside(text) {
  return h("span", { class: "aside" }, text);
}

/** The elements that Tab reaches, in order. */
export function focusable(root) {
  const candidates = root.querySelectorAll("a[href], button, textarea, input, [tabindex='0']");
  return [...candidates].filter((element) => !element.disabled && !element.closest("[hidden], [inert]") && element.tabIndex >= 0);
}

/** An address as http or https, or null for anything else (javascript:, data:, nonsense). */
export function safeUrl(address) {
  try {
    const url = new URL(address, location.href);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch {
    return null;
  }
}
