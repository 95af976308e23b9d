import { planeSize } from "../volume/geometry.js";
import { text } from "../support/text.js";
import { AnnotationService } from "./saving/annotation-service.js";
import { AnnotationStore } from "./annotation-store.js";
import { annotationKeys } from "./annotation-keys.js";
import { BrowserTabs } from "./saving/browser-tabs.js";
import { Journal } from "./saving/journal.js";
import { MemoryJournal } from "./saving/memory-journal.js";
import { PageEvents } from "./saving/page-events.js";
import { PaintSettings } from "./paint-settings.js";
import { PaintSources } from "./paint-sources.js";
import { SliceActions } from "./slice-actions.js";
import { Toolbox } from "./toolbox.js";
import { ViewTool } from "./view-tool.js";

/** @typedef {import("../support/api.js").API} API */
/** @typedef {import("../view/slice-view.js").SliceView} SliceView */
/** @typedef {import("./saving/class-values.js").LabelClass} LabelClass */
/** @typedef {import("./slice-document.js").Axis} Axis */
/** @typedef {import("./slice-document.js").SliceDocument} SliceDocument */
/** @typedef {"saved"|"saving"|"unsaved"|"offline"|"conflict"} State */

/**
 * Annotates a volume in views: tools, strokes, and their way to the server.
 *
 * Dispatches `statechange` (`state` is another), `slicechange` (other slices are annotated), `activechange` (of the slice
 * that is looked at there is something new to show) and `signin` (somebody wants to sign in anew).
 */
export class Annotator extends EventTarget {
  /**
   * @param {object} parts
   * @param {API} parts.api
   * @param {string} parts.project Its name.
   * @param {any} parts.volume As the server describes it.
   * @param {LabelClass[]} parts.classes
   * @param {(text: string) => void} parts.announce
   * @param {string} [parts.author] The name of the token: strokes of somebody else are not sent under it.
   */
  constructor({ api, project, volume, classes, announce, author = "" }) {
    super();
    this.announce = announce;
    this.volume = volume;
    this.tabs = new BrowserTabs();
    const planes = /** @type {AnnotationStore["planes"]} */ (Object.fromEntries(
      (/** @type {Axis[]} */ (["z", "y", "x"])).map((axis) => [axis, { ...planeSize(axis, volume.shape), count: volume.shape[axis] }])));
    this.service = new AnnotationService(api, project, volume.name, volume.version);
    const place = { root: String(api.root), project, volume: volume.name, sha256: volume.sha256, version: volume.version, author };
    this.store = new AnnotationStore({ service: this.service, journal: new MemoryJournal(), tabs: this.tabs, place, planes, classes });
    this.settings = new PaintSettings();
    this.settings.label = Math.max(0, classes.findIndex(({ removed }) => !removed));
    this.settings.measure(volume.channels);
    this.actions = new SliceActions(this);
    this.sources = new PaintSources(this);
    /** @type {Map<SliceView, ViewTool>} */
    this.tools = new Map();
    /** @type {Toolbox|null} */
    this.toolbox = null;
    /** @type {SliceView|null} */
    this.active = null;
    /**
     * An earlier revision that is looked at.
     * @type {{axis: Axis, index: number, revision: number, labels: Uint8Array}|null}
     */
    this.preview = null;
    this.shownState = "saved";
    this.isReady = false;
    this.listen();
    this.events = new PageEvents(this);
    /** Kept when strokes can be drawn. */
    this.ready = this.start();
  }

  listen() {
    const { store } = this;
    this.tabs.onnews = (news) => store.heard(news);
    store.isShown = (document) => [...this.tools.keys()].some((view) => this.shown(view) === document);
    store.addEventListener("state", () => this.stateChanged());
    store.addEventListener("stray", () => this.activeChanged());
    store.addEventListener("listchange", () => this.listChanged());
    store.addEventListener("labels", (event) => this.labelsChanged(/** @type {CustomEvent} */ (event).detail));
    store.addEventListener("merged", (event) => this.merged(/** @type {CustomEvent} */ (event).detail));
    this.settings.addEventListener("change", () => this.settingsChanged());
  }

