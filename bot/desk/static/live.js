// The desk's event stream: one for all tabs of this browser. The tab that holds the lock has the stream and passes on
// what it hears; when it closes, the next one takes over. Where a browser has no locks, each tab has its own.
import { Stream } from "./stream.js";

const NAME = "techref desk";
const channel = navigator.locks && window.BroadcastChannel ? new BroadcastChannel(NAME) : null;
const counting = new Set();
const connecting = new Set();
let last = null;
let connected = null;
let leading = !channel;

// hear(counts, before) is called now and whenever the queue or my work changed; before is null at first.
export function onCounts(hear) {
  counting.add(hear);
  if (last) hear(last, null);
}

// told(connected) is called now and whenever it changes. The function that is returned ends it.
export function onConnection(told) {
  connecting.add(told);
  if (connected !== null) told(connected);
  return () => connecting.delete(told);
}

// One tab of the browser makes sounds and notifications.
export function isLeading() {
  return leading;
}

// Whether any tab of the desk is looked at.
export async function isSeen() {
  if (!document.hidden) return true;
  if (!navigator.locks) return false;
  const { held } = await navigator.locks.query();
  return held.some((lock) => lock.name === `${NAME} seen`);
}

function hear(counts) {
  const before = last;
  last = counts;
  for (const each of counting) each(counts, before);
}

function tellConnected(now) {
  if (now === connected) return;
  connected = now;
  for (const told of connecting) told(now);
}

function lead() {
  leading = true;
  const queue = (counts) => {
    hear(counts);
    channel?.postMessage({ counts });
  };
  new Stream(() => "/desk/api/events", { queue }, (now) => {
    tellConnected(now);
    channel?.postMessage({ connected: now });
  });
}

function follow() {
  channel.addEventListener("message", ({ data }) => {
    if (data.counts) hear(data.counts);
    else if ("connected" in data) tellConnected(data.connected);
    else if (data.signedOut) dispatchEvent(new CustomEvent("signed-out", { detail: "elsewhere" }));
    else if (data.hello && leading) {
      if (last) channel.postMessage({ counts: last });
      if (connected !== null) channel.postMessage({ connected });
    }
  });
  addEventListener("signed-out", ({ detail }) => detail !== "elsewhere" && channel.postMessage({ signedOut: true }));
  channel.postMessage({ hello: true });
  navigator.locks.request(NAME, () => {
    lead();
    return new Promise(() => {}); // until the tab is gone
  });
}

// While a tab is looked at it shares a lock, which the leading one can see.
function showThatSeen() {
  let release = () => {};
  const look = () => {
    release();
    if (document.hidden) return;
    navigator.locks.request(`${NAME} seen`, { mode: "shared" }, () => new Promise((end) => (release = end)));
  };
  document.addEventListener("visibilitychange", look);
  look();
}

if (channel) {
  follow();
  showThatSeen();
} else lead();
