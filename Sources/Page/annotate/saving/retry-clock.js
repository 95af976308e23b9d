/** Waiting, which tests do without time. */
export class RetryClock {
  /** Milliseconds between tries: they double up to the last. */
  static first = 1000;
  static last = 30000;

  constructor() {
    /** @type {Set<() => void>} */
    this.waiting = new Set();
  }

  /**
   * How long to wait before a try, after so many that failed; spread, so that not all come at once.
   * @param {number} failures
   */
  delay(failures) {
    const delay = Math.min(RetryClock.last, RetryClock.first * 2 ** Math.max(0, failures - 1));
    return delay * (0.75 + Math.random() / 2);
  }

  /**
   * @param {() => void} run
   * @param {number} time
   * @returns {() => void} Calls it off.
   */
  after(run, time) {
    const timer = setTimeout(run, time);
    return () => clearTimeout(timer);
  }

  /**
   * Waits, or until there is a reason to try at once.
   * @param {number} time
   * @returns {Promise<void>}
   */
  pause(time) {
    return new Promise((resolve) => {
      const go = () => {
        stop();
        this.waiting.delete(go);
        resolve();
      };
      const stop = this.after(go, time);
      this.waiting.add(go);
    });
  }

  /** The network is back, or somebody signed in. */
  wake() {
    for (const go of [...this.waiting]) go();
  }
}