  async start() {
    try {
      this.store.keeper.journal = await Journal.open();
    } catch (error) {
      this.store.keeper.isVolatile = true;
      this.store.keeper.onFailure(error);
    }
    await this.tabs.ready();
    this.isReady = true;
    const listed = this.store.start();
    for (const view of this.tools.keys()) this.open(view);
    await listed.catch(() => {});
  }

  /**
   * Where gray values come from, for masks and tolerances.
   * @param {import("./paint-sources.js").IntensitySource|null} source
   */
  set intensities(source) {
    this.sources.intensities = source;
    this.settings.set({});
  }

  /**
   * Another model predicts, or the same anew.
   * @param {string|null} model
   */
  useModel(model) {
    this.sources.useModel(model);
    if (this.active && this.settings.fromPrediction) this.open(this.active);
  }

  /** @param {SliceView} view */
  attach(view) {
    const tool = new ViewTool(this, view);
    this.tools.set(view, tool);
    view.tool = tool;
    view.layers.annotation = { labels: () => this.labels(view), colors: this.colors };
    let shown = view.index;
    view.addEventListener("indexchange", () => {
      this.left(view, shown);
      shown = view.index;
      this.open(view);
    });
    view.addEventListener("cursorchange", () => {
      if (view.cursor) this.activate(view);
      if (view.isCursorByKeys && view.cursor && this.events.isKeyDown) tool.go(view.cursor);
    });
    view.canvas.addEventListener("focus", () => this.activate(view));
    this.active ??= view;
    if (this.isReady) this.open(view);
  }

  get colors() {
    return this.store.classes.map(({ color }) => color);
  }

  /** The classes, which the application sets when they are changed. */
  get classes() {
    return this.store.classes;
  }

  set classes(classes) {
    this.store.classes = classes;
    for (const view of this.tools.keys()) view.layers.annotation = { labels: () => this.labels(view), colors: this.colors };
    this.settings.set({});
  }

  /** @param {SliceView} view */
  activate(view) {
    if (this.active === view) return;
    this.active = view;
    this.activeChanged();
    if (this.sources.isNeeded) this.open(view);
  }

  activeChanged() {
    this.dispatchEvent(new Event("activechange"));
  }

  /** @param {SliceView} view */
  shown(view) {
    return this.store.peek(view.axis, view.index);
  }

  /** @param {SliceView} view */
  labels(view) {
    const { preview } = this;
    if (preview && preview.axis === view.axis && preview.index === view.index) return preview.labels;
    return this.shown(view)?.labels.values ?? null;
  }

  /**
   * A slice is not looked at any more: what was drawn on it is sent now.
   * @param {SliceView} view
   * @param {number} index
   */
  left(view, index) {
    const document = this.store.peek(view.axis, index);
    if (document && this.store.sync.timers.has(document)) this.store.sync.flush(document);
    if (this.preview?.axis === view.axis) this.preview = null;
  }

  /**
   * Gets the labels of the slice that a view shows, if it has any, and what painting on it needs.
   * @param {SliceView} view
   */
  async open(view) {
    const { axis, index } = view, { store } = this;
    if (view === this.active) this.activeChanged();
    if (!this.isReady || (store.isBlank(axis, index) && !this.sources.isNeeded)) return;
    // Slices that are only passed by are not asked for.
    if (!store.peek(axis, index)) await new Promise((resolve) => setTimeout(resolve, 40));
    if (view.index !== index) return;
    try {
      const document = await store.open(axis, index);
      if (view.index !== index) return;
      view.repaint();
      if (view !== this.active) return;
      this.activeChanged();
      await this.sources.fetch(document);
    } catch {
      // Painting says that it is not there; the next look tries again.
    }
  }

  /**
   * The slice of a view if it can be painted; null, and said why, if not.
   * @param {SliceView} view
   */
  editable(view) {
    if (this.preview?.axis === view.axis && this.preview.index === view.index) {
      this.announce(text.annotate.onlyLooking(this.preview.revision));
      return null;
    }
    const document = this.isReady ? this.store.openNow(view.axis, view.index) : null;
    if (document && !document.isHeld) return document;
    this.announce(text.annotate.loading);
    this.open(view);
    return null;
  }

