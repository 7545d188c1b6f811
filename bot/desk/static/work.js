// Long work that was requested here: the state is asked for until it ends, then the page shows what came of it.
import { call } from "./call.js";

const LOOK_EVERY_MS = 2000;

async function follow(place) {
  const state = await call("GET", `jobs/${place.dataset.work}`);
  if (!state.waiting && !state.running) return location.reload();
  const bar = place.querySelector("progress");
  if (state.running) {
    const usual = state.usual_seconds ? ` The last one took ${state.usual_seconds} s.` : "";
    place.querySelector("[data-work-state]").textContent = `${bar.getAttribute("aria-label")} for ${state.seconds} s.${usual}`;
    if (state.usual_seconds) bar.value = Math.min(state.seconds, state.usual_seconds);
  }
  setTimeout(() => look(place), LOOK_EVERY_MS);
}

function look(place) {
  follow(place).catch((error) => {
    if (error.status !== 401) setTimeout(() => look(place), LOOK_EVERY_MS);
  });
}

for (const place of document.querySelectorAll("[data-work][data-busy]")) setTimeout(() => look(place), LOOK_EVERY_MS);
