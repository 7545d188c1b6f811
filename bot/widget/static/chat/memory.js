/**
 * What this browser remembers for one person: localStorage under a prefix of its own.
 *
 * Storage may be closed (private windows, blocked cookies) or full. Then values live in this page only, `trouble` says
 * which ("blocked" | "full"), and the listener is told, because the person has to know.
 */
export class Memory {
  #storage;
  #held = new Map();
  #onTrouble = () => {};

  constructor(prefix, storage = localStorageOrNull()) {
    this.prefix = prefix;
    this.#storage = storage;
    this.trouble = storage ? null : "blocked";
  }

  onTrouble(listener) {
    this.#onTrouble = listener;
    if (this.trouble) listener(this.trouble);
  }

  get(key) {
    if (this.#held.has(key)) return this.#held.get(key);
    const raw = this.#storage?.getItem(this.prefix + key) ?? null;
    if (raw === null) return null;
    try {
      return JSON.parse(raw);
    } catch {
      // Another program's value, or one cut short: worth as much as none.
      return null;
    }
  }

  set(key, value) {
    if (this.#storage) {
      try {
        this.#storage.setItem(this.prefix + key, JSON.stringify(value));
        this.#held.delete(key);
        return;
      } catch {
        this.trouble = "full";
        this.#onTrouble(this.trouble);
      }
    }
    this.#held.set(key, value);
  }

  remove(key) {
    this.#held.delete(key);
    this.#storage?.removeItem(this.prefix + key);
  }

  /** The keys that begin with `start`, without our prefix. */
  keys(start) {
    const found = new Set([...this.#held.keys()].filter((key) => key.startsWith(start)));
    for (let index = 0; index < (this.#storage?.length ?? 0); index += 1) {
      const key = this.#storage.key(index);
      if (key?.startsWith(this.prefix + start)) found.add(key.slice(this.prefix.length));
    }
    return [...found];
  }

  /** Call `listener(key)` when another tab of this browser changed a value of ours. */
  onChangeElsewhere(listener) {
    window.addEventListener("storage", (event) => {
      if (event.storageArea === this.#storage && event.key?.startsWith(this.prefix)) {
        listener(event.key.slice(this.prefix.length));
      }
    });
  }
}

function localStorageOrNull() {
  try {
    const storage = window.localStorage;
    const probe = "techref.probe";
    storage.setItem(probe, "1");
    storage.removeItem(probe);
    return storage;
  } catch (error) {
    // A full storage still holds what is in it: only a closed one is none.
    return error instanceof DOMException && error.name === "QuotaExceededError" ? window.localStorage : null;
  }
}
