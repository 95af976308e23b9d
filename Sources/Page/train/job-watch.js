import { API, APIError, OfflineError } from "../support/api.js";

/** @typedef {any} Job As the server describes it. */

/**
 * Follows a job until it ends, over losses of the connection and while the tab is hidden and seen again.
 *
 * Dispatches `progress` (`detail` is the event's data), `log` (a message), `state` (a state), `slurm` (what Slurm says) and at the end `ended` (the job).
 */
export class JobWatch extends EventTarget {
  /**
   * @param {API} api
   * @param {string} project
   * @param {number} id
   */
  constructor(api, project, id) {
    super();
    this.api = api;
    this.path = API.path("v1", "projects", project, "jobs", id);
    this.after = "";
    this.stop = new AbortController();
    this.hidden = () => {
      // A hidden tab gives its connection back.
      if (document.hidden) this.stream?.abort();
    };
    document.addEventListener("visibilitychange", this.hidden);
    /** @type {AbortController|null} */
    this.stream = null;
    /** @type {Promise<Job|null>} */
    this.ended = this.run();
  }

  async run() {
    let wait = 500;
    while (!this.stop.signal.aborted) {
      try {
        if (document.hidden) await this.seen();
        this.stream = new AbortController();
        this.after = await this.api.events(`${this.path}/events`, {
          signal: this.stream.signal, after: this.after, onEvent: (event) => this.event(event),
        });
        const job = await this.api.get(this.path);
        if (["succeeded", "failed", "cancelled"].includes(job.state)) {
          this.close();
          this.dispatchEvent(new CustomEvent("ended", { detail: job }));
          return job;
        }
        wait = 500;
      } catch (error) {
        if (this.stop.signal.aborted) break;
        if (error instanceof APIError && !error.isPassing) {
          this.close();
          this.dispatchEvent(new CustomEvent("ended", { detail: null }));
          return null;
        }
        if (error instanceof OfflineError || error instanceof APIError) this.dispatchEvent(new CustomEvent("offline"));
        wait = Math.min(10000, wait * 2);
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
    return null;
  }

  /** Waits until the tab is looked at. */
  seen() {
    return new Promise((resolve) => {
      const listen = () => {
        if (document.hidden && !this.stop.signal.aborted) return;
        document.removeEventListener("visibilitychange", listen);
        resolve(undefined);
      };
      document.addEventListener("visibilitychange", listen);
    });
  }

  /** @param {import("../support/api.js").ServerEvent} event */
  event({ id, type, data }) {
    this.after = id;
    const value = JSON.parse(data);
    this.dispatchEvent(new CustomEvent(type, { detail: type === "log" ? value.message : value }));
  }

  close() {
    this.stop.abort();
    this.stream?.abort();
    document.removeEventListener("visibilitychange", this.hidden);
  }
}
