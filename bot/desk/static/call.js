// Calls of the desk's API: the security token goes along, and every failure comes back as words for a person.

const API = "/desk/api/";
const OFFLINE = "The desk cannot be reached. What you wrote is kept; it is tried again.";
let token = null;

export class Problem extends Error {
  // status 0: no answer at all. retryAfter is in seconds.
  constructor(status, code, message, retryAfter = 0) {
    super(message);
    Object.assign(this, { status, code, retryAfter });
  }

  // Whether the same call may well succeed later.
  get passing() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export async function call(method, address, body) {
  try {
    return await once(method, address, body);
  } catch (problem) {
    if (problem.code !== "bad_csrf") throw problem;
    token = null; // signed in anew in another tab
    return once(method, address, body);
  }
}

async function once(method, address, body) {
  const headers = { Accept: "application/json" };
  if (method !== "GET") headers["X-CSRF-Token"] = token ??= (await once("GET", "me")).csrf_token;
  const options = { method, headers, credentials: "same-origin" };
  if (body instanceof FormData) options.body = body;
  else if (body !== undefined) {
    headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  const answer = await reach(API + address, options);
  return answer.status === 204 ? null : answer.json();
}

// A fragment of a page, as text.
export async function fragment(address) {
  return (await reach(`/desk/fragments/${address}`, { credentials: "same-origin" })).text();
}

async function reach(address, options) {
  let answer;
  try {
    answer = await fetch(address, options);
  } catch {
    throw new Problem(0, "offline", OFFLINE);
  }
  if (answer.ok) return answer;
  const { code = "failed", message = "The desk did not answer as it should." } = await told(answer);
  if (answer.status === 401 && code !== "bad_sign_in") dispatchEvent(new CustomEvent("signed-out"));
  throw new Problem(answer.status, code, message, Number(answer.headers.get("Retry-After")) || 0);
}

async function told(answer) {
  try {
    return (await answer.json()).error;
  } catch {
    return {};
  }
}
