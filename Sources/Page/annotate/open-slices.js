import { randomKey } from "./saving/random-key.js";
import { SliceDocument, sliceKey } from "./slice-document.js";
import { unlabeled } from "./slice-labels.js";
import { StrokeHistory } from "./stroke-history.js";

/** @typedef {import("./saving/annotation-service.js").AnnotationService} AnnotationService */
/** @typedef {import("./saving/annotation-service.js").Posted} Posted */
/** @typedef {import("./slice-document.js").Axis} Axis */
/** @typedef {import("./slice-document.js").Stored} Stored */
/** @typedef {{rows: number, columns: number, count: number}} Plane */

/** The slices of a volume that are open, those that closed tabs left first, and the list of those that the server has. */
export class OpenSlices extends EventTarget {
  /** Bytes of slices that are kept open. */
  static spare = 128e6;

  /**
   * @param {AnnotationService} service
   * @param {Record<Axis, Plane>} planes
   */
  constructor(service, planes) {
    super();
    this.service = service;
    this.planes = planes;
    /** @type {Map<string, SliceDocument>} */
    this.documents = new Map();
    /** @type {Map<string, Promise<SliceDocument>>} */
    this.opening = new Map();
    /** @type {import("./saving/stroke-replay.js").StrokeReplay} */
    this.replay;
    /** @type {Posted[]} */
    this.revisions = [];
    /** @type {Promise<void>|null} */
    this.listing = null;
    this.isListed = false;
  }

  /**
   * @param {string} type
   * @param {unknown} [detail]
   */
  emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /**
   * Asks which slices are annotated; open ones that somebody else changed are brought up to date.
   * @returns {Promise<void>}
   */
  list() {
    this.listing ??= this.fetchList().finally(() => (this.listing = null));
    return this.listing;
  }

  async fetchList() {
    const revisions = await this.service.list();
    this.revisions = revisions;
    this.isListed = true;
    this.emit("listchange");
    for (const document of this.documents.values()) {
      const now = this.revision(document.axis, document.index)?.revision ?? 0;
      if (now !== document.revision) this.moved(document);
    }
  }

  /** @param {number} voxels @returns {Stored} */
  empty(voxels) {
    return { revision: 0, role: "train", labels: new Uint8Array(voxels).fill(unlabeled) };
  }

  /** @param {Axis} axis @param {number} index */
  revision(axis, index) {
    return this.revisions.find((slice) => slice.axis === axis && slice.index === index);
  }

  /** @param {Axis} axis @param {number} index */
  role(axis, index) {
    return this.revision(axis, index)?.role ?? "train";
  }

  /**
   * A slice that is open.
   * @param {Axis} axis
   * @param {number} index
   */
  peek(axis, index) {
    return this.documents.get(sliceKey(axis, index)) ?? null;
  }

  /**
   * A slice, as it is here and else on the server.
   * @param {Axis} axis
   * @param {number} index
   * @returns {Promise<SliceDocument>}
   */
  open(axis, index) {
    const name = sliceKey(axis, index), document = this.documents.get(name);
    if (document) return Promise.resolve(document);
    let opening = this.opening.get(name);
    if (!opening) {
      opening = this.load(axis, index).finally(() => {
        if (this.opening.get(name) === opening) this.opening.delete(name);
      });
      this.opening.set(name, opening);
    }
    return opening;
  }

  /**
   * @param {Axis} axis
   * @param {number} index
   */
  async load(axis, index) {
    const { rows, columns } = this.planes[axis], voxels = rows * columns;
    await this.replay.looked;
    const replayed = this.documents.get(sliceKey(axis, index)) ?? this.replay.restoring.get(sliceKey(axis, index));
    if (replayed) return replayed;
    if (!this.isListed) await this.list();
    const known = this.revision(axis, index);
    let stored = this.empty(voxels);
    if (known) {
      const labels = await this.service.labels(axis, index, known.revision, voxels);
      const { revision, role } = known;
      stored = labels ? { revision, role, labels } : await this.service.current(axis, index, voxels);
    }
    // Or it was opened while this was on its way.
    return this.peek(axis, index) ?? this.add(axis, index, stored);
  }

  /**
   * Whether a slice is known to have no labels anywhere.
   * @param {Axis} axis
   * @param {number} index
   */
  isBlank(axis, index) {
    const name = sliceKey(axis, index);
    return this.isListed && this.replay.hasLooked && !this.documents.has(name) && !this.replay.restoring.has(name)
      && !this.revision(axis, index);
  }

  /**
   * A slice if it can be had without waiting.
   * @param {Axis} axis
   * @param {number} index
   */
  openNow(axis, index) {
    if (!this.isBlank(axis, index)) return this.peek(axis, index);
    return this.add(axis, index, this.empty(this.planes[axis].rows * this.planes[axis].columns));
  }

  /**
   * @param {Axis} axis
   * @param {number} index
   * @param {Stored} stored
   */
  add(axis, index, stored) {
    const { rows, columns } = this.planes[axis];
    const document = new SliceDocument({ axis, index, rows, columns }, stored, randomKey(), new StrokeHistory(randomKey()));
    this.documents.set(sliceKey(axis, index), document);
    this.opened(document);
    this.trim();
    return document;
  }

  /** Closes slices that were opened long ago. */
  trim() {
    let bytes = 0;
    for (const document of this.documents.values()) bytes += 2 * document.base.length;
    for (const [name, document] of this.documents) {
      if (bytes <= OpenSlices.spare) return;
      if (!document.isSaved || this.isBusy(document)) continue;
      this.documents.delete(name);
      bytes -= 2 * document.base.length;
    }
  }

  /**
   * A slice is open now.
   * @param {SliceDocument} _document
   */
  opened(_document) {}

  /**
   * Somebody else has changed an open slice.
   * @param {SliceDocument} _document
   */
  moved(_document) {}

  /**
   * Whether a slice must stay open.
   * @param {SliceDocument} _document
   */
  isBusy(_document) {
    return false;
  }
}
