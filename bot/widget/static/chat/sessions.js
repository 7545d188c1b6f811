/** Which conversations this browser may open, and which one it is in. Tabs of one browser share the answer. */

const KEPT_MS = 60 * 24 * 60 * 60 * 1000;

export class Sessions {
  #memory;

  constructor(memory) {
    this.#memory = memory;
  }

  /** The id of the current conversation, or null before the first message of a new one. */
  currentId() {
    const id = this.#memory.get("current");
    return id && this.tokenOf(id) ? id : null;
  }

  tokenOf(id) {
    return this.#memory.get(`token.${id}`)?.token ?? null;
  }

  /** The conversation before the current one, while its token is known. */
  earlierId() {
    const id = this.#memory.get("earlier");
    return id && id !== this.currentId() && this.tokenOf(id) ? id : null;
  }

  /** A token that proves who the customer of the next conversation is. */
  kinToken() {
    const id = this.currentId() ?? this.earlierId();
    return id ? this.tokenOf(id) : null;
  }

  begin(id, token, now = Date.now()) {
    this.#memory.set(`token.${id}`, { token, used_at: now });
    this.#memory.set("current", id);
  }

  /** Go to another known conversation. */
  enter(id, now = Date.now()) {
    const before = this.currentId();
    if (before && before !== id) this.#memory.set("earlier", before);
    this.#memory.set(`token.${id}`, { token: this.tokenOf(id), used_at: now });
    this.#memory.set("current", id);
  }

  /** Leave the current conversation for one that does not exist yet. */
  leave() {
    const before = this.currentId();
    if (before) this.#memory.set("earlier", before);
    this.#memory.remove("current");
  }

  forget(id) {
    this.#memory.remove(`token.${id}`);
    this.#memory.remove(`seen.${id}`);
    if (this.#memory.get("current") === id) this.#memory.remove("current");
    if (this.#memory.get("earlier") === id) this.#memory.remove("earlier");
  }

  seenSeq(id) {
    return this.#memory.get(`seen.${id}`) ?? 0;
  }

  seen(id, seq) {
    if (seq > this.seenSeq(id)) this.#memory.set(`seen.${id}`, seq);
  }

  /** Drop tokens that nobody used for so long that the server has forgotten them too. */
  prune(now = Date.now()) {
    for (const key of this.#memory.keys("token.")) {
      const { used_at: usedAt = 0 } = this.#memory.get(key) ?? {};
      if (now - usedAt > KEPT_MS) this.forget(key.slice("token.".length));
    }
  }
}

/**
 * The part of the storage that belongs to the person the host page names: two people at one computer never see each
 * other's conversation. The token is not verified here, the server does that; only its subject is read.
 */
export function ownerOf(identityToken) {
  if (!identityToken) return "guest";
  try {
    const payload = identityToken.split(".")[1].replace(/-/g, "+").replace(/_/g, "/");
    const bytes = Uint8Array.from(atob(payload), (char) => char.charCodeAt(0));
    const subject = JSON.parse(new TextDecoder().decode(bytes)).sub;
    return subject ? `person.${fingerprint(String(subject))}` : "guest";
  } catch {
    // Not a token we can read: the server will refuse it, and the chat goes on as a guest's.
    return "guest";
  }
}

/** 64 bits of FNV-1a, so that no name or address stands in a storage key. */
function fingerprint(text) {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, "0");
}
