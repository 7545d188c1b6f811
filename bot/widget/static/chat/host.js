/** The line to the page that embeds the chat. Standing alone, in a tab of its own, the chat has no host. */

const CHANNEL = "techref-widget";
/** A host says hello as soon as the frame is ready; one that does not is no host of ours. */
const HELLO_MS = 3_000;

export class Host {
  #origin = null;
  #listeners = {};
  framed = window.parent !== window;

  on(type, listener) {
    this.#listeners[type] = listener;
  }

  /** Wait for the host's hello: `{identity_token, colour, page_url}`, or an empty one when there is no host. */
  greet() {
    if (!this.framed) return Promise.resolve({});
    return new Promise((resolve) => {
      const late = setTimeout(() => resolve({}), HELLO_MS);
      this.on("hello", (hello) => {
        clearTimeout(late);
        resolve(hello);
      });
      window.addEventListener("message", (event) => this.#take(event));
      // The only message that goes to an origin we do not know yet, and it says nothing.
      window.parent.postMessage({ channel: CHANNEL, type: "ready" }, "*");
    });
  }

  tell(type, detail = {}) {
    if (this.#origin) window.parent.postMessage({ channel: CHANNEL, type, ...detail }, this.#origin);
  }

  #take(event) {
    if (event.source !== window.parent || event.data?.channel !== CHANNEL) return;
    if (event.data.type === "hello") this.#origin ??= event.origin;
    if (event.origin !== this.#origin) return;
    if (Object.hasOwn(this.#listeners, event.data.type)) this.#listeners[event.data.type](event.data);
  }
}
