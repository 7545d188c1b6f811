/** The customer API over HTTP: one function per call, and one kind of error. */
import { words } from "./i18n.js";

const TIMEOUT_MS = 20_000;

/**
 * A call that failed. `status` is 0 when no answer came. `retryAfter` is in milliseconds, 0 if the server named none.
 * `message` is a sentence for the person.
 */
export class ApiError extends Error {
  constructor(status, { code = "", message = "", retryAfter = 0 } = {}) {
    super(message || inWords(status, retryAfter));
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }

  /** Worth trying again just as it is. */
  get passing() {
    return this.status === 0 || this.status === 408 || this.status === 425 || this.status === 429 || this.status >= 500;
  }

  /** The conversation cannot be reached with this token any more. */
  get lost() {
    return this.status === 401 || this.status === 404;
  }

  get kind() {
    if (this.status === 0) return navigator.onLine === false ? "offline" : "network";
    return this.status === 429 ? "busy" : "unavailable";
  }
}

function inWords(status, retryAfter) {
  if (status === 0) return words.errors.network;
  if (status === 401) return words.errors.signedOut;
  if (status === 404) return words.errors.notFound;
  if (status === 413) return words.errors.tooLarge;
  if (status === 429) return words.errors.busy(Math.ceil(retryAfter / 1000));
  return status >= 500 ? words.errors.unavailable : words.errors.refused;
}

/** A Retry-After header in milliseconds: seconds, or a date. */
export function retryAfterMs(header, now = Date.now()) {
  if (!header) return 0;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}

function toError(status, body, retryAfterHeader) {
  let said = {};
  try {
    said = JSON.parse(body)?.error ?? {};
  } catch {
    // A proxy's own page instead of our JSON: the status alone has to do.
  }
  const retryAfter = retryAfterMs(retryAfterHeader);
  const message = status === 429 || status >= 500 ? "" : String(said.message ?? "");
  return new ApiError(status, { code: String(said.code ?? ""), message, retryAfter });
}

export class Api {
  #base;

  constructor(base = "/api") {
    this.#base = base;
  }

  /** `product` is the one of several that the chat is about, or null. */
  config(product) {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
    const about = product ? `&product=${product}` : "";
    return this.#json("GET", `/config?time_zone=${encodeURIComponent(zone)}${about}`);
  }

  open(body, token = null) {
    return this.#json("POST", "/conversations", { token, body });
  }

  send(id, token, body) {
    return this.#json("POST", `/conversations/${encodeURIComponent(id)}/messages`, { token, body });
  }

  messages(id, token, afterSeq, signal) {
    return this.#json("GET", `/conversations/${encodeURIComponent(id)}/messages?after_seq=${afterSeq}`, { token, signal });
  }

  issues(token) {
    return this.#json("GET", "/issues", { token });
  }

  seen(id, token, seq) {
    return this.#json("POST", `/conversations/${encodeURIComponent(id)}/seen`, { token, body: { seq } });
  }

  mailTranscript(id, token) {
    return this.#json("POST", `/conversations/${encodeURIComponent(id)}/transcript`, { token, body: {} });
  }

  /** The secret of a link from a mail for a conversation's token. */
  continueHere(link) {
    return this.#json("POST", "/continuations", { body: { link } });
  }

  rate(id, token, score, comment) {
    return this.#json("POST", `/conversations/${encodeURIComponent(id)}/rating`, { token, body: { score, comment } });
  }

  typing(id, token) {
    return this.#json("POST", `/conversations/${encodeURIComponent(id)}/typing`, { token, body: {} });
  }

  opened(id, token, body) {
    return this.#json("POST", `/conversations/${encodeURIComponent(id)}/opened-cards`, { token, body, keepalive: true });
  }

  /** The open response of the event stream; its body is read by stream.js. */
  async events(id, token, afterSeq, signal) {
    const path = `/conversations/${encodeURIComponent(id)}/events?after_seq=${afterSeq}`;
    return this.#call(path, { headers: { Accept: "text/event-stream", ...bearer(token) }, cache: "no-store", signal });
  }

  async attachment(id, token, attachmentId) {
    const path = `/conversations/${encodeURIComponent(id)}/attachments/${encodeURIComponent(attachmentId)}`;
    const response = await this.#call(path, { headers: bearer(token) });
    return response.arrayBuffer();
  }

  /** Upload one file. XMLHttpRequest, because fetch cannot tell how far an upload has come. */
  upload(id, token, file, onProgress, signal) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("POST", `${this.#base}/conversations/${encodeURIComponent(id)}/attachments`);
      for (const [name, value] of Object.entries(bearer(token))) request.setRequestHeader(name, value);
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) onProgress(event.loaded / event.total);
      });
      request.addEventListener("load", () => {
        if (request.status >= 200 && request.status < 300) resolve(JSON.parse(request.responseText));
        else reject(toError(request.status, request.responseText, request.getResponseHeader("Retry-After")));
      });
      request.addEventListener("error", () => reject(new ApiError(0)));
      request.addEventListener("abort", () => reject(new DOMException("The upload was removed.", "AbortError")));
      signal.addEventListener("abort", () => request.abort(), { once: true });
      const form = new FormData();
      form.append("file", file, file.name);
      request.send(form);
    });
  }

  async #json(method, path, { token = null, body, signal, keepalive = false } = {}) {
    const headers = { Accept: "application/json", ...bearer(token) };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const limit = AbortSignal.timeout(TIMEOUT_MS);
    const response = await this.#call(path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: "no-store",
      keepalive,
      signal: signal ? eitherOf(signal, limit) : limit,
    });
    if (response.status === 204) return null;
    try {
      return await response.json();
    } catch {
      throw new ApiError(0);
    }
  }

  async #call(path, options) {
    let response;
    try {
      response = await fetch(this.#base + path, { credentials: "omit", ...options });
    } catch {
      throw new ApiError(0);
    }
    if (!response.ok) throw toError(response.status, await response.text().catch(() => ""), response.headers.get("Retry-After"));
    return response;
  }
}

function bearer(token) {
  return token ? { Authorization: `Bearer ${token}` } : {};
}

function eitherOf(...signals) {
  const controller = new AbortController();
  for (const signal of signals) {
    if (signal.aborted) controller.abort(signal.reason);
    else signal.addEventListener("abort", () => controller.abort(signal.reason), { once: true });
  }
  return controller.signal;
}
