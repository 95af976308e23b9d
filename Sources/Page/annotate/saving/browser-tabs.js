import { randomKey } from "./random-key.js";

/** @typedef {{ask?: string, here?: string, news?: unknown}} TabMessage */

/**
 * The tabs of this browser: each has a name of its own, and learns when another is gone, so that it can look after what that
 * one left.
 *
 * A tab holds a lock of its name as long as it lives. On plain HTTP, where there are no locks, tabs ask each other.
 */
export class BrowserTabs {
  /** How long a tab may take to say that it is there, and how long others wait before they ask again; milliseconds. */
  static patience = 2000;

  constructor() {
    this.id = randomKey();
    this.channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("slicewise");
    /**
     * What other tabs tell.
     * @type {(news: unknown) => void}
     */
    this.onnews = () => {};
    /** @type {Map<string, () => void>} */
    this.asked = new Map();
    this.stop = new AbortController();
    this.channel?.addEventListener("message", ({ data }) => this.receive(data));
  }

  /**
   * Nobody takes this tab for gone once this is kept.
   * @returns {Promise<void>}
   */
  ready() {
    const { locks } = navigator;
    if (!locks) return Promise.resolve();
    return new Promise((/** @type {(value: void) => void} */ resolve) => {
      const held = () => {
        resolve();
        return new Promise((release) => this.stop.signal.addEventListener("abort", () => release(undefined)));
      };
      locks.request(`slicewise-${this.id}`, held).catch(() => resolve());
    });
  }

  /** @param {TabMessage} message */
  receive(message) {
    if (message.ask === this.id) this.channel?.postMessage({ here: this.id });
    if (message.here) this.asked.get(message.here)?.();
    if (message.news !== undefined) this.onnews(message.news);
  }

  /** @param {unknown} news */
  tell(news) {
    this.channel?.postMessage({ news });
  }

  /**
   * Whether the tab of that name is gone.
   * @param {string} id
   */
  async isGone(id) {
    if (id === this.id) return false;
    const { locks } = navigator;
    if (!locks) return !(this.channel && (await this.answers(id)));
    const { held = [] } = await locks.query();
    return !held.some(({ name }) => name === `slicewise-${id}`);
  }

  /**
   * Kept when the tab of that name is gone.
   * @param {string} id
   * @returns {Promise<void>}
   */
  async whenGone(id) {
    if (id === this.id) return new Promise(() => {});
    const { locks } = navigator;
    if (locks) return void (await locks.request(`slicewise-${id}`, { signal: this.stop.signal }, () => {}));
    while (!(await this.isGone(id))) await this.wait();
  }

  /** @param {string} id */
  async answers(id) {
    const answer = new Promise((resolve) => this.asked.set(id, () => resolve(true)));
    this.channel?.postMessage({ ask: id });
    const isThere = await Promise.race([answer, this.wait()]);
    this.asked.delete(id);
    return isThere === true;
  }

  wait() {
    return new Promise((resolve) => setTimeout(resolve, BrowserTabs.patience));
  }

  close() {
    this.stop.abort();
    this.channel?.close();
  }
}
