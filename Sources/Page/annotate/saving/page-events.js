import { APIError } from "../../support/api.js";

/** @typedef {import("../annotator.js").Annotator} Annotator */

/** What happens to the page while somebody annotates: it is left or hidden, comes back, the network does. */
export class PageEvents {
  /** Milliseconds between looks at what others have annotated. */
  static interval = 15000;

  /** @param {Annotator} annotator */
  constructor(annotator) {
    this.annotator = annotator;
    /** Whether Space is down to paint. */
    this.isKeyDown = false;
    this.stop = new AbortController();
    const { signal } = this.stop;
    window.addEventListener("pagehide", () => this.leave(), { signal });
    window.addEventListener("pageshow", (event) => event.persisted && this.back(), { signal });
    document.addEventListener("visibilitychange", () => document.hidden ? this.leave() : this.back(), { signal });
    window.addEventListener("online", () => this.back(), { signal });
    window.addEventListener("beforeunload", (event) => this.warn(event), { signal });
    window.addEventListener("keyup", (event) => event.key === " " && this.keyUp(), { signal });
    this.timer = setInterval(() => document.hidden || this.look(), PageEvents.interval);
  }

  leave() {
    this.keyUp();
    this.annotator.finish();
    this.annotator.store.leave();
  }

  back() {
    this.annotator.store.sync.wake();
    this.look();
  }

  look() {
    this.annotator.store.list().catch((error) => {
      // The page leads back to signing in; what is unsent is in the journal.
      if (error instanceof APIError && error.status === 401) throw error;
    });
  }

  /**
   * With a journal nothing is lost, and nobody is asked.
   * @param {BeforeUnloadEvent} event
   */
  warn(event) {
    const { store } = this.annotator;
    if (!store.journalFailure || store.pending.length === 0) return;
    event.preventDefault();
    event.returnValue = true;
  }

  /** Space is down: the cursor paints until it goes up. */
  keyDown() {
    const view = this.annotator.active, tool = view && this.annotator.tools.get(view);
    if (!view?.isCursorByKeys || !view.cursor || !tool) return false;
    if (this.isKeyDown) return true;
    this.isKeyDown = true;
    tool.begin(view.cursor);
    return true;
  }

  keyUp() {
    if (!this.isKeyDown) return;
    this.isKeyDown = false;
    for (const tool of this.annotator.tools.values()) {
      if (tool.stroke) tool.end();
      else if (tool.draft && tool.isFreehand) tool.close();
    }
  }

  close() {
    this.stop.abort();
    clearInterval(this.timer);
  }
}
