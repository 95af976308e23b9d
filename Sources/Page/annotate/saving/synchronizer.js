import { AnnotationService } from "./annotation-service.js";
import { randomKey } from "./random-key.js";
import { RetryClock } from "./retry-clock.js";
import { saveFailure } from "./save-failure.js";

/** @typedef {import("./annotation-service.js").Posted} Posted */
/** @typedef {import("../shapes/rect.js").Rect} Rect */
/** @typedef {import("../slice-document.js").SliceDocument} SliceDocument */
/** @typedef {import("../slice-document.js").SliceRequest} SliceRequest */
/** @typedef {import("../stroke-history.js").HistoryChange} HistoryChange */
/**
 * @typedef {object} SyncHost What the synchronizer works for.
 * @property {(labels: Set<number>) => string} values What labels mean.
 * @property {(document: SliceDocument, change?: HistoryChange) => Promise<void>} keep Writes what is unsent to the journal.
 * @property {(document: SliceDocument) => Promise<boolean>} owns False if another tab has taken over what is unsent.
 * @property {(document: SliceDocument) => void} onState
 * @property {(document: SliceDocument, posted: Posted) => void} onSaved
 * @property {(document: SliceDocument, rect: Rect|null) => void} onMerged Labels changed because somebody else changed them.
 */

/**
 * Brings slices to the server: 1.5 s after their last stroke, one request at a time for each, never within a stroke.
 *
 * A request stays as it is, with its key, until the server has answered it, however often it is sent. Only an answer that
 * the slice has moved on leads to a merge, and only a refusal that can't pass is one.
 */
export class Synchronizer {
  /** Milliseconds without a stroke before it is sent. */
  static idle = 1500;
  /** Bytes that browsers send for a page that is being left, all together. */
  static parting = 60000;

  /**
   * @param {AnnotationService} service
   * @param {SyncHost} host
   * @param {RetryClock} [clock]
   */
  constructor(service, host, clock = new RetryClock()) {
    this.service = service;
    this.host = host;
    this.clock = clock;
    /** @type {Map<SliceDocument, () => void>} */
    this.timers = new Map();
    /** @type {Map<SliceDocument, Promise<void>>} */
    this.running = new Map();
    this.isClosed = false;
  }

  /**
   * A stroke has ended, or the like.
   * @param {SliceDocument} document
   * @param {number} [time]
   */
  schedule(document, time = Synchronizer.idle) {
    if (document.state === "saved" || document.state === "refused") this.show(document, "unsaved");
    document.refusal = null;
    this.timers.get(document)?.();
    const stop = this.clock.after(() => {
      this.timers.delete(document);
      this.run(document);
    }, time);
    this.timers.set(document, stop);
  }

  /**
   * Sends at once; kept when the slice is saved, or waits for a decision or a way to the server.
   * @param {SliceDocument} document
   * @returns {Promise<void>}
   */
  flush(document) {
    this.timers.get(document)?.();
    this.timers.delete(document);
    return this.run(document);
  }

  /** @param {SliceDocument} document */
  run(document) {
    let running = this.running.get(document);
    if (!running) {
      running = this.send(document).finally(() => this.running.delete(document));
      this.running.set(document, running);
    }
    return running;
  }

  /** @param {SliceDocument} document */
  async send(document) {
    for (let failures = 0; ; ) {
      await document.idle();
      if (document.refusal !== null || this.isClosed) return;
      let { request } = document;
      try {
        request = await this.request(document);
        if (!request) {
          await this.rest(document);
          // Unless a stroke came meanwhile, whose time is up already.
          if (this.timers.has(document) || !document.unsent()) return;
          continue;
        }
        if (failures === 0) this.show(document, "saving");
        const posted = await this.service.post(document, request, AnnotationService.body(document, request));
        await this.accept(document, request, posted);
        failures = 0;
        // A stroke came meanwhile, whose time is still to come.
        if (this.timers.has(document)) return this.show(document, document.isSaved ? "saved" : "unsaved");
      } catch (error) {
        failures++;
        const wait = await this.failed(document, request, error, failures);
        if (wait === null) return;
        if (wait > 0) await this.clock.pause(wait);
      }
    }
  }

