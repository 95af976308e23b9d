import { text } from "../../support/text.js";

/** @typedef {import("./journal-record.js").JournalRecord} JournalRecord */
/** @typedef {import("./label-patch.js").Runs} Runs */
/** @typedef {import("../slice-document.js").Axis} Axis */
/**
 * @typedef {object} HistoryRecord Which strokes of a slice can be undone and redone.
 * @property {string} id
 * @property {string} owner
 * @property {string} slice
 * @property {number} first
 * @property {number} position
 * @property {number} time
 */
/** @typedef {{history: HistoryRecord, added: Map<number, Runs>, removed: number[]}} HistoryWrite */

/**
 * The journal of a browser: strokes that are not on the server yet, and the strokes that can be undone, in IndexedDB.
 *
 * A stroke is on the disk when the promise of its write is kept: its transaction asks for strict durability, so that not even
 * a loss of power takes it, and is committed at once, so that it goes on when the tab is closed.
 */
export class Journal {
  static stores = /** @type {const} */ (["slices", "histories", "strokes"]);

  /** @param {IDBDatabase} database */
  constructor(database) {
    this.database = database;
    database.onversionchange = () => database.close();
  }

  /**
   * Throws where the browser has no database, as in some private windows.
   * @param {string} [name]
   * @returns {Promise<Journal>}
   */
  static open(name = "slicewise") {
    return new Promise((resolve, reject) => {
      const opening = indexedDB.open(name, 1);
      opening.onupgradeneeded = () => {
        const { result: database } = opening;
        database.createObjectStore("slices", { keyPath: ["owner", "id"] });
        database.createObjectStore("histories", { keyPath: "id" }).createIndex("slice", "slice");
        database.createObjectStore("strokes", { keyPath: ["history", "number"] });
      };
      opening.onsuccess = () => resolve(new Journal(opening.result));
      opening.onerror = () => reject(opening.error);
      // Some private windows never answer.
      setTimeout(() => reject(new Error(text.faults.journalClosed)), 5000);
      opening.onblocked = () => reject(new Error(text.faults.journalOld));
    });
  }

  /**
   * @param {(transaction: IDBTransaction) => void} work Makes all its requests at once.
   * @returns {Promise<void>}
   */
  write(work) {
    return new Promise((resolve, reject) => {
      const transaction = this.database.transaction(Journal.stores, "readwrite", { durability: "strict" });
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error(text.faults.journalWrite));
      work(transaction);
      transaction.commit?.();
    });
  }

  /**
   * @template T
   * @param {typeof Journal.stores[number]} store
   * @param {(store: IDBObjectStore) => IDBRequest<T>} ask
   * @returns {Promise<T>}
   */
  read(store, ask) {
    return new Promise((resolve, reject) => {
      const request = ask(this.database.transaction(store).objectStore(store));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }

  /**
   * Keeps what a slice has that the server does not, and how its history changed.
   * @param {JournalRecord} record
   * @param {HistoryWrite|null} [history]
   */
  put(record, history = null) {
    return this.write((transaction) => {
      transaction.objectStore("slices").put(record);
      if (history) this.putHistory(transaction, history);
    });
  }

  /**
   * The server has all of a slice.
   * @param {string} owner
   * @param {string} id
   * @param {HistoryWrite|null} [history]
   */
  remove(owner, id, history = null) {
    return this.write((transaction) => {
      transaction.objectStore("slices").delete([owner, id]);
      if (history) this.putHistory(transaction, history);
    });
  }

  /**
   * @param {IDBTransaction} transaction
   * @param {HistoryWrite} write
   */
  putHistory(transaction, { history, added, removed }) {
    transaction.objectStore("histories").put(history);
    const strokes = transaction.objectStore("strokes");
    for (const [number, runs] of added) strokes.put({ history: history.id, number, runs });
    for (const number of removed) strokes.delete([history.id, number]);
  }

  /**
   * All that is not on a server yet, of every volume.
   * @returns {Promise<JournalRecord[]>}
   */
  records() {
    return this.read("slices", (store) => store.getAll());
  }

  /**
   * Whether nobody else has taken a record over.
   * @param {string} owner
   * @param {string} id
   */
  async has(owner, id) {
    return (await this.read("slices", (store) => store.count([owner, id]))) > 0;
  }

  /**
   * Takes over what a tab left that is gone; null if another one was faster.
   * @param {JournalRecord} record
   * @param {string} owner
   * @returns {Promise<JournalRecord|null>}
   */
  adopt(record, owner) {
    return new Promise((resolve, reject) => {
      const transaction = this.database.transaction("slices", "readwrite", { durability: "strict" });
      const store = transaction.objectStore("slices");
      const key = [record.owner, record.id];
      /** @type {JournalRecord|null} */
      let adopted = null;
      const found = store.get(key);
      found.onsuccess = () => {
        if (!found.result) return;
        adopted = { ...found.result, owner };
        store.delete(key);
        store.put(adopted);
      };
      transaction.oncomplete = () => resolve(adopted);
      transaction.onabort = () => reject(transaction.error);
    });
  }

  /**
   * The histories of a slice, or of all, also those of other tabs.
   * @param {string} [slice]
   * @returns {Promise<HistoryRecord[]>}
   */
  histories(slice) {
    return this.read("histories", (store) => (slice === undefined ? store.getAll() : store.index("slice").getAll(slice)));
  }

  /** @param {HistoryRecord} history */
  putHistoryRecord(history) {
    return this.write((transaction) => void transaction.objectStore("histories").put(history));
  }

  /**
   * @param {string} history
   * @returns {Promise<{number: number, runs: Runs}[]>} In order.
   */
  strokes(history) {
    return this.read("strokes", (store) => store.getAll(IDBKeyRange.bound([history, 0], [history, Infinity])));
  }

  /** @param {string} history */
  forget(history) {
    return this.write((transaction) => {
      transaction.objectStore("histories").delete(history);
      transaction.objectStore("strokes").delete(IDBKeyRange.bound([history, 0], [history, Infinity]));
    });
  }
}
