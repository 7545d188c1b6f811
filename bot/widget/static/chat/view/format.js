/** Times as people say them, in their own zone. */
import { LOCALE, words } from "../i18n.js";

const language = navigator.language.startsWith(LOCALE) ? navigator.language : LOCALE;
const clock = new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit" });
const day = new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long" });
const dayAndYear = new Intl.DateTimeFormat(language, { day: "numeric", month: "long", year: "numeric" });

export function time(date) {
  return clock.format(date);
}

/** A key that is equal for two moments of one local day. */
export function dayKey(date) {
  return `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`;
}

export function dayName(date, now = new Date()) {
  if (dayKey(date) === dayKey(now)) return words.today;
  const yesterday = new Date(now);
  yesterday.setDate(now.getDate() - 1);
  if (dayKey(date) === dayKey(yesterday)) return words.yesterday;
  return date.getFullYear() === now.getFullYear() ? day.format(date) : dayAndYear.format(date);
}

export function fullDate(date) {
  return dayAndYear.format(date);
}
