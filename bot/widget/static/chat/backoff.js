const FIRST_MS = 1_000;
const MOST_MS = 30_000;

/**
 * How long to wait before try number `attempt` + 1, in milliseconds: doubling from one second to thirty, the upper half
 * of it random, so that a thousand browsers do not come back in the same instant after a restart.
 */
export function backoff(attempt, random = Math.random) {
  const ceiling = Math.min(MOST_MS, FIRST_MS * 2 ** Math.max(0, attempt - 1));
  return ceiling / 2 + random() * (ceiling / 2);
}

/** A pause that can be cut short: `wake()` ends the running one. */
export class Pause {
  #end = null;

  wait(milliseconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#end = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  wake() {
    this.#end?.();
    this.#end = null;
  }
}
