/** Files chosen for the next message: checked, uploaded at once, and kept until the message is sent. */
import { ApiError } from "./api.js";
import { backoff } from "./backoff.js";
import { newId } from "./ids.js";
import { words } from "./i18n.js";

const TRIES = 4;
const PICTURES = ["image/png", "image/jpeg", "image/gif", "image/webp"];

/** Why a file cannot be attached, as a sentence, or null. `limits` is the `limits` of /api/config. */
export function refusal(file, limits) {
  if (file.size === 0) return words.files.empty(file.name);
  if (limits.file_bytes && file.size > limits.file_bytes) {
    return words.files.tooLarge(file.name, words.size(file.size), words.size(limits.file_bytes));
  }
  const allowed = limits.file_types ?? [];
  if (allowed.length && !allowed.some((kind) => fits(file, kind.toLowerCase()))) {
    return words.files.wrongType(file.name, words.list(allowed.map(readable)));
  }
  return null;
}

/** `kind` is a content type ("image/png", "image/*") or a file ending (".log"). */
function fits(file, kind) {
  if (kind.startsWith(".")) return file.name.toLowerCase().endsWith(kind);
  if (!kind.includes("/")) return file.name.toLowerCase().endsWith(`.${kind}`);
  const type = file.type.toLowerCase();
  // The browser does not know every kind of file; what it does not know, the server judges.
  if (!type) return true;
  return kind.endsWith("/*") ? type.startsWith(kind.slice(0, -1)) : type === kind;
}

function readable(kind) {
  return kind.includes("/") ? kind.replace(/^.*\/(?:x-|vnd\.)?/, "").replace("*", kind.split("/")[0]) : kind.replace(".", "");
}

export function isPicture(contentType) {
  return PICTURES.includes(contentType);
}

export class StagedFiles {
  #api;
  #conversation;
  #tokenOf;
  #onChange;
  #files = [];

  /** `conversation` is a Conversation; `tokenOf(id)` its token; `onChange()` is called after every change. */
  constructor({ api, conversation, tokenOf, onChange }) {
    this.#api = api;
    this.#conversation = conversation;
    this.#tokenOf = tokenOf;
    this.#onChange = onChange;
  }

  /** Each: {id, name, size, content_type, state: "uploading" | "ready" | "failed", progress 0..1, reason, preview}. */
  get list() {
    return this.#files;
  }

  get uploading() {
    return this.#files.some((file) => file.state === "uploading");
  }

  get failed() {
    return this.#files.some((file) => file.state === "failed");
  }

  add(file) {
    const staged = {
      id: newId(),
      name: file.name,
      size: file.size,
      content_type: file.type,
      preview: isPicture(file.type) ? URL.createObjectURL(file) : null,
      file,
      abort: new AbortController(),
    };
    this.#files.push(staged);
    this.#upload(staged);
  }

  retry(id) {
    const staged = this.#files.find((file) => file.id === id);
    if (staged) this.#upload(staged);
  }

  remove(id) {
    const staged = this.#files.find((file) => file.id === id);
    if (!staged) return;
    staged.abort.abort();
    this.#drop([staged]);
  }

  /** Hand over what is uploaded, for a message. */
  take() {
    const ready = this.#files.filter((file) => file.state === "ready");
    this.#drop(ready);
    return ready.map(({ attachment_id, name, size, content_type }) => ({ attachment_id, name, size, content_type }));
  }

  /** What a reload can bring back: the files that the server already has. */
  saved() {
    return this.#files
      .filter((file) => file.state === "ready")
      .map(({ attachment_id, name, size, content_type, conversation }) => ({ attachment_id, name, size, content_type, conversation }));
  }

  restore(saved) {
    for (const file of saved) this.#files.push({ ...file, id: newId(), state: "ready", progress: 1, preview: null });
    if (saved.length) this.#onChange();
  }

  /** An uploaded file belongs to one conversation. After a change of conversation it is uploaded again, if we still have it. */
  moveTo(conversationId) {
    for (const staged of [...this.#files]) {
      if (staged.state !== "ready" || staged.conversation === conversationId) continue;
      if (staged.file) this.#upload(staged);
      else this.#drop([staged]);
    }
  }

  #drop(files) {
    for (const file of files) if (file.preview) URL.revokeObjectURL(file.preview);
    this.#files = this.#files.filter((file) => !files.includes(file));
    this.#onChange();
  }

  async #upload(staged) {
    Object.assign(staged, { state: "uploading", progress: 0, reason: null });
    this.#onChange();
    try {
      const { conversation, answer } = await this.#untilUploaded(staged);
      Object.assign(staged, answer, { conversation, state: "ready", progress: 1 });
    } catch (error) {
      if (staged.abort.signal.aborted) return;
      Object.assign(staged, { state: "failed", reason: error instanceof ApiError ? error.message : words.errors.network });
      if (!(error instanceof ApiError)) reportError(error);
    }
    this.#onChange();
  }

  async #untilUploaded(staged) {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const conversation = await this.#conversation.ensure();
        const onProgress = (share) => {
          staged.progress = share;
          this.#onChange();
        };
        const token = this.#tokenOf(conversation);
        const answer = await this.#api.upload(conversation, token, staged.file, onProgress, staged.abort.signal);
        return { conversation, answer };
      } catch (error) {
        if (!(error instanceof ApiError) || !error.passing || attempt >= TRIES) throw error;
        await new Promise((resolve) => setTimeout(resolve, Math.max(error.retryAfter, backoff(attempt))));
        if (staged.abort.signal.aborted) throw error;
      }
    }
  }
}
