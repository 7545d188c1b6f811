/** The operator's accent colour, made readable: text on it, and itself as text on our surfaces, at 4.5 to 1 or better. */

const ENOUGH = 4.5;

export function isColour(value) {
  return typeof value === "string" && /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i.test(value);
}

function channels(hex) {
  const full = hex.length === 4 ? hex.replace(/[^#]/g, "$&$&") : hex;
  return [1, 3, 5].map((start) => parseInt(full.slice(start, start + 2), 16));
}

function toHex(parts) {
  return `#${parts.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;
}

function luminance(hex) {
  const [red, green, blue] = channels(hex).map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** WCAG contrast of two colours, 1 to 21. */
export function contrast(one, other) {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

export function mix(one, other, share) {
  const [from, to] = [channels(one), channels(other)];
  return toHex(from.map((part, index) => part + (to[index] - part) * share));
}

export function readableOn(background) {
  return contrast("#ffffff", background) >= ENOUGH ? "#ffffff" : "#10181f";
}

/** The colour moved towards black or white until it can be read on `surface`. */
export function asText(colour, surface) {
  const goal = luminance(surface) > 0.18 ? "#000000" : "#ffffff";
  for (let share = 0; share < 1; share += 0.05) {
    const candidate = mix(colour, goal, share);
    if (contrast(candidate, surface) >= ENOUGH) return candidate;
  }
  return goal;
}

/** Give the page the operator's accent, for the light or the dark scheme. Set as properties: no inline style attribute. */
export function applyAccent(colour, dark, style = document.documentElement.style) {
  const surface = dark ? "#1e2830" : "#ffffff";
  const soft = mix(dark ? "#161e25" : "#ffffff", colour, dark ? 0.22 : 0.1);
  style.setProperty("--accent", colour);
  style.setProperty("--on-accent", readableOn(colour));
  style.setProperty("--accent-soft", soft);
  style.setProperty("--accent-text", asText(asText(colour, surface), soft));
}
