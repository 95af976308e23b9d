import { classValues } from "./saving/class-values.js";
import { JournalKeeper } from "./saving/journal-keeper.js";
import { LabelPatch } from "./saving/label-patch.js";
import { OpenSlices } from "./open-slices.js";
import { randomKey } from "./saving/random-key.js";
import { RetryClock } from "./saving/retry-clock.js";
import { StrokeReplay } from "./saving/stroke-replay.js";
import { Synchronizer } from "./saving/synchronizer.js";

/** @typedef {import("./saving/annotation-service.js").AnnotationService} AnnotationService */
/** @typedef {import("./saving/annotation-service.js").Posted} Posted */
/** @typedef {import("./saving/class-values.js").LabelClass} LabelClass */
/** @typedef {import("./shapes/rect.js").Rect} Rect */
/** @typedef {import("./slice-document.js").Axis} Axis */
/** @typedef {import("./slice-document.js").SliceDocument} SliceDocument */
/** @typedef {import("./open-slices.js").Plane} Plane */

/**
 * The annotations of a volume: what is drawn on its slices, and how that comes to the server.
 *
 * Dispatches `listchange`, `state`, `labels` (`detail` is {document, rect}), `stray` and `merged` (`detail` is the document).
 */
export class AnnotationStore extends OpenSlices {
  /**
   * @param {object} parts
   * @param {AnnotationService} parts.service
   * @param {ConstructorParameters<typeof JournalKeeper>[0]} parts.journal
   * @param {Pick<import("./saving/browser-tabs.js").BrowserTabs, "id"|"isGone"|"whenGone"|"tell">} parts.tabs
   * @param {import("./saving/journal-record.js").JournalPlace} parts.place
   * @param {Record<Axis, Plane>} parts.planes
   * @param {LabelClass[]} parts.classes
   * @param {RetryClock} [parts.clock]
   */
  constructor({ service, journal, tabs, place, planes, classes, clock = new RetryClock() }) {
    super(service, planes);
    this.tabs = tabs;
    this.classes = classes;
    this.clock = clock;
    this.journalFailure = "";
    this.keeper = new JournalKeeper(journal, tabs, place, () => this.classes.map(({ name }) => name), (error) => {
      this.journalFailure = error === null ? "" : String(error);
      this.emit("state");
    });
    this.sync = new Synchronizer(service, {
      values: (labels) => classValues(labels, this.classes),
      keep: (document, change) => this.keeper.keep(document, change),
      owns: (document) => this.owns(document),
      onState: () => this.emit("state"),
      onSaved: (document, posted) => this.saved(document, posted),
      onMerged: (document, rect) => this.merged(document, rect),
    }, clock);
    /**
     * Whether a view shows a slice; set by who shows them.
     * @type {(document: SliceDocument) => boolean}
     */
    this.isShown = () => false;
    this.replay = new StrokeReplay(this);
    this.isClosed = false;
  }

  /** @param {SliceDocument} document */
  opened(document) {
    this.keeper.adoptHistory(document).then(() => this.emit("state"));
  }

  /** @param {SliceDocument} document */
  moved(document) {
    this.refresh(document).catch(() => {});
  }

  /** @param {SliceDocument} document */
  isBusy(document) {
    return this.isShown(document) || this.sync.running.has(document);
  }

  /** @param {SliceDocument} document */
  async refresh(document) {
    if (document.request || document.refusal !== null) return;
    await this.sync.alone(document, () => this.sync.merge(document));
  }

  /**
   * A stroke has ended: it goes to the journal now and to the server soon. Kept when it is in the journal.
   * @param {SliceDocument} document
   * @param {LabelPatch} stroke
   * @param {boolean} [isPainted] Whether the views show it already.
   */
  edited(document, stroke, isPainted = false) {
    const change = document.history.push(stroke);
    // First of all: what comes after may take its time.
    const kept = this.keeper.keep(document, change);
    this.sync.schedule(document, this.journalFailure ? 0 : undefined);
    if (isPainted) this.emit("state");
    else this.emit("labels", { document, rect: stroke.bounds(document.columns) });
    return kept;
  }

  /**
   * Takes back the last stroke, or does it again; false if there is none.
   * @param {SliceDocument} document
   * @param {"undo"|"redo"} direction
   */
  step(document, direction) {
    if (document.isDrawing || document.isHeld) return false;
    const patch = document.history[direction]();
    if (!patch) return false;
    const rect = document.change(patch);
    this.keeper.keep(document, { added: new Map(), removed: [] });
    this.sync.schedule(document, this.journalFailure ? 0 : undefined);
    this.emit("labels", { document, rect });
    return true;
  }

