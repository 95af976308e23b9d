import { LabelPatch } from "./label-patch.js";
import { recordOf } from "./journal-record.js";
import { StrokeHistory } from "../stroke-history.js";

/** @typedef {import("./journal.js").Journal} Journal */
/** @typedef {import("./memory-journal.js").MemoryJournal} MemoryJournal */
/** @typedef {import("./browser-tabs.js").BrowserTabs} BrowserTabs */
/** @typedef {import("./journal-record.js").JournalRecord} JournalRecord */
/** @typedef {import("./journal-record.js").JournalPlace} JournalPlace */
/** @typedef {import("../slice-document.js").SliceDocument} SliceDocument */
/** @typedef {import("../slice-document.js").Axis} Axis */
/** @typedef {import("../stroke-history.js").HistoryChange} HistoryChange */

/** The journal as one tab keeps it for one volume. */
export class JournalKeeper {
  /** Milliseconds without a stroke after which what could be undone on a slice is forgotten. */
  static oldest = 14 * 86400e3;

  /**
   * @param {Journal|MemoryJournal} journal
   * @param {Pick<BrowserTabs, "id"|"isGone"|"whenGone">} tabs
   * @param {JournalPlace} place
   * @param {() => string[]} classes
   * @param {(error: unknown) => void} onFailure The browser could not write; null: it can again.
   */
  constructor(journal, tabs, place, classes, onFailure) {
    this.journal = journal;
    this.tabs = tabs;
    this.place = place;
    this.classes = classes;
    this.onFailure = onFailure;
    /**
     * Records that have been written.
     * @type {Set<string>}
     */
    this.written = new Set();
    this.isFailing = false;
    /** Whether the journal is gone with the tab. */
    this.isVolatile = false;
  }

  /**
   * Writes what the server does not have of a slice, or that it has all. Never throws: a journal that fails is told of.
   * @param {SliceDocument} document
   * @param {HistoryChange|null} [change]
   */
  async keep(document, change = null) {
    const { id } = document, { owner } = this;
    const write = change && {
      history: this.head(document),
      added: new Map([...change.added].map(([number, stroke]) => [number, stroke.runs])),
      removed: change.removed,
    };
    try {
      if (document.isSaved) {
        if (!write && !this.written.has(id)) return;
        this.written.delete(id);
        await this.journal.remove(owner, id, write);
      } else {
        this.written.add(id);
        await this.journal.put(recordOf(document, owner, this.place, this.classes()), write);
      }
      if (this.isFailing && !this.isVolatile) this.onFailure(null);
      this.isFailing = false;
    } catch (error) {
      this.written.delete(id);
      this.isFailing = true;
      this.onFailure(error);
    }
  }

  get owner() {
    return this.tabs.id;
  }

  /** @param {SliceDocument} document */
  head(document) {
    const { history } = document;
    const { id, first, position } = history;
    return { id, owner: this.owner, slice: this.slice(document), first, position, time: Date.now() };
  }

  /** @param {{axis: Axis, index: number}} slice */
  slice({ axis, index }) {
    const { root, project, volume, sha256 } = this.place;
    return JSON.stringify([root, project, volume, sha256, axis, index]);
  }

  /**
   * False if another tab took this one for gone and has what is unsent now.
   * @param {SliceDocument} document
   */
  async owns({ id }) {
    if (!this.written.has(id)) return true;
    try {
      const isThere = await this.journal.has(this.owner, id);
      if (!isThere) this.written.delete(id);
      return isThere;
    } catch (error) {
      this.onFailure(error);
      return true;
    }
  }

  /**
   * What is not on a server yet, of every volume, but not of this tab.
   * @returns {Promise<JournalRecord[]>}
   */
  async left() {
    try {
      return (await this.journal.records()).filter(({ owner }) => owner !== this.owner);
    } catch (error) {
      this.onFailure(error);
      return [];
    }
  }

  /** Forgets what could be undone long ago. */
  async tidy() {
    try {
      for (const { id, time } of await this.journal.histories()) {
        if (time < Date.now() - JournalKeeper.oldest) await this.journal.forget(id);
      }
    } catch (error) {
      this.onFailure(error);
    }
  }

  /** @param {JournalRecord} record */
  isHere({ place }) {
    const { root, project, volume } = this.place;
    return place.root === root && place.project === project && place.volume === volume;
  }

  /**
   * Takes a record over whose tab is gone; null if another tab was faster.
   * @param {JournalRecord} record
   */
  async adopt(record) {
    const adopted = await this.journal.adopt(record, this.owner);
    if (adopted) this.written.add(adopted.id);
    return adopted;
  }

  /** @param {JournalRecord} record */
  async discard({ owner, id }) {
    this.written.delete(id);
    await this.journal.remove(owner, id);
  }

  /**
   * Gives a slice the strokes that could be undone in a tab that is gone, the latest if there are several.
   * @param {SliceDocument} document
   */
  async adoptHistory(document) {
    try {
      const found = await this.journal.histories(this.slice(document));
      const [head] = found.sort((one, other) => other.time - one.time);
      if (!head) return;
      if (head.owner !== this.owner) await this.tabs.whenGone(head.owner);
      const strokes = await this.journal.strokes(head.id);
      const isComplete = strokes.every(({ number }, place) => number === head.first + place);
      if (document.history.strokes.length > 0 || !isComplete || strokes.length === 0) return;
      const patches = strokes.map(({ runs }) => new LabelPatch(runs));
      document.history = new StrokeHistory(head.id, head.first, patches, head.position);
      await this.journal.putHistoryRecord(this.head(document));
    } catch (error) {
      this.onFailure(error);
    }
  }
}
