import { LabelPatch } from "./label-patch.js";
import { union } from "../shapes/rect.js";
import { SliceDocument } from "../slice-document.js";

/** @typedef {import("./label-patch.js").Runs} Runs */
/** @typedef {import("../shapes/rect.js").Rect} Rect */
/** @typedef {import("../slice-document.js").Axis} Axis */
/** @typedef {import("../slice-document.js").Stored} Stored */
/** @typedef {import("../stroke-history.js").StrokeHistory} StrokeHistory */
/** @typedef {{key: string, rect: Rect, patch: Runs, values: string}} RequestRecord */
/**
 * @typedef {object} JournalPlace Where strokes belong, and whose they are.
 * @property {string} root Of the server.
 * @property {string} project
 * @property {string} volume
 * @property {string} sha256 Of the image's file.
 * @property {string} [version] The image as it was read from it; strokes of older pages don't have it.
 * @property {string} author
 */
/**
 * @typedef {object} JournalRecord What of a slice is not on the server yet.
 * @property {string} owner The tab that looks after it.
 * @property {string} id
 * @property {JournalPlace} place
 * @property {Axis} axis
 * @property {number} index
 * @property {number} rows
 * @property {number} columns
 * @property {number} revision On which it was drawn.
 * @property {string[]} classes Their names then.
 * @property {Runs|null} patch
 * @property {Runs|null} clashes
 * @property {Runs|null} detour
 * @property {RequestRecord|null} request
 * @property {number} time When it was written, in milliseconds.
 */

/** @param {LabelPatch|null} patch */
const runs = (patch) => patch?.runs ?? null;

/** @param {Runs|null} runs */
const patch = (runs) => (runs ? new LabelPatch(runs) : null);

/**
 * What the journal keeps of a slice.
 * @param {SliceDocument} document
 * @param {string} owner
 * @param {JournalPlace} place
 * @param {string[]} classes
 * @returns {JournalRecord}
 */
export function recordOf(document, owner, place, classes) {
  const { id, axis, index, rows, columns, revision, request, touched } = document;
  const drawn = touched && LabelPatch.between(document.base, document.labels.values, columns, touched);
  return {
    owner, id, place, axis, index, rows, columns, revision, classes,
    patch: runs(drawn),
    clashes: runs(document.clashes),
    detour: runs(document.detour),
    request: request && { ...request, patch: request.patch.runs },
    time: Date.now(),
  };
}

/**
 * The slice as it was drawn, on the revision on which it was.
 * @param {JournalRecord} record
 * @param {Stored} stored That revision.
 * @param {StrokeHistory} history
 */
export function documentOf(record, stored, history) {
  const document = new SliceDocument(record, stored, record.id, history);
  const drawn = patch(record.patch);
  if (drawn) document.change(drawn);
  document.clashes = patch(record.clashes);
  document.detour = patch(record.detour);
  document.request = record.request && { ...record.request, patch: new LabelPatch(record.request.patch) };
  document.touched = union(document.touched, union(document.detour?.bounds(document.columns) ?? null, document.request?.rect ?? null));
  document.state = "unsaved";
  return document;
}

/**
 * The revision on which a record was drawn, where the server does not have it any more: what it has now, but with the labels
 * that were there before in the voxels that were drawn.
 * @param {JournalRecord} record
 * @param {Stored} now
 * @returns {Stored}
 */
export function supposedBase(record, now) {
  const labels = now.labels.slice();
  patch(record.patch)?.forEach((offset, before) => {
    labels[offset] = before;
  });
  return { ...now, revision: record.revision, labels };
}