  /**
   * @param {SliceDocument} document
   * @param {Posted} posted
   */
  saved(document, posted) {
    const { axis, index, revision } = document;
    this.revisions = [...this.revisions.filter((slice) => slice.axis !== axis || slice.index !== index), posted];
    this.tabs.tell({ place: this.keeper.place, axis, index, revision });
    this.listSoon();
  }

  /** The list of slices changes with every post; asked once for several. */
  listSoon() {
    this.stopListing?.();
    this.stopListing = this.clock.after(() => this.list().catch(() => {}), 300);
  }

  /**
   * @param {SliceDocument} document
   * @param {Rect|null} rect
   */
  merged(document, rect) {
    this.emit("labels", { document, rect });
    this.emit("merged", document);
  }

  /**
   * What another tab tells.
   * @param {any} news
   */
  heard(news) {
    const { place } = this.keeper;
    if (news?.place?.root !== place.root || news.place.project !== place.project || news.place.volume !== place.volume) return;
    const document = this.peek(news.axis, news.index);
    if (document && document.revision !== news.revision) this.refresh(document).catch(() => {});
    this.listSoon();
  }

  /**
   * False, and what is unsent dropped, if another tab has taken it over.
   * @param {SliceDocument} document
   */
  async owns(document) {
    if (await this.keeper.owns(document)) return true;
    const stored = await this.service.current(document.axis, document.index, document.rows * document.columns);
    await document.idle();
    document.base = document.labels.values;
    document.clashes = document.detour = null;
    this.merged(document, document.rebase(stored));
    return false;
  }

  /**
   * Decides clashes.
   * @param {SliceDocument} document
   * @param {"mine"|"theirs"} side
   */
  async choose(document, side) {
    const rect = document.choose(side);
    await this.keeper.keep(document);
    this.emit("labels", { document, rect });
    this.sync.schedule(document, 0);
  }

  /**
   * Says what a slice is for.
   * @param {SliceDocument} document
   * @param {"train"|"test"} role
   */
  async setRole(document, role) {
    await this.sync.flush(document);
    await this.sync.alone(document, async () => {
      const answer = await this.service.setRole(document.axis, document.index, role, document.revision);
      document.revision = answer.revision;
      document.role = answer.role;
    });
    await this.list();
  }

  /**
   * Brings an earlier revision of a slice back, which can be undone.
   * @param {SliceDocument} document
   * @param {number} revision
   */
  async restore(document, revision) {
    await this.sync.flush(document);
    const before = document.labels.values.slice();
    // An undo meanwhile would be taken for a change beside this one.
    document.isHeld = true;
    this.sync.show(document, "saving");
    try {
      await this.sync.alone(document, async () => {
        await this.service.restore(document.axis, document.index, revision, document.revision, randomKey());
        await this.sync.merge(document);
      });
    } finally {
      document.isHeld = false;
      const patch = LabelPatch.between(before, document.labels.values, document.columns);
      if (patch) await this.keeper.keep(document, document.history.push(patch));
      this.emit("labels", { document, rect: null });
      await this.sync.flush(document);
    }
    this.listSoon();
  }

  /**
   * Tries again what was refused.
   * @param {SliceDocument} document
   */
  retry(document) {
    this.sync.schedule(document, 0);
  }

  /**
   * Goes back to what the server has, as a stroke that can be undone.
   * @param {SliceDocument} document
   */
  discard(document) {
    document.clashes = document.detour = document.request = null;
    const patch = LabelPatch.between(document.labels.values, document.base, document.columns);
    if (!patch) return this.sync.schedule(document, 0);
    document.change(patch);
    this.edited(document, patch);
  }

  /** Takes over what closed tabs left, and asks what is annotated. */
  async start() {
    this.replay.start();
    await this.list();
  }

  /** Everything that is not saved. */
  get pending() {
    return [...this.documents.values(), ...this.replay.guests].filter((document) => !document.isSaved);
  }

  /** The page may be gone in a moment. */
  leave() {
    this.sync.leave(this.pending);
  }

  /** Sends what it can in a moment, and ends. */
  async close() {
    this.isClosed = true;
    const sent = this.pending.map((document) => this.sync.flush(document));
    await Promise.race([Promise.all(sent), this.clock.pause(2000)]);
    this.sync.close();
    this.stopListing?.();
  }
}