  /**
   * Does something else about a slice while nothing of it is sent.
   * @template T
   * @param {SliceDocument} document
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  async alone(document, work) {
    while (this.running.has(document)) await this.running.get(document);
    const working = work();
    const running = working.then(() => {}, () => {}).finally(() => {
      this.running.delete(document);
      if (!this.timers.has(document) && !document.isSaved) this.run(document);
    });
    this.running.set(document, running);
    return working;
  }

  /**
   * The request that was not answered yet, or the next one, once the journal has it; null if nothing is to be sent.
   * @param {SliceDocument} document
   */
  async request(document) {
    if (document.request) return document.request;
    const request = document.prepare(randomKey(), this.host.values);
    // What was to be posted on the way is on the server already.
    if (!request) document.detour = null;
    if (!request || !(await this.host.owns(document))) return null;
    // Or the one with which the page was left meanwhile.
    document.request ??= request;
    await this.host.keep(document);
    return document.request;
  }

  /**
   * @param {SliceDocument} document
   * @param {SliceRequest} request
   * @param {Posted} posted
   */
  async accept(document, request, posted) {
    if (document.request !== request) return;
    document.stored(posted.revision);
    this.host.onSaved(document, posted);
    await this.host.keep(document);
  }

  /**
   * Nothing is left to be sent.
   * @param {SliceDocument} document
   */
  async rest(document) {
    await this.host.keep(document);
    if (document.clashes) this.show(document, "conflict");
    else if (document.isSaved) this.show(document, "saved");
  }

  /**
   * How long to wait before the next try; null if there is none.
   * @param {SliceDocument} document
   * @param {SliceRequest|null} request
   * @param {unknown} error
   * @param {number} failures
   * @returns {Promise<number|null>}
   */
  async failed(document, request, error, failures) {
    // Sent when the page was left, and answered meanwhile.
    if (document.request !== request) return 0;
    const { kind, wait, reason } = saveFailure(error);
    const delay = Math.max(wait, this.clock.delay(failures));
    if (kind === "refused") {
      document.request = null;
      document.refusal = reason;
      await this.host.keep(document);
      this.show(document, "refused");
      return null;
    }
    if (kind === "again") {
      this.show(document, "offline", reason);
      return delay;
    }
    try {
      const isNew = await this.merge(document, request);
      if (kind === "newKey" && document.request === request) document.request = null;
      return isNew && failures < 5 ? 0 : delay;
    } catch (failure) {
      // The request is still there, and will be refused again.
      this.show(document, "offline", saveFailure(failure).reason);
      return delay;
    }
  }

  /**
   * Takes in what somebody else has stored; false if nobody has.
   * @param {SliceDocument} document
   * @param {SliceRequest|null} [request] The one that was refused.
   */
  async merge(document, request = null) {
    const { axis, index, rows, columns, revision } = document;
    const theirs = await this.service.current(axis, index, rows * columns);
    await document.idle();
    const hasMoved = document.request !== request || document.revision !== revision;
    if (hasMoved || theirs.revision === revision) return false;
    const rect = document.rebase(theirs);
    this.host.onMerged(document, rect);
    await this.host.keep(document);
    return true;
  }

  /**
   * The page is being left, perhaps for good: what is small enough is sent so that it goes on without the page.
   * @param {Iterable<SliceDocument>} documents
   */
  leave(documents) {
    let left = Synchronizer.parting;
    for (const document of documents) {
      if (document.isSaved || document.refusal !== null) continue;
      const isNew = !document.request;
      document.request ??= document.prepare(randomKey(), this.host.values);
      const { request } = document;
      if (!request) continue;
      if (isNew) this.host.keep(document).catch(() => {});
      const body = AnnotationService.body(document, request);
      if (body.length > left) continue;
      left -= body.length;
      this.service.post(document, request, body, true)
        .then((posted) => this.accept(document, request, posted))
        .then(() => (this.running.has(document) ? undefined : this.run(document)))
        .catch(() => {});
    }
  }

  close() {
    this.isClosed = true;
    for (const stop of this.timers.values()) stop();
    this.timers.clear();
    this.clock.wake();
  }

  /** Tries at once what waits. */
  wake() {
    this.clock.wake();
  }

  /**
   * @param {SliceDocument} document
   * @param {import("../slice-document.js").SaveState} state
   * @param {string} [reason]
   */
  show(document, state, reason = "") {
    if (document.state === state && document.reason === reason) return;
    document.state = state;
    document.reason = reason;
    this.host.onState(document);
  }
}
