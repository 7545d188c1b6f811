// Build elements; text is always set as text, so that nothing a customer wrote becomes markup.
import { contentNodes } from "./content.js";

export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  const { dataset, ...rest } = properties;
  Object.assign(made, rest);
  Object.assign(made.dataset, dataset);
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

// What somebody wrote, in the form that the gateway parsed; without it the text as it was typed.
export function words(text, content = null) {
  return element("div", { className: "words", dir: "auto" }, ...contentNodes(text, content));
}
