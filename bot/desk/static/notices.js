// What tells that somebody writes or waits: badges, the tab's title, a word on the page; a sound and notifications of
// the browser where they were chosen.
import { fragment } from "./call.js";
import { localise } from "./clocks.js";
import { isLeading, isSeen, onCounts } from "./live.js";
import { say } from "./say.js";

const KEY = "techref desk notices";
const RING_HZ = [880, 1175];
const RING_S = 0.12;
let base = document.title;
let opened = "";
let counts = null;

export function setTitle(title) {
  base = title;
  showTitle();
}

// The conversation that is on the page, of whose messages nothing need tell.
export function setOpened(conversation) {
  opened = conversation;
  if (counts) showBadges();
}

onCounts((now, before) => {
  counts = now;
  showBadges();
  if (before) tell(now, before);
});

function unreadOf(all) {
  const elsewhere = Object.entries(all.unread).filter(([conversation]) => conversation !== opened || document.hidden);
  return Object.fromEntries(elsewhere);
}

function mineNow() {
  return Object.keys(unreadOf(counts)).length + counts.for_me.length + counts.mentions.length;
}

function showBadges() {
  badge("queue", mineNow() || counts.waiting.length, mineNow() > 0);
  badge("due", counts.due, counts.due > 0);
  badge("notices", counts.mentions.length, counts.mentions.length > 0);
  showTitle();
}

function badge(name, number, pressing) {
  for (const shown of document.querySelectorAll(`[data-badge=${name}]`)) {
    shown.hidden = number === 0;
    shown.textContent = number;
    shown.classList.toggle("pressing", pressing);
  }
}

function showTitle() {
  if (!counts) return (document.title = base);
  const unread = Object.keys(unreadOf(counts)).length;
  const waiting = unread + counts.waiting.length;
  document.title = `${unread || counts.for_me.length ? "● " : ""}${waiting ? `(${waiting}) ` : ""}${base}`;
}

function tell(now, before) {
  const unread = unreadOf(now);
  const answered = Object.keys(unread).find((id) => unread[id] > (before.unread[id] ?? 0));
  const forMe = now.for_me.some((id) => !before.for_me.includes(id));
  const named = now.mentions.find(({ id }) => !before.mentions.some((other) => other.id === id));
  const waits = now.waiting.some((id) => !before.waiting.includes(id));
  if (answered) told("A customer has answered you", { href: `/desk/conversations/${answered}`, label: "Open" });
  else if (named) told(`${named.by} mentioned you`, { href: `/desk/conversations/${named.conversation_id}`, label: "Open" });
  else if (forMe) told("A conversation was passed to you", { href: "/desk", label: "See it" });
  else if (waits) told(now.waiting.length === 1 ? "A customer is waiting" : `${now.waiting.length} customers are waiting`);
  else if (now.due > before.due) told("An issue of yours waits for you", { href: "/desk/day", label: "See it" });
}

async function told(words, link) {
  if (!document.hidden) say(words, "queue", link);
  if (!isLeading()) return;
  const { sound, pop } = chosen();
  if (sound) ring();
  if (pop && window.Notification?.permission === "granted" && !(await isSeen())) {
    const shown = new Notification(words, { tag: "techref-queue" });
    shown.onclick = () => focus();
  }
}

function ring() {
  const audio = new AudioContext();
  RING_HZ.forEach((pitch, place) => {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    const at = audio.currentTime + place * RING_S;
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.08, at);
    volume.gain.exponentialRampToValueAtTime(0.001, at + RING_S);
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + RING_S);
  });
  setTimeout(() => audio.close(), 1000 * RING_S * (RING_HZ.length + 1));
}

function chosen() {
  return { sound: false, pop: false, ...JSON.parse(localStorage.getItem(KEY) ?? "{}") };
}

function choose(change) {
  localStorage.setItem(KEY, JSON.stringify({ ...chosen(), ...change }));
}

const sound = document.getElementById("notice-sound");
const pop = document.getElementById("notice-pop");
const problem = document.getElementById("notices-problem");
// The defaults, which a dialog goes back to when it is opened again.
const showChosen = () => {
  sound.defaultChecked = sound.checked = chosen().sound;
  pop.defaultChecked = pop.checked = chosen().pop && window.Notification?.permission === "granted";
};
showChosen();
document.getElementById("dialog-notices").addEventListener("opened", async () => {
  showChosen();
  const place = document.getElementById("notices-here");
  try {
    place.innerHTML = await fragment("notices");
    localise(place);
  } catch (failed) {
    place.textContent = failed.message;
  }
});
sound.addEventListener("change", () => {
  choose({ sound: sound.checked });
  if (sound.checked) ring();
});
pop.addEventListener("change", async () => {
  const wanted = pop.checked;
  const allowed = wanted && window.Notification ? await Notification.requestPermission() : "";
  pop.checked = wanted && allowed === "granted";
  problem.hidden = !wanted || pop.checked;
  problem.textContent = "The browser does not allow notifications of this page. Allow them in its settings, then choose again.";
  choose({ pop: pop.checked });
});
