// What every page of the desk does: sign out, the shortcuts, the command bar, running clocks, what tells of customers,
// and the word that the session is over.
import { call } from "./call.js";
import { keepClocks } from "./clocks.js";
import { openCommands } from "./commands.js";
import { open } from "./dialogs.js";
import { listenForKeys, offer, showSheet } from "./keys.js";
import "./notices.js";
import { banner, copy, say } from "./say.js";
import "./undo.js";

addEventListener("signed-out", () => {
  const next = encodeURIComponent(location.pathname + location.search);
  banner("Your session has ended. What you wrote is kept in this browser.", `/desk/login?next=${next}`, "Sign in again");
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do], [data-copy]");
  if (!button) return;
  if (button.dataset.copy) copy(button.dataset.copy);
  else if (button.dataset.do === "sign-out") signOut();
  else if (button.dataset.do === "shortcuts") showSheet();
  else if (button.dataset.do === "commands") openCommands();
});
document.addEventListener("commands", openCommands);

document.getElementById("availability")?.addEventListener("change", async (event) => {
  try {
    await call("POST", "availability", { availability: event.target.value });
    say(event.target.value === "available" ? "You are available." : "Your colleagues see it, and nobody waits for you meanwhile.");
  } catch (problem) {
    say(problem.message);
  }
});

document.getElementById("delays-replies")?.addEventListener("change", async ({ target }) => {
  try {
    await call("POST", "preferences", { delays_replies: target.checked });
    target.defaultChecked = target.checked;
  } catch (problem) {
    target.checked = target.defaultChecked;
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

const find = () => document.querySelector("main input[type=search]");
offer("Go to the queue", "g", () => document.querySelector('.places a[href="/desk"]').click());
offer("Go to my day", "d", () => location.assign("/desk/day"));
offer("Find", "/", () => (find() ? find().focus() : openCommands()));
offer("Show the keyboard shortcuts", "?", showSheet);
offer("Sound and notifications", null, () => open("notices"));
offer("Sign out", null, signOut);
keepClocks();
listenForKeys();
