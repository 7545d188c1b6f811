/**
 * The one script of the embed tag: a launcher button on any host page, and the chat in a frame from our origin.
 *
 *   <script src="https://support.example.com/widget/embed.js" async
 *           data-product="ledger" data-colour="#1f5f8b" data-identity-token="…"></script>
 *
 * It must never disturb the host page: everything it shows lives in a shadow root, it adds one global
 * (window.techRefWidget), and it touches nothing of the page but the scrolling while the chat fills a phone.
 */
(() => {
  "use strict";

  if (window.techRefWidget) {
    // Included twice, or the page swapped its body: there is one launcher, put back if it was lost.
    window.techRefWidget.attach();
    return;
  }

  const script = document.currentScript ?? document.querySelector('script[src*="/widget/embed.js"]');
  if (!script || !("attachShadow" in Element.prototype)) return;
  const origin = new URL(script.src, location.href).origin;

  const WORDS = {
    open: "Open support chat",
    close: "Close support chat",
    frame: "Support chat",
    unread: (count) => (count === 1 ? "1 new message in the support chat" : `${count} new messages in the support chat`),
  };
  const CHANNEL = "techref-widget";
  const RETURNING = "techref-widget.returning";
  const PHONE = "(max-width: 520px), (max-height: 480px)";
  // Put in by the server: the colour of support.yml.
  const OPERATORS_COLOUR = "{{ operators_colour }}";
  // And those of several products by their ids, which data-product names.
  const PRODUCT_COLOURS = JSON.parse('{{ product_colours }}');

  const STYLE = `
    :host { all: initial !important; }
    [hidden] { display: none !important; }
    * { box-sizing: border-box; }
    .launcher, .frame-box { position: fixed; z-index: 2147483000; right: max(20px, env(safe-area-inset-right)); }
    .launcher {
      bottom: max(20px, env(safe-area-inset-bottom)); width: 60px; height: 60px; padding: 0; border: 0; border-radius: 50%;
      background: var(--techref-accent); color: var(--techref-on-accent); cursor: pointer; display: grid; place-items: center;
      box-shadow: 0 6px 20px rgb(15 30 45 / 28%), 0 1px 3px rgb(15 30 45 / 20%); transition: transform .15s, box-shadow .15s;
    }
    .launcher:hover { transform: translateY(-2px); box-shadow: 0 10px 26px rgb(15 30 45 / 32%), 0 1px 3px rgb(15 30 45 / 20%); }
    .launcher:focus-visible { outline: 3px solid var(--techref-on-accent); outline-offset: -6px; box-shadow: 0 0 0 3px var(--techref-accent); }
    .launcher svg { width: 28px; height: 28px; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
    .badge {
      position: absolute; top: -4px; right: -4px; min-width: 24px; height: 24px; padding: 0 6px; border-radius: 12px;
      background: #b3261e; color: #fff; border: 2px solid #fff; font: 700 13px/20px system-ui, sans-serif; text-align: center;
    }
    .frame-box {
      bottom: 92px; width: min(408px, calc(100vw - 40px)); height: min(700px, calc(100vh - 112px)); border-radius: 16px;
      overflow: hidden; background: Canvas; box-shadow: 0 18px 50px rgb(15 30 45 / 30%), 0 2px 8px rgb(15 30 45 / 16%);
    }
    .frame-box.full { inset: 0; width: 100%; height: 100%; height: 100dvh; border-radius: 0; }
    iframe { display: block; width: 100%; height: 100%; border: 0; }
    .guard, .announcer { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    @media (prefers-reduced-motion: reduce) { .launcher { transition: none; } .launcher:hover { transform: none; } }
    @media (forced-colors: active) { .launcher, .badge { border: 2px solid ButtonText; } }
    @media print { :host { display: none !important; } }
  `;

  function element(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  function drawing(path) {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    const line = document.createElementNS(space, "path");
    line.setAttribute("d", path);
    svg.append(line);
    return svg;
  }

  const SPEECH = "M4 6.5A2.5 2.5 0 0 1 6.5 4h11A2.5 2.5 0 0 1 20 6.5v7a2.5 2.5 0 0 1-2.5 2.5H11l-4.5 4v-4A2.5 2.5 0 0 1 4 13.5zM8.5 8.5h7M8.5 11.8h4.5";
  const DOWN = "M6 9.5l6 6 6-6";

  const badge = element("span", { class: "badge", "aria-hidden": "true", hidden: "" });
  const icon = element("span", { class: "icon" }, drawing(SPEECH));
  const launcher = element("button", { class: "launcher", type: "button", "aria-expanded": "false", "aria-label": WORDS.open }, icon, badge);
  const before = element("span", { class: "guard", tabindex: "-1" });
  const after = element("span", { class: "guard", tabindex: "-1" });
  const box = element("div", { class: "frame-box", hidden: "" });
  const announcer = element("div", { class: "announcer", role: "status" });
  const host = element("div", { "data-techref-widget": "" });
  const root = host.attachShadow({ mode: "open" });
  if ("adoptedStyleSheets" in Document.prototype) {
    // A constructed sheet works under any style-src of the host page; a <style> element would not.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
  } else {
    root.append(element("style", {}, STYLE));
  }
  root.append(before, box, after, launcher, announcer);

  const phone = matchMedia(PHONE);
  let identityToken = script.dataset.identityToken ?? null;
  const colour = sixDigits(script.dataset.colour);
  const product = Object.hasOwn(PRODUCT_COLOURS, script.dataset.product ?? "") ? script.dataset.product : null;
  let frame = null;
  let ready = false;
  let shown = false;
  let unread = 0;
  let pageOverflow = null;

  /** #rgb or #rrggbb as #rrggbb; null for anything else. */
  function sixDigits(value) {
    if (!/^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i.test(value ?? "")) return null;
    return value.length === 4 ? value.replace(/[^#]/g, "$&$&") : value;
  }

  /** Black or white, whichever is easier to read on the colour (WCAG relative luminance). */
  function readableOn(hex) {
    const [red, green, blue] = [1, 3, 5].map((start) => {
      const part = parseInt(hex.slice(start, start + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? "#10181f" : "#ffffff";
  }

  function paint(hex) {
    host.style.setProperty("--techref-accent", hex);
    host.style.setProperty("--techref-on-accent", readableOn(hex));
  }

  function remember() {
    try {
      localStorage.setItem(RETURNING, "1");
    } catch {
      // The page's storage is closed to us: the chat then loads when the button is pressed, as for a first visit.
    }
  }

  function isReturning() {
    try {
      return localStorage.getItem(RETURNING) === "1";
    } catch {
      return false;
    }
  }

  function tell(type, detail = {}) {
    if (ready) frame.contentWindow.postMessage({ channel: CHANNEL, type, ...detail }, origin);
  }

  function load() {
    if (frame) return;
    frame = element("iframe", {
      src: `${origin}/widget/${product ? `?product=${product}` : ""}`,
      title: WORDS.frame,
      allow: "clipboard-write",
      referrerpolicy: "strict-origin-when-cross-origin",
    });
    box.append(frame);
  }

  function layOut() {
    const full = shown && phone.matches;
    box.classList.toggle("full", full);
    for (const [name, value] of [["role", "dialog"], ["aria-modal", "true"], ["aria-label", WORDS.frame]]) {
      if (full) box.setAttribute(name, value);
      else box.removeAttribute(name);
    }
    before.tabIndex = after.tabIndex = full ? 0 : -1;
    launcher.hidden = full;
    const page = document.documentElement;
    if (full && pageOverflow === null) {
      pageOverflow = page.style.overflow;
      page.style.overflow = "hidden";
    } else if (!full && pageOverflow !== null) {
      page.style.overflow = pageOverflow;
      pageOverflow = null;
    }
    tell("shown", { shown, full });
  }

  function draw() {
    launcher.setAttribute("aria-expanded", String(shown));
    launcher.setAttribute("aria-label", shown ? WORDS.close : unread ? `${WORDS.open}, ${WORDS.unread(unread)}` : WORDS.open);
    icon.replaceChildren(drawing(shown ? DOWN : SPEECH));
    badge.hidden = shown || unread === 0;
    badge.textContent = unread > 9 ? "9+" : String(unread);
  }

  function open() {
    load();
    shown = true;
    unread = 0;
    announcer.textContent = "";
    box.hidden = false;
    draw();
    layOut();
    frame.focus();
  }

  function close() {
    if (!shown) return;
    shown = false;
    box.hidden = true;
    draw();
    layOut();
    launcher.focus();
  }

  const onMessage = {
    ready() {
      ready = true;
      tell("hello", { identity_token: identityToken, colour, page_url: location.href });
      layOut();
    },
    close,
    conversation: remember,
    unread({ count }) {
      if (shown || !Number.isSafeInteger(count) || count < 0 || count === unread) return;
      const more = count > unread;
      unread = count;
      draw();
      announcer.textContent = more ? WORDS.unread(count) : "";
    },
  };

  window.addEventListener("message", (event) => {
    if (!frame || event.origin !== origin || event.source !== frame.contentWindow) return;
    const message = event.data;
    if (message?.channel !== CHANNEL || !Object.hasOwn(onMessage, message.type)) return;
    onMessage[message.type](message);
  });
  launcher.addEventListener("click", () => (shown ? close() : open()));
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && shown) close();
  });
  // On a phone the chat is a dialog: tabbing out of the frame at either end leads back in at the other.
  before.addEventListener("focus", () => tell("focus", { where: "last" }));
  after.addEventListener("focus", () => tell("focus", { where: "first" }));
  phone.addEventListener("change", layOut);

  function attach() {
    if (!host.isConnected) document.body.append(host);
  }

  function start() {
    paint(colour ?? PRODUCT_COLOURS[product] ?? OPERATORS_COLOUR);
    attach();
    // Somebody who has written before may have an answer waiting; a first visitor loads nothing more.
    if (isReturning()) (window.requestIdleCallback ?? setTimeout)(load);
  }

  window.techRefWidget = Object.freeze({
    open,
    close,
    attach,
    /** Say who is signed in, or null after signing out. The chat then shows that person's conversation only. */
    identify(token) {
      identityToken = typeof token === "string" && token ? token : null;
      tell("identify", { identity_token: identityToken });
    },
  });

  if (document.body) start();
  else document.addEventListener("DOMContentLoaded", start, { once: true });
})();
