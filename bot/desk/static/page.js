// What every page of the desk does: sign out, the shortcuts, running clocks, and the word that the session is over.
import { call } from "./call.js";
import { keepClocks } from "./clocks.js";
import { listenForKeys } from "./keys.js";
import { banner, copy, say } from "./say.js";

addEventListener("signed-out", () => {
  const next = encodeURIComponent(location.pathname + location.search);
  banner("Your session has ended. What you wrote is kept in this browser.", `/desk/login?next=${next}`, "Sign in again");
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do], [data-copy]");
  if (!button) return;
  if (button.dataset.copy) copy(button.dataset.copy);
  else if (button.dataset.do === "sign-out") signOut();
  else if (button.dataset.do === "shortcuts") document.getElementById("shortcuts").showModal();
});

document.getElementById("availability")?.addEventListener("change", async (event) => {
  try {
    await call("POST", "availability", { availability: event.target.value });
    say("Your colleagues see it where they pass work on.");
  } catch (problem) {
    say(problem.message);
  }
});

async function signOut() {
  try {
    await call("POST", "logout", {});
  } catch (problem) {
    if (problem.status !== 401) return say(problem.message);
  }
  location.assign("/desk/login");
}

keepClocks();
listenForKeys();
