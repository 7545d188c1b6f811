// Times: waiting spans that keep running, and the moments of messages.

const EVERY_MS = 10_000;
const time = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

const date = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long" });

export function span(seconds) {
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(seconds / 3600);
  if (seconds < 60) return `${seconds} s`;
  if (minutes < 60) return `${minutes} min`;
  if (hours < 24) return `${hours} h ${String(minutes % 60).padStart(2, "0")} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

export function moment(iso) {
  const at = new Date(iso);
  return at.toDateString() === new Date().toDateString() ? time.format(at) : day.format(at);
}

export function timeOf(iso) {
  return time.format(new Date(iso));
}

export function dayOf(iso) {
  const at = new Date(iso);
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86_400_000);
  return days === 0 ? "Today" : days === 1 ? "Yesterday" : date.format(at);
}

function tick() {
  for (const element of document.querySelectorAll("[data-since]")) {
    const seconds = Math.max(0, Math.floor((Date.now() - new Date(element.dataset.since)) / 1000));
    const words = span(seconds);
    if (element.textContent !== words) element.textContent = words;
  }
}

// The page comes with times at the office's clock; the browser knows the technician's.
export function localise(part) {
  for (const shown of part.querySelectorAll("time[datetime]")) shown.textContent = moment(shown.dateTime);
}

export function keepClocks() {
  localise(document);
  setInterval(tick, EVERY_MS);
}
