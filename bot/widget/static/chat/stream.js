/** Keeps one conversation up to date: fetch what was missed, then follow the event stream, for as long as it takes. */
import { ApiError } from "./api.js";
import { Pause, backoff } from "./backoff.js";
import { EventParser } from "./sse.js";

/** The server sends something at least every 15 s; after this much silence the connection is dead. */
const SILENCE_MS = 40_000;
/** The state comes right after connecting. A proxy that holds it back makes the stream useless: fetch again instead. */
const FIRST_WORD_MS = 10_000;
/** After a sleep or a hidden tab: older than this is doubtful enough to connect anew. */
const DOUBTFUL_MS = 20_000;
/** A connection that lasted this long was a good one: the next failure starts the backoff from the beginning. */
const GOOD_MS = 10_000;

/**
 * `refresh(signal)` fetches the missed messages and the state; `subscribe(signal)` opens the stream and gives its
 * Response; `onEvent(type, data)` gets each event's parsed JSON; `onStatus({kind, reason, attempt, until})` says
 * "connecting", "open" or "waiting"; `onLost(error)` ends it all: the token opens this conversation no more.
 */
export class LiveConversation {
  #parts;
  #pause = new Pause();
  #running = null;
  #connection = null;
  #lastHeard = 0;

  constructor(parts) {
    this.#parts = { silenceMs: SILENCE_MS, firstWordMs: FIRST_WORD_MS, random: Math.random, ...parts };
  }

  start() {
    if (this.#running) return;
    this.#running = new AbortController();
    this.#run(this.#running.signal);
  }

  stop() {
    this.#running?.abort();
    this.#running = null;
    this.#pause.wake();
  }

  /** Something suggests that now is a good moment: back online, back in view, or a message was just sent. */
  nudge() {
    if (!this.#running) return;
    this.#pause.wake();
    if (this.#connection && Date.now() - this.#lastHeard > DOUBTFUL_MS) this.#connection.abort();
  }

  async #run(signal) {
    let attempt = 0;
    while (!signal.aborted) {
      const { onStatus, random } = this.#parts;
      let failure = null;
      let openedAt = 0;
      onStatus({ kind: "connecting", attempt });
      try {
        await this.#parts.refresh(signal);
        await this.#follow(signal, () => {
          openedAt = Date.now();
          onStatus({ kind: "open", attempt: 0 });
        });
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof ApiError)) reportError(error);
        failure = error instanceof ApiError ? error : new ApiError(0);
        if (failure.lost) {
          this.stop();
          this.#parts.onLost(failure);
          return;
        }
      }
      if (signal.aborted) return;
      attempt = openedAt && Date.now() - openedAt > GOOD_MS ? 1 : attempt + 1;
      const wait = Math.max(failure?.retryAfter ?? 0, backoff(attempt, random));
      onStatus({ kind: "waiting", reason: failure?.kind ?? "network", attempt, until: Date.now() + wait });
      await this.#pause.wait(wait);
    }
  }

  async #follow(signal, onOpen) {
    const connection = new AbortController();
    const pass = () => connection.abort();
    signal.addEventListener("abort", pass, { once: true });
    let timer = setTimeout(pass, this.#parts.firstWordMs);
    this.#connection = connection;
    this.#lastHeard = Date.now();
    try {
      const response = await this.#parts.subscribe(connection.signal);
      const decoder = new TextDecoder();
      const parser = new EventParser(({ type, data }) => this.#take(type, data));
      const reader = response.body.getReader();
      let opened = false;
      for (;;) {
        const { done, value } = await reader.read().catch(() => {
          throw new ApiError(0);
        });
        if (done) return;
        clearTimeout(timer);
        timer = setTimeout(pass, this.#parts.silenceMs);
        this.#lastHeard = Date.now();
        if (!opened) {
          opened = true;
          onOpen();
        }
        parser.feed(decoder.decode(value, { stream: true }));
      }
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", pass);
      connection.abort();
      if (this.#connection === connection) this.#connection = null;
    }
  }

  #take(type, data) {
    let parsed;
    try {
      parsed = JSON.parse(data);
    } catch {
      // Half an event from a broken proxy. What it said is fetched again with the next connection.
      this.#connection?.abort();
      return;
    }
    this.#parts.onEvent(type, parsed);
  }
}
