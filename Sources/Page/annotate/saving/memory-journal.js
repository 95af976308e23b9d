/** @typedef {import("./journal.js").HistoryRecord} HistoryRecord */
/** @typedef {import("./journal.js").HistoryWrite} HistoryWrite */
/** @typedef {import("./journal-record.js").JournalRecord} JournalRecord */
/** @typedef {import("./label-patch.js").Runs} Runs */

/** A journal for browsers without a database: it is gone with the tab, which the page has to say. */
export class MemoryJournal {
  constructor() {
    /** @type {Map<string, JournalRecord>} */
    this.slices = new Map();
    /** @type {Map<string, HistoryRecord>} */
    this.heads = new Map();
    /** @type {Map<string, Map<number, Runs>>} */
    this.byHistory = new Map();
  }

  /**
   * @param {string} owner
   * @param {string} id
   */
  key(owner, id) {
    return `${owner}/${id}`;
  }

  /**
   * @param {JournalRecord} record
   * @param {HistoryWrite|null} [history]
   */
  async put(record, history = null) {
    this.slices.set(this.key(record.owner, record.id), record);
    if (history) this.putHistory(history);
  }

  /**
   * @param {string} owner
   * @param {string} id
   * @param {HistoryWrite|null} [history]
   */
  async remove(owner, id, history = null) {
    this.slices.delete(this.key(owner, id));
    if (history) this.putHistory(history);
  }

  /** @param {HistoryWrite} write */
  putHistory({ history, added, removed }) {
    this.heads.set(history.id, history);
    const strokes = this.byHistory.get(history.id) ?? new Map();
    this.byHistory.set(history.id, strokes);
    for (const [number, runs] of added) strokes.set(number, runs);
    for (const number of removed) strokes.delete(number);
  }

  async records() {
    return [...this.slices.values()];
  }

  /**
   * @param {string} owner
   * @param {string} id
   */
  async has(owner, id) {
    return this.slices.has(this.key(owner, id));
  }

  /**
   * @param {JournalRecord} record
   * @param {string} owner
   * @returns {Promise<JournalRecord|null>}
   */
  async adopt(record, owner) {
    const key = this.key(record.owner, record.id), found = this.slices.get(key);
    if (!found) return null;
    const adopted = { ...found, owner };
    this.slices.delete(key);
    this.slices.set(this.key(owner, record.id), adopted);
    return adopted;
  }

  /** @param {string} [slice] */
  async histories(slice) {
    return [...this.heads.values()].filter((history) => slice === undefined || history.slice === slice);
  }

  /** @param {HistoryRecord} history */
  async putHistoryRecord(history) {
    this.heads.set(history.id, history);
  }

  /** @param {string} history */
  async strokes(history) {
    return [...(this.byHistory.get(history) ?? [])]
      .map(([number, runs]) => ({ number, runs }))
      .sort((one, other) => one.number - other.number);
  }

  /** @param {string} history */
  async forget(history) {
    this.heads.delete(history);
    this.byHistory.delete(history);
  }
}
