/**
 * Messages on their way. Each is written down before it is sent, and leaves only when the server has it or the person
 * deletes it. They go in order, one at a time; a passing failure keeps the order and tries again, a refusal is kept for
 * the person to decide.
 *
 * An entry: {id, order, conversation, text | choice + title, attachments, seen_seq, created_at, attempts, not_before,
 * refused}. `id` is the client_message_id; `conversation` is null until there is one; `refused` holds the reason.
 */
import { ApiError } from "./api.js";
import { Pause, backoff } from "./backoff.js";
import { newId } from "./ids.js";
import { exclusively } from "./locks.js";

const PREFIX = "out.";

export class Outbox {
  #memory;
  #deliver;
  #onSent;
  #onLost;
  #onChange;
  #pause = new Pause();
  #running = false;
  #inFlight = null;
  #random;

  /**
   * `deliver(entry)` posts it and gives the stored message; `onSent(entry, message)` comes before the entry goes;
   * `onLost(conversation, error)` must bind the entries of a conversation that is gone to another.
   */
  constructor({ memory, deliver, onSent, onLost, onChange, random = Math.random }) {
    this.#memory = memory;
    this.#deliver = deliver;
    this.#onSent = onSent;
    this.#onLost = onLost;
    this.#onChange = onChange;
    this.#random = random;
  }

  /** All entries in order, each with its `state`: "sending" | "queued" | "waiting" | "failed". */
  entries() {
    return this.#stored().map((entry) => ({ ...entry, state: this.#stateOf(entry) }));
  }

  add(message) {
    const last = this.#stored().at(-1)?.order ?? 0;
    const entry = {
      id: newId(),
      order: Math.max(Date.now(), last + 1),
      attachments: [],
      attempts: 0,
      not_before: 0,
      refused: null,
      created_at: new Date().toISOString(),
      ...message,
    };
    this.#write(entry);
    this.run();
    return entry;
  }

  /** Try again now. A refused message gets a new id: the server may hold the old one for another body. */
  retry(id) {
    const entry = this.#read(id);
    if (!entry) return;
    if (entry.refused) {
      this.#memory.remove(PREFIX + id);
      this.#write({ ...entry, id: newId(), refused: null, attempts: 0, not_before: 0 });
    } else {
      this.#write({ ...entry, not_before: 0 });
    }
    this.wake();
  }

  /** Delete an entry; one that is being sent this moment stays. */
  remove(id) {
    if (this.#inFlight === id) return;
    this.#memory.remove(PREFIX + id);
    this.#onChange();
    this.wake();
  }

  /** Bind what was meant for `from` to `to`. A choice means nothing elsewhere: it becomes its title, and files stay behind. */
  rebind(from, to) {
    for (const entry of this.#stored()) {
      if (entry.conversation !== from) continue;
      const { choice, ...rest } = entry;
      const moved = from === null ? entry : { ...rest, text: rest.text ?? rest.title ?? "", seen_seq: null, attachments: [] };
      if (from !== null && !moved.text) this.#memory.remove(PREFIX + entry.id);
      else this.#write({ ...moved, conversation: to });
    }
  }

  /** Look again at once: the network is back, or another tab changed something. */
  wake() {
    this.#pause.wake();
    this.run();
  }

  async run() {
    if (this.#running) return;
    this.#running = true;
    try {
      for (let entry = this.#next(); entry; entry = this.#next()) {
        const wait = entry.not_before - Date.now();
        if (wait > 0) await this.#pause.wait(wait);
        else await exclusively("send", () => this.#attempt(entry.id));
      }
    } finally {
      this.#running = false;
    }
  }

  async #attempt(id) {
    const entry = this.#read(id);
    // Another tab may have sent, deferred or refused it while we waited for our turn.
    if (!entry || entry.refused || entry.not_before > Date.now() || this.#next()?.id !== id) return;
    this.#inFlight = id;
    this.#onChange();
    try {
      const message = await this.#deliver(entry);
      this.#inFlight = null;
      this.#onSent(entry, message);
      this.#memory.remove(PREFIX + id);
      this.#onChange();
    } catch (error) {
      this.#inFlight = null;
      if (!(error instanceof ApiError)) throw error;
      this.#failed(id, error);
    }
  }

  #failed(id, error) {
    const entry = this.#read(id);
    if (!entry) return;
    const attempts = entry.attempts + 1;
    if (error.lost) {
      this.#write({ ...entry, attempts, not_before: attempts > 1 ? Date.now() + backoff(attempts, this.#random) : 0 });
      this.#onLost(entry.conversation, error);
    } else if (error.passing) {
      const wait = Math.max(error.retryAfter, backoff(attempts, this.#random));
      this.#write({ ...entry, attempts, not_before: Date.now() + wait, trouble: error.message });
    } else {
      this.#write({ ...entry, attempts, refused: error.message });
    }
  }

  #next() {
    return this.#stored().find((entry) => !entry.refused) ?? null;
  }

  #stateOf(entry) {
    if (entry.refused) return "failed";
    if (entry.id === this.#inFlight) return "sending";
    return entry.attempts > 0 ? "waiting" : "queued";
  }

  #stored() {
    return this.#memory
      .keys(PREFIX)
      .map((key) => this.#memory.get(key))
      .filter((entry) => entry?.id)
      .sort((one, other) => one.order - other.order || (one.id < other.id ? -1 : 1));
  }

  #read(id) {
    return this.#memory.get(PREFIX + id);
  }

  #write(entry) {
    this.#memory.set(PREFIX + entry.id, entry);
    this.#onChange();
  }
}
