import { errorColors, uncertaintyColors } from "../volume/overlay-data.js";

/** @typedef {import("../volume/overlay-data.js").OverlayData} OverlayData */
/** @typedef {import("../volume/geometry.js").Axis} Axis */

/** Lays over the views what models and truths say, as it arrives and as it is asked for. */
export class VolumeOverlays {
  /**
   * @param {import("./linked-views.js").LinkedViews} views
   * @param {import("./display.js").Display} display
   * @param {OverlayData} data
   * @param {{color: string}[]} classes
   */
  constructor(views, display, data, classes) {
    this.views = views;
    this.display = display;
    this.data = data;
    this.colors = classes.map(({ color }) => color);
    const palettes = { prediction: this.colors, truth: this.colors, uncertainty: uncertaintyColors };
    for (const view of views.views) {
      for (const [name, colors] of Object.entries(palettes)) {
        const layer = /** @type {"prediction"|"truth"|"uncertainty"} */ (name);
        view.layers[layer] = { colors, labels: () => this.isShown(name) ? data.get(name, view.axis, view.index) : null };
      }
      view.layers.errors = {
        colors: errorColors,
        labels: () => this.isShown("errors") ? data.errors(view.axis, view.index, (label) => !display.hidden.has(label)) : null,
      };
    }
    data.addEventListener("arrival", (event) => this.arrived(/** @type {CustomEvent} */ (event).detail));
    display.addEventListener("overlaychange", (event) => {
      // Errors are those of the classes that are shown.
      if (/** @type {CustomEvent} */ (event).detail === null) for (const view of views.views) view.repaintLayer("errors");
    });
  }

  /** @param {string} name */
  isShown(name) {
    return this.display.overlays[name].isShown;
  }

  /**
   * What annotated slices say where they cross the one that is looked at.
   * @param {import("../volume/crossing-labels.js").CrossingLabels} crossing
   * @param {EventTarget|null} store What is drawn here; null for those who may only look: the slice's own annotation comes from
   *   there, too.
   */
  layCrossing(crossing, store) {
    const isOwn = store === null;
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    let timer;
    // What was drawn, saved or taken back is seen in the views that it crosses, too.
    const drawn = () => (timer ??= setTimeout(() => {
      timer = undefined;
      if (!crossing.isClosed) crossing.changed();
    }, 250));
    for (const event of ["state", "labels", "listchange"]) store?.addEventListener(event, drawn);
    for (const view of this.views.views) {
      if (isOwn) view.layers.annotation = { colors: this.colors, labels: () => crossing.own(view.axis, view.index) };
      view.layers.crossing = {
        colors: this.colors, labels: () => (this.isShown("crossing") ? crossing.get(view.axis, view.index) : null),
        covered: () => view.layers.annotation?.labels() ?? null,
      };
    }
    /** @type {Map<Axis, Uint8Array|null>} */
    const painted = new Map();
    crossing.addEventListener("arrival", () => {
      for (const view of this.views.views) {
        if (isOwn) view.repaintLayer("annotation");
        const labels = crossing.get(view.axis, view.index);
        // Most strokes cross no other view; another slice is painted when it comes.
        if (isOwn || painted.get(view.axis) !== labels) view.repaintLayer("crossing");
        painted.set(view.axis, labels);
      }
    });
  }

  /** @param {{name: string|null, axis: Axis, index: number}} arrival */
  arrived({ name, axis, index }) {
    // What is asked for first is predicted first: the slice in the large view.
    const { views, main } = this.views, large = this.views.view(main);
    for (const view of [large, ...views.filter((view) => view !== large)]) {
      if (name !== null && (view.axis !== axis || view.index !== index)) continue;
      for (const layer of name === null ? ["prediction", "uncertainty", "truth", "errors"] : [name, "errors"]) view.repaintLayer(layer);
    }
  }
}
