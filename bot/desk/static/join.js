// Set a password with a link. The token stands behind the #, which browsers never send.
import { element } from "./element.js";

const form = document.getElementById("join");
const problem = document.getElementById("problem");
const button = form.querySelector("button");
const token = location.hash.slice(1);
const first = document.getElementById("first");
first.hidden = !token.startsWith("first-");
for (const field of first.querySelectorAll("input")) field.required = !first.hidden;

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (form.password.value !== form.again.value) return tell("The two passwords differ.");
  button.disabled = true;
  problem.hidden = true;
  const who = first.hidden ? {} : { name: form.elements.name.value, email: form.elements.email.value };
  const body = JSON.stringify({ token, password: form.password.value, ...who });
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch("/desk/api/join", { method: "POST", body, headers }).catch(() => null);
  button.disabled = false;
  if (answer === null) return tell("The desk cannot be reached. Try again in a moment.");
  const told = await answer.json();
  if (!answer.ok) return tell(told.error.message);
  form.hidden = true;
  history.replaceState(null, "", location.pathname);
  const joined = document.getElementById("joined");
  joined.append(`Welcome, ${told.name}. You sign in with ${told.email}. `, element("a", { href: "/desk/login" }, "Sign in"));
  joined.hidden = false;
});

function tell(words) {
  problem.textContent = words;
  problem.hidden = false;
}
