import { planeSize } from "../volume/geometry.js";
import { AnnotationService } from "./saving/annotation-service.js";

/** @typedef {import("../volume/crossing-labels.js").SliceLabelSource} SliceLabelSource */
/** @typedef {import("../volume/geometry.js").Axis} Axis */

/** A revision of what is drawn and not saved: it will be the newest. */
const drawn = Number.MAX_SAFE_INTEGER;

/**
 * The annotated slices of a volume as this page has them, with what is drawn and not saved yet.
 * @param {import("./annotator.js").Annotator} annotator
 * @returns {SliceLabelSource}
 */
export function drawnSlices(annotator) {
  const { store } = annotator;
  return {
    list: () => (/** @type {Axis[]} */ (["z", "y", "x"])).flatMap((axis) => annotator.annotated(axis).map(({ index, revision }) => {
      const document = store.peek(axis, index);
      return { axis, index, revision: document && document.state !== "saved" ? drawn : (document?.revision ?? revision) };
    })),
    peek: (axis, index) => store.peek(axis, index)?.labels.values ?? null,
    fetch: stored(annotator.service, annotator.volume.shape),
  };
}

/**
 * The annotated slices of a volume as the server has them, for those who may only look.
 * @param {import("../support/api.js").API} api
 * @param {string} project
 * @param {any} volume As the server describes it.
 * @param {() => {axis: Axis, index: number, revision: number}[]} list
 * @returns {SliceLabelSource}
 */
export function storedSlices(api, project, volume, list) {
  return { list, peek: () => null, fetch: stored(new AnnotationService(api, project, volume.name), volume.shape) };
}

/**
 * @param {AnnotationService} service
 * @param {import("../volume/geometry.js").Extent} shape
 * @returns {SliceLabelSource["fetch"]}
 */
function stored(service, shape) {
  return ({ axis, index, revision }) => {
    const { rows, columns } = planeSize(axis, shape);
    return service.labels(axis, index, revision, rows * columns);
  };
}
