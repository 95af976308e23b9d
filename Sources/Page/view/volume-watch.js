import { APIError } from "../support/api.js";

/**
 * Notices that a volume is another one now: somebody replaced it while it is looked at, perhaps by one of the same size.
 *
 * It looks now and then, when the tab is looked at again, and when it is asked. Dispatches `replaced`, once.
 */
export class VolumeWatch extends EventTarget {
  /** Milliseconds between looks. */
  static pause = 30000;
  /** Milliseconds for which an answer is taken to hold: strokes on several slices are sent at about the same time. */
  static fresh = 300;

  /**
   * @param {Pick<import("../support/api.js").API, "get">} api
   * @param {string} path Of the volume.
   * @param {any} volume As the server described it.
   */
  constructor(api, path, volume) {
    super();
    this.api = api;
    this.path = path;
    this.volume = volume;
    this.isReplaced = false;
    /** @type {Promise<any>|null} */
    this.looking = null;
    this.stop = new AbortController();
  }

  start() {
    const timer = setInterval(() => document.hidden || this.check().catch(() => {}), VolumeWatch.pause);
    this.stop.signal.addEventListener("abort", () => clearInterval(timer));
    document.addEventListener("visibilitychange", () => document.hidden || this.check().catch(() => {}), { signal: this.stop.signal });
  }

  /** The volume as it is now; null if it is gone. */
  look() {
    if (!this.looking) {
      const looking = this.api.get(this.path).catch((/** @type {unknown} */ error) => {
        if (error instanceof APIError && error.status === 404) return null;
        throw error;
      });
      const forget = () => (this.looking = this.looking === looking ? null : this.looking);
      looking.then(() => setTimeout(forget, VolumeWatch.fresh), forget);
      this.looking = looking;
    }
    return this.looking;
  }

  /** Whether the volume is still the one that is shown: its voxels, and how they are read. */
  async check() {
    const now = await this.look();
    if (now === null || now.version === this.volume.version) return true;
    this.tell();
    return false;
  }

  tell() {
    if (this.isReplaced || this.stop.signal.aborted) return;
    this.isReplaced = true;
    this.dispatchEvent(new Event("replaced"));
  }

  close() {
    this.stop.abort();
  }
}

