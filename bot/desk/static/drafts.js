// Drafts of one conversation, kept in this browser: {text, files} for each mode, and the mode that was written in last.
// A private note and a reply never share a draft, so that nothing but a person's own act sends one as the other.

const MODES = ["reply", "note"];

export class Drafts {
  // Each technician has drafts of their own, also on a shared computer.
  constructor(technician, conversation) {
    this.prefix = `techref desk draft ${technician} ${conversation}`;
  }

  // The mode that a person chose or wrote in last; null when nothing is kept.
  get mode() {
    const kept = localStorage.getItem(`${this.prefix} mode`);
    return MODES.includes(kept) ? kept : null;
  }

  set mode(mode) {
    localStorage.setItem(`${this.prefix} mode`, mode);
  }

  of(mode) {
    const kept = localStorage.getItem(`${this.prefix} ${mode}`);
    return kept ? JSON.parse(kept) : { text: "", files: [] };
  }

  has(mode) {
    return localStorage.getItem(`${this.prefix} ${mode}`) !== null;
  }

  keep(mode, draft) {
    if (draft.text || draft.files.length) localStorage.setItem(`${this.prefix} ${mode}`, JSON.stringify(draft));
    else localStorage.removeItem(`${this.prefix} ${mode}`);
  }

  // The draft was sent. Without another one the next visit begins in the mode that fits.
  drop(mode) {
    localStorage.removeItem(`${this.prefix} ${mode}`);
    if (!MODES.some((other) => this.has(other))) localStorage.removeItem(`${this.prefix} mode`);
  }
}
