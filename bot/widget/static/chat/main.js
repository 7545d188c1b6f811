/** Starts the chat in its frame: meets the host page, puts model and view together, follows the browser's moods. */
import { Api, ApiError } from "./api.js";
import { ChatView } from "./view/chat_view.js";
import { Conversation } from "./conversation.js";
import { Host } from "./host.js";
import { Memory } from "./memory.js";
import { Pause, backoff } from "./backoff.js";
import { Sessions, ownerOf } from "./sessions.js";
import { StagedFiles } from "./staged_files.js";
import { Store, lastSeq, unreadCount } from "./store.js";
import { words } from "./i18n.js";

/** A hidden tab gives its connection back after this long: browsers allow six per server, shared by all tabs. */
const HIDDEN_MS = 30_000;
const CONFIG_FRESH_MS = 60_000;
// The number on the launcher as the host page was told last.
let toldUnread = null;

const host = new Host();
const api = new Api();
const store = new Store();
const configPause = new Pause();
let configAt = 0;
let phone = false;

await start(await host.greet());

async function start(identity) {
  const owner = ownerOf(identity.identity_token);
  identity.product = productOf(location);
  // Of several products each has conversations of its own.
  const memory = new Memory(`techref.v1.${owner}.${identity.product ? `${identity.product}.` : ""}`);
  const sessions = new Sessions(memory);
  const conversation = new Conversation({ api, store, sessions, memory, identity });
  let view = null;
  const files = new StagedFiles({ api, conversation, tokenOf: (id) => sessions.tokenOf(id), onChange: () => view?.renderFiles() });
  view = new ChatView({
    conversation,
    store,
    files,
    draft: draftIn(memory),
    fetchFile: (id) => api.attachment(conversation.id, conversation.token, id),
    onClose: () => host.tell("close"),
  });

  store.dispatch({ type: "shown", shown: !host.framed });
  memory.onTrouble((trouble) => {
    const text = trouble === "full" ? words.notices.memoryFull : words.notices.memoryOnly;
    store.dispatch({ type: "notice", notice: { key: "memory", kind: "warn", text } });
  });
  listenToHost(owner, identity, view);
  listenToBrowser(conversation);
  document.addEventListener("card-opened", ({ detail }) => conversation.cardOpened(detail));
  paint(identity);
  store.subscribe((state) => watch(state, conversation));
  const link = linkFromMail();
  if (link) await conversation.comeInBy(link);
  conversation.resume();
  view.mount(document.getElementById("chat"), { framed: host.framed });
  loadConfig(memory, identity.product);
}

/** The secret of a link from a mail; taken out of the address at once, so that no history keeps it. */
function linkFromMail() {
  const link = new URLSearchParams(location.hash.slice(1)).get("continue");
  if (link) history.replaceState(null, "", location.pathname + location.search);
  return link;
}

/** What was being written survives a reload, word by word. */
function draftIn(memory) {
  return {
    read: () => ({ text: "", files: [], ...memory.get("draft") }),
    write: (draft) => (draft.text || draft.files.length ? memory.set("draft", draft) : memory.remove("draft")),
  };
}

function listenToHost(owner, identity, view) {
  host.on("shown", ({ shown, full }) => {
    phone = full;
    const opened = shown && !store.state.shown;
    store.dispatch({ type: "shown", shown });
    if (!opened) return;
    view.focus({ phone });
    view.list.toEnd();
    configPause.wake();
  });
  host.on("focus", ({ where }) => view.focusEdge(where));
  host.on("identify", ({ identity_token: token }) => {
    identity.identity_token = token;
    // Another person: nothing of the one before may stay in memory or on the screen.
    if (ownerOf(token) !== owner) location.reload();
  });
}

function listenToBrowser(conversation) {
  let hiding = 0;
  window.addEventListener("online", () => conversation.nudge());
  window.addEventListener("pageshow", (event) => event.persisted && conversation.nudge());
  document.addEventListener("visibilitychange", () => {
    clearTimeout(hiding);
    if (document.hidden) hiding = setTimeout(() => conversation.pause(), HIDDEN_MS);
    else conversation.unpause();
  });
}

/** What is in view is seen; what is not is counted on the launcher, which is told when the number changes. */
function watch(state, conversation) {
  if (state.conversation.id) host.tell("conversation");
  if (!state.restored) return;
  if (state.shown && !document.hidden && lastSeq(state) > state.seenSeq) conversation.seen();
  const count = state.shown ? 0 : unreadCount(state);
  if (count === toldUnread) return;
  toldUnread = count;
  host.tell("unread", { count });
}

/** The one of several products that the embed tag, or the address, names; null for none. */
function productOf({ search }) {
  const product = new URLSearchParams(search).get("product") ?? "";
  return /^[a-z_][a-z0-9_]{0,39}$/.test(product) ? product : null;
}

/**
 * The host page's own accent, else the product's. The server works out the shades that can be read, as it does for the
 * operator's colour.
 */
function paint({ colour, product }) {
  const accent = document.getElementById("accent");
  if (/^#[0-9a-f]{6}$/i.test(colour ?? "")) accent.href = `/widget/accent.css?colour=${colour.slice(1)}`;
  else if (product) accent.href = `/widget/accent.css?product=${product}`;
}

/** Hours change while a page stays open: fetched when the chat is opened, and again every five minutes in view. */
async function loadConfig(memory, product) {
  const known = memory.get("config");
  if (known) store.dispatch({ type: "config", config: known });
  for (let failures = 0; ; ) {
    let wait = 5 * CONFIG_FRESH_MS;
    if (!document.hidden && Date.now() - configAt > CONFIG_FRESH_MS) {
      try {
        const config = await api.config(product);
        configAt = Date.now();
        failures = 0;
        memory.set("config", config);
        store.dispatch({ type: "config", config });
        store.dispatch({ type: "dismiss", key: "config" });
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        failures += 1;
        wait = Math.max(error.retryAfter, backoff(failures));
        if (failures > 1 && !store.state.config) {
          store.dispatch({ type: "notice", notice: { key: "config", kind: "warn", text: words.errors.unavailable } });
        }
      }
    }
    await configPause.wait(wait);
  }
}
