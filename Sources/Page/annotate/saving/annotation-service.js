import { API, APIError, OfflineError } from "../../support/api.js";
import { npyFile } from "./npy-file.js";
import { unlabeled } from "../slice-labels.js";
import { text } from "../../support/text.js";

/** @typedef {import("../slice-document.js").Axis} Axis */
/** @typedef {import("../slice-document.js").SliceDocument} SliceDocument */
/** @typedef {import("../slice-document.js").SliceRequest} SliceRequest */
/** @typedef {import("../slice-document.js").Stored} Stored */
/**
 * @typedef {object} Revision
 * @property {Axis} axis
 * @property {number} index
 * @property {number} revision
 * @property {string|null} author
 * @property {string} created
 * @property {boolean} cleared
 * @property {"train"|"test"} role
 * @property {Record<string, number>} voxels
 */
/** @typedef {Pick<Revision, "axis"|"index"|"revision"|"role"|"voxels">} Posted */

/** The server has another image than the one that was drawn on. */
export class ReplacedError extends Error {}

/** The calls about a volume's annotations. */
export class AnnotationService {
  /**
   * @param {API} api
   * @param {string} project
   * @param {string} volume
   * @param {string|null} [image] The version of the image that is drawn on; without one the server does not look.
   */
  constructor(api, project, volume, image = null) {
    this.api = api;
    this.path = API.path("v1", "projects", project, "volumes", volume);
    this.annotations = `${this.path}/annotations`;
    this.image = image;
    /** The server has another image: set by who shows it. */
    this.onReplaced = () => {};
  }

  /**
   * A change that belongs to the image that was seen, and that the server refuses where it has another. It does so itself: a
   * page that is being left has no time to ask first.
   * @template T
   * @param {(query: import("../../support/api.js").Query) => Promise<T>} change Takes what the query says of it.
   */
  async change(change) {
    try {
      return await change({ "if-image": this.image });
    } catch (error) {
      if (!(error instanceof APIError) || error.field !== "if-image") throw error;
      this.onReplaced();
      throw new ReplacedError(error.detail);
    }
  }

  /**
   * The annotated slices.
   * @returns {Promise<Posted[]>}
   */
  list() {
    return this.api.get(this.annotations);
  }

  /**
   * A slice as a revision left it; null if there is no such revision any more, or it cleared the slice.
   * @param {Axis} axis
   * @param {number} index
   * @param {number} revision
   * @param {number} voxels How many they must be.
   */
  async labels(axis, index, revision, voxels) {
    try {
      const query = { format: "raw", revision };
      const labels = await this.api.bytes(`${this.annotations}/${axis}/${index}`, { query });
      // Something between here and the server that answers in its place.
      if (labels.length !== voxels) throw new OfflineError(new Error(text.faults.noSlice));
      return labels;
    } catch (error) {
      if (error instanceof APIError && error.status === 404) return null;
      throw error;
    }
  }

  /**
   * A slice as it is now; revision 0 and nothing labelled if it is not annotated.
   * @param {Axis} axis
   * @param {number} index
   * @param {number} voxels
   * @returns {Promise<Stored>}
   */
  async current(axis, index, voxels) {
    for (;;) {
      const found = (await this.list()).find((slice) => slice.axis === axis && slice.index === index);
      if (!found) return { revision: 0, role: "train", labels: new Uint8Array(voxels).fill(unlabeled) };
      const labels = await this.labels(axis, index, found.revision, voxels);
      if (labels) return { revision: found.revision, role: found.role, labels };
    }
  }

  /**
   * Posts a part of a slice, once however often it is sent; returns what is stored then.
   * @param {SliceDocument} document
   * @param {SliceRequest} request
   * @param {Uint8Array} body
   * @param {boolean} [keepalive] Goes on when the page is left; only for small bodies.
   * @returns {Promise<Posted>}
   */
  async post({ axis, index, revision }, { key, rect, values }, body, keepalive = false) {
    const region = [rect.row, rect.column, rect.rows, rect.columns].join(",");
    const answer = await this.change((query) => this.api.post(this.annotations, body, {
      query: { axis, index, region, values, "if-revision": revision, ...query }, headers: { "Idempotency-Key": key }, keepalive,
    }));
    if (!Number.isInteger(answer?.revision) || answer.axis !== axis || answer.index !== index) {
      throw new OfflineError(new Error(text.faults.otherServer));
    }
    return answer;
  }

  /**
   * @param {SliceDocument} document
   * @param {SliceRequest} request
   */
  static body(document, request) {
    return npyFile(document.body(request), request.rect.rows, request.rect.columns);
  }

  /**
   * @param {Axis} axis
   * @param {number} index
   * @returns {Promise<Revision[]>} Oldest first.
   */
  history(axis, index) {
    return this.api.get(`${this.annotations}/${axis}/${index}/history`);
  }

  /**
   * Brings an earlier revision back, as a new one, unless the slice has changed since `expected`.
   * @param {Axis} axis
   * @param {number} index
   * @param {number} revision
   * @param {number} expected
   * @param {string} key
   */
  restore(axis, index, revision, expected, key) {
    const path = `${this.annotations}/${axis}/${index}/restore`;
    return this.change((query) => this.api.post(path, null, {
      query: { revision, "if-revision": expected, ...query }, headers: { "Idempotency-Key": key },
    }));
  }

  /**
   * @param {Axis} axis
   * @param {number} index
   * @param {"train"|"test"} role
   * @param {number} expected
   * @returns {Promise<Revision>}
   */
  setRole(axis, index, role, expected) {
    const path = `${this.annotations}/${axis}/${index}/role`;
    return this.change((query) => this.api.json("PUT", path, undefined, { query: { role, "if-revision": expected, ...query } }));
  }

  /**
   * The predicted classes of a slice; null if no model has predicted it.
   * @param {Axis} axis
   * @param {number} index
   * @param {number} voxels
   * @param {string|null} model
   */
  async predicted(axis, index, voxels, model) {
    try {
      const query = { format: "raw", model };
      const labels = await this.api.bytes(`${this.path}/prediction/slices/${axis}/${index}`, { query });
      return labels.length === voxels ? labels : null;
    } catch (error) {
      if (error instanceof APIError && error.status === 404) return null;
      throw error;
    }
  }
}
