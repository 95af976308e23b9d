import { documentOf, supposedBase } from "./journal-record.js";
import { randomKey } from "./random-key.js";
import { sliceKey } from "../slice-document.js";
import { StrokeHistory } from "../stroke-history.js";

/** @typedef {import("../annotation-store.js").AnnotationStore} AnnotationStore */
/** @typedef {import("./journal-record.js").JournalRecord} JournalRecord */
/** @typedef {import("../slice-document.js").SliceDocument} SliceDocument */
/**
 * @typedef {{record: JournalRecord, reason: "image"|"reading"|"author"}} Stray Strokes that are not sent unasked: of another
 *   image, of the same file read otherwise, or somebody else's.
 */

/** Brings strokes to the server that closed tabs left in the journal. */
export class StrokeReplay {
  /** @param {AnnotationStore} store */
  constructor(store) {
    this.store = store;
    /** Records that are being read. */
    this.running = 0;
    /** Whether the server did not answer. */
    this.isWaiting = false;
    /**
     * Strokes of closed tabs on slices that were open here already.
     * @type {Set<SliceDocument>}
     */
    this.guests = new Set();
    /**
     * Slices that are being restored, to be opened.
     * @type {Map<string, Promise<SliceDocument>>}
     */
    this.restoring = new Map();
    /** @type {Promise<void>} */
    this.looked = Promise.resolve();
    this.hasLooked = false;
    /** @type {Stray[]} */
    this.strays = [];
    /**
     * What is left of other volumes.
     * @type {JournalRecord[]}
     */
    this.elsewhere = [];
  }

  /** Looks into the journal; `looked` is kept when slices of tabs that are gone are being restored. */
  start() {
    this.looked = this.look();
  }

  async look() {
    const { keeper, tabs } = this.store;
    const left = await keeper.left();
    this.elsewhere = left.filter((record) => !keeper.isHere(record));
    if (this.elsewhere.length > 0) this.store.emit("stray");
    await Promise.all(left.filter((record) => keeper.isHere(record)).map(async (record) => {
      if (await tabs.isGone(record.owner)) await this.take(record);
      else tabs.whenGone(record.owner).then(() => this.take(record)).catch(() => {});
    }));
    this.hasLooked = true;
    keeper.tidy();
  }

  /** @param {JournalRecord} record */
  async take(record) {
    const { store } = this;
    try {
      const adopted = await store.keeper.adopt(record);
      if (!adopted || store.isClosed) return;
      const { place } = store.keeper, plane = store.planes[adopted.axis];
      const isFit = adopted.rows === plane.rows && adopted.columns === plane.columns;
      if (adopted.place.sha256 !== place.sha256 || !isFit) this.strays.push({ record: adopted, reason: "image" });
      // The same file with its axes in another order may have slices of the same size.
      else if ((adopted.place.version ?? place.version) !== place.version) this.strays.push({ record: adopted, reason: "reading" });
      else if (adopted.place.author !== place.author) this.strays.push({ record: adopted, reason: "author" });
      else return void this.resume(adopted);
      store.emit("stray");
    } catch (error) {
      store.keeper.onFailure(error);
    }
  }

  /**
   * Somebody says that strays are theirs, or not wanted.
   * @param {Stray} stray
   * @param {"send"|"discard"} choice
   */
  async decide(stray, choice) {
    this.strays = this.strays.filter((other) => other !== stray);
    this.store.emit("stray");
    if (choice === "send") await this.resume(stray.record);
    else await this.store.keeper.discard(stray.record);
  }

  /**
   * Opens a slice as it was drawn, and sends what the server lacks.
   * @param {JournalRecord} record
   */
  async resume(record) {
    const { store } = this, name = sliceKey(record.axis, record.index);
    this.running++;
    store.emit("state");
    const restoring = this.restored(record);
    const isOpen = store.documents.has(name) || this.restoring.has(name) || (this.hasLooked && store.opening.has(name));
    if (!isOpen) this.restoring.set(name, restoring);
    const document = await restoring;
    this.running--;
    if (isOpen) this.guests.add(document);
    else {
      this.restoring.delete(name);
      store.documents.set(name, document);
      store.keeper.adoptHistory(document).then(() => store.emit("state"));
    }
    store.emit("labels", { document, rect: null });
    store.emit("state");
    await store.sync.flush(document);
    if (isOpen) await this.settle(document);
  }

  /**
   * @param {JournalRecord} record
   * @returns {Promise<SliceDocument>}
   */
  async restored(record) {
    const { store } = this, { axis, index, revision, rows, columns } = record, voxels = rows * columns;
    for (let failures = 0; ; this.isWaiting = false) {
      try {
        const history = new StrokeHistory(randomKey());
        if (revision === 0) return documentOf(record, store.empty(voxels), history);
        const labels = await store.service.labels(axis, index, revision, voxels);
        if (labels) return documentOf(record, { revision, role: store.role(axis, index), labels }, history);
        const now = await store.service.current(axis, index, voxels);
        const document = documentOf(record, supposedBase(record, now), history);
        document.rebase(now);
        return document;
      } catch {
        this.isWaiting = true;
        store.emit("state");
        await store.clock.pause(store.clock.delay(++failures));
      }
    }
  }

  /**
   * What was drawn on the open slice since stays; the other is in its history.
   * @param {SliceDocument} document
   */
  async settle(document) {
    const { store } = this;
    while (document.clashes) {
      document.choose("theirs");
      await store.sync.flush(document);
    }
    if (document.refusal !== null) return;
    this.guests.delete(document);
    const open = store.peek(document.axis, document.index);
    if (open) await store.refresh(open);
  }
}
