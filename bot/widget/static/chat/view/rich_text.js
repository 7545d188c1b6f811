/** A message's text with its web and mail addresses as links. Line breaks are kept by the style sheet. */
import { aside, h, safeUrl } from "./dom.js";
import { words } from "../i18n.js";

const ADDRESS = /https?:\/\/[^\s<>"']+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gi;

/** Text and links as nodes. */
export function richText(text) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = withoutTail(match[0]);
    const link = linkTo(address);
    if (!link) continue;
    nodes.push(text.slice(end, match.index), link);
    end = match.index + address.length;
  }
  nodes.push(text.slice(end));
  return nodes.filter((node) => node !== "");
}

function linkTo(address) {
  if (!/^https?:/i.test(address)) return h("a", { href: `mailto:${address}` }, address);
  const href = safeUrl(address);
  return href && h("a", { href, target: "_blank", rel: "noopener noreferrer nofollow" }, address, aside(` (${words.opensNewTab})`));
}

/** A full stop or a bracket after an address belongs to the sentence, unless the bracket was opened within it. */
function withoutTail(address) {
  let kept = address.replace(/[.,;:!?]+$/, "");
  while (kept.endsWith(")") && kept.split(")").length > kept.split("(").length) {
    kept = kept.slice(0, -1).replace(/[.,;:!?]+$/, "");
  }
  return kept;
}