  /**
   * Takes a tool, and tells how it is used.
   * @param {import("./paint-settings.js").ToolName} tool
   */
  use(tool) {
    if (tool !== this.settings.tool) this.announce(text.annotate.hints[tool]);
    this.settings.set({ tool });
  }

  settingsChanged() {
    const { active, settings } = this;
    // What the next stroke needs is fetched before it.
    if (active && this.sources.isNeeded) this.open(active);
    for (const [view, tool] of this.tools) {
      if (settings.tool !== "polygon") tool.forget();
      view.redraw();
    }
  }

  /** @param {number} voxels */
  filled(voxels) {
    this.announce(text.annotate.filled(voxels));
  }

  /** @param {{document: SliceDocument, rect: import("./shapes/rect.js").Rect|null}} change */
  labelsChanged({ document, rect }) {
    for (const view of this.tools.keys()) if (this.shown(view) === document) view.repaint(rect ?? undefined);
    this.activeChanged();
  }

  listChanged() {
    this.dispatchEvent(new Event("slicechange"));
    for (const view of this.tools.keys()) if (!this.shown(view)) this.open(view);
  }

  /** @param {SliceDocument} document */
  merged(document) {
    const { axis, index, clashes } = document;
    this.announce(clashes ? text.annotate.clashed(axis, index, clashes.voxels) : text.annotate.merged(axis, index));
    this.activeChanged();
  }

  /**
   * What is least saved.
   * @returns {State}
   */
  get state() {
    const states = this.store.pending.map(({ state }) => state);
    if (states.includes("conflict")) return "conflict";
    if (states.includes("offline") || (this.store.replay.running > 0 && this.store.replay.isWaiting)) return "offline";
    if (states.includes("saving")) return "saving";
    return states.length > 0 || this.store.replay.running > 0 ? "unsaved" : "saved";
  }

  stateChanged() {
    const { state } = this;
    if (state !== this.shownState) {
      this.shownState = state;
      this.dispatchEvent(new Event("statechange"));
    }
    this.activeChanged();
  }

  /**
   * The annotated slices of an axis, those included that the server does not know yet.
   * @param {Axis} axis
   */
  annotated(axis) {
    const { store } = this;
    const known = store.revisions
      .filter((slice) => slice.axis === axis && Object.entries(slice.voxels).some(([name, count]) => name !== "unlabeled" && count > 0))
      .map(({ index, role, revision }) => ({ index, role, revision }));
    const indices = new Set(known.map(({ index }) => index));
    for (const document of store.pending) {
      const { index, role, revision } = document;
      if (document.axis === axis && !indices.has(index) && !document.labels.isEmpty) known.push({ index, role, revision });
    }
    return known.sort((one, other) => one.index - other.index);
  }

  /** The toolbox. */
  controls() {
    this.toolbox ??= new Toolbox(this);
    return this.toolbox.element;
  }

  get keys() {
    return annotationKeys(this);
  }

  /** Ends strokes that are being drawn. */
  finish() {
    for (const tool of this.tools.values()) if (tool.stroke) tool.end();
  }

  /** Kept when everything is on the server; throws if it can't get there now. */
  async flush() {
    this.finish();
    const { store } = this, stop = new AbortController();
    const isStuck = new Promise((_, reject) => {
      const check = () => this.state === "offline" && reject(new Error(text.annotate.notSaved));
      store.addEventListener("state", check, { signal: stop.signal });
      check();
    });
    try {
      await Promise.race([Promise.all(store.pending.map((document) => store.sync.flush(document))), isStuck]);
    } finally {
      stop.abort();
    }
  }

  /** Another part of the page is shown. What can't be sent at once stays in the journal for whoever opens the volume again. */
  async close() {
    this.finish();
    this.events.close();
    await this.store.close();
    this.tabs.close();
  }
}
