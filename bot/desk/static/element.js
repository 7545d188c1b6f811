// Build elements; text is always set as text, so that nothing a customer wrote becomes markup.

export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  const { dataset, ...rest } = properties;
  Object.assign(made, rest);
  Object.assign(made.dataset, dataset);
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

const LINK = /https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]]/g;

// Words with their web addresses as links that tell the other site nothing.
export function words(text) {
  const paragraph = element("p", { className: "words" });
  let at = 0;
  for (const found of text.matchAll(LINK)) {
    paragraph.append(text.slice(at, found.index));
    paragraph.append(element("a", { href: found[0], target: "_blank", rel: "noopener noreferrer" }, found[0]));
    at = found.index + found[0].length;
  }
  paragraph.append(text.slice(at));
  return paragraph;
}
