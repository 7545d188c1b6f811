import { Problem } from "./call.js";

const form = document.getElementById("login");
const problem = document.getElementById("problem");
const button = form.querySelector("button");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  button.disabled = true;
  problem.hidden = true;
  try {
    await signIn();
    location.replace(whereTo());
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    problem.textContent = error.status === 0 ? "The desk cannot be reached. Try again in a moment." : error.message;
    problem.hidden = false;
    form.password.select();
  } finally {
    button.disabled = false;
  }
});

async function signIn() {
  const body = JSON.stringify({ email: form.email.value, password: form.password.value });
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch("/desk/api/login", { method: "POST", body, headers }).catch(() => null);
  if (answer === null) throw new Problem(0, "offline", "");
  if (answer.ok) return;
  const { error } = await answer.json();
  throw new Problem(answer.status, error.code, error.message);
}

// The page that sent us here, if it is one of the desk's own.
function whereTo() {
  const next = new URL(new URLSearchParams(location.search).get("next") ?? "/desk", location.origin);
  const ours = next.origin === location.origin && /^\/desk(\/|$)/.test(next.pathname);
  return ours && next.pathname !== "/desk/login" ? next.pathname + next.search : "/desk";
}
