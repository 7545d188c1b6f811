// Build a message's text from the tree that the gateway parsed. Every word becomes a text node, never markup.
// Widget and desk are served this same file.

const FORMS = { strong: "strong", emphasis: "em", strike: "s" };
const SCHEMES = /^(?:https?:\/\/|mailto:)/i;

/**
 * Nodes for a message: its text as it is where `content` is null. `afterLink` returns what a link to another site ends with.
 */
export function contentNodes(text, content, afterLink = () => []) {
  return content ? content.map((block) => blockNode(block, afterLink)) : [text];
}

function blockNode(block, afterLink) {
  switch (block.kind) {
    case "code":
      return made("pre", {}, [block.text]);
    case "quote":
      return made("blockquote", {}, contentNodes("", block.blocks, afterLink));
    case "list":
      return listNode(block, afterLink);
    default:
      return made("p", {}, linesOf(withoutBlankEnds(block.lines), afterLink));
  }
}

function listNode({ start, items }, afterLink) {
  const list = made(start === null ? "ul" : "ol", {}, items.map((item) =>
    made("li", {}, [...linesOf(item.lines, afterLink), ...item.lists.map((inner) => listNode(inner, afterLink))])));
  if (start !== null && start !== 1) list.start = start;
  return list;
}

function linesOf(lines, afterLink) {
  return lines.flatMap((line, place) => [...(place ? ["\n"] : []), ...line.map((one) => inlineNode(one, afterLink))]);
}

function withoutBlankEnds(lines) {
  const isBlank = (line) => line.every((one) => typeof one === "string" && !one.trim());
  const first = lines.findIndex((line) => !isBlank(line));
  return first < 0 ? [] : lines.slice(first, lines.findLastIndex((line) => !isBlank(line)) + 1);
}

function inlineNode(one, afterLink) {
  if (typeof one === "string") return one;
  if (one.kind === "code") return made("code", {}, [one.text]);
  const parts = one.parts.map((part) => inlineNode(part, afterLink));
  if (one.kind !== "link") return made(FORMS[one.kind], {}, parts);
  if (!SCHEMES.test(one.target)) return made("span", {}, parts);
  if (/^mailto:/i.test(one.target)) return made("a", { href: one.target }, parts);
  const elsewhere = { href: one.target, target: "_blank", rel: "noopener noreferrer nofollow" };
  return made("a", elsewhere, [...parts, ...afterLink()]);
}

function made(name, attributes, children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}
