// An event stream that comes back by itself: after an error, after sleep, after the network was gone.

const SILENCE_MS = 40_000; // the server says something every 15 s
const LONGEST_WAIT_MS = 20_000;
const HIDDEN_FOR_MS = 30_000; // browsers allow six connections: a page nobody looks at gives its own back

export class Stream {
  // address() is asked at every connection; handlers are by event name; told(connected) hears how it stands. With
  // ended, an AbortSignal, it closes for good.
  constructor(address, handlers, told, ended = undefined) {
    Object.assign(this, { address, handlers, told, source: null, failures: 0, wanted: true });
    const watching = setInterval(() => this.watch(), 5_000);
    addEventListener("online", () => this.open(), { signal: ended });
    addEventListener("offline", () => this.told(false), { signal: ended });
    addEventListener("signed-out", () => this.stop(), { signal: ended });
    ended?.addEventListener("abort", () => {
      clearInterval(watching);
      this.close();
    });
    this.open();
  }

  open() {
    if (!this.wanted) return;
    this.source?.close();
    clearTimeout(this.waiting);
    this.heard = Date.now();
    const source = (this.source = new EventSource(this.address()));
    source.addEventListener("open", () => this.connected());
    source.addEventListener("error", () => this.failed(source));
    source.addEventListener("beat", () => this.connected());
    source.addEventListener("signed_out", () => dispatchEvent(new CustomEvent("signed-out")));
    for (const [name, handle] of Object.entries(this.handlers)) {
      source.addEventListener(name, (event) => {
        this.connected();
        handle(JSON.parse(event.data));
      });
    }
  }

  close() {
    this.wanted = false;
    clearTimeout(this.waiting);
    this.source?.close();
  }

  stop() {
    this.close();
    this.told(false);
  }

  resume() {
    if (this.wanted) return;
    this.wanted = true;
    this.open();
  }

  connected() {
    this.heard = Date.now();
    this.failures = 0;
    this.told(true);
  }

  failed(source) {
    if (source !== this.source || !this.wanted) return;
    source.close();
    this.told(false);
    const most = Math.min(LONGEST_WAIT_MS, 1000 * 2 ** this.failures++);
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.open(), most / 2 + (Math.random() * most) / 2);
  }

  watch() {
    if (this.wanted && this.source?.readyState === EventSource.OPEN && Date.now() - this.heard > SILENCE_MS) {
      this.told(false);
      this.open();
    }
  }
}

// back() is called when the page is looked at again.
export function restWhileHidden(stream, ended = undefined, back = () => {}) {
  let leaving = 0;
  const look = () => {
    clearTimeout(leaving);
    if (document.hidden) leaving = setTimeout(() => stream.stop(), HIDDEN_FOR_MS);
    else {
      back();
      stream.resume();
    }
  };
  document.addEventListener("visibilitychange", look, { signal: ended });
  ended?.addEventListener("abort", () => clearTimeout(leaving));
}

// Write in an element whether the page is up to date.
export function showConnection(element) {
  return (connected) => {
    const words = connected ? "Live" : "Not connected: trying again …";
    if (element.textContent !== words) element.textContent = words;
    element.classList.toggle("off", !connected);
  };
}
