import { API, APIError, OfflineError } from "../support/api.js";
import { h } from "../support/dom.js";
import { text } from "../support/text.js";
import { drawnSlices, storedSlices } from "../annotate/annotated-slices.js";
import { BrickSource } from "../volume/brick-source.js";
import { CrossingLabels } from "../volume/crossing-labels.js";
import { OverlayData } from "../volume/overlay-data.js";
import { axes } from "../volume/geometry.js";
import { sliceValues } from "../volume/slice-values.js";
import { Tour, tourName } from "../manage/tour.js";
import { Downloads } from "../manage/downloads.js";
import { LabelsUpload } from "../manage/labels-upload.js";
import { ShareLink } from "../manage/share-link.js";
import { ObjectsPanel } from "../train/objects-panel.js";
import { ReportPanel } from "../train/report-panel.js";
import { TrainPanel } from "../train/train-panel.js";
import { Display } from "./display.js";
import { DisplayPanel } from "./display-panel.js";
import { Gestures } from "./gestures.js";
import { LinkedViews } from "./linked-views.js";
import { SliceJumps } from "./slice-jumps.js";
import { StatusBar } from "./status-bar.js";
import { Tabs } from "./tabs.js";
import { VolumeOverlays } from "./volume-overlays.js";
import { workbenchKeys } from "./workbench-keys.js";

/** @typedef {import("../application.js").Context} Context */
/** @typedef {import("../volume/geometry.js").Axis} Axis */

/** One volume: its views, its tools, and its trainings. */
export class Workbench {
  /**
   * @param {Context} context
   * @param {any} project As the server describes it.
   * @param {any} volume
   * @param {any} annotator Null for those who may only look.
   * @param {Awaited<ReturnType<typeof import("./open-volume.js").openVolume>> & {watch: import("./volume-watch.js").VolumeWatch}} voxels
   */
  constructor(context, project, volume, annotator, { queue, bricks, watch }) {
    this.context = context;
    this.project = project;
    this.volume = volume;
    this.annotator = annotator;
    this.path = API.path("v1", "projects", project.name, "volumes", volume.name);
    const fault = (/** @type {unknown} */ error) => context.announcer.error(error);
    this.fault = fault;
    this.queue = queue;
    this.bricks = bricks;
    this.watch = watch;
    this.display = new Display(volume);
    this.views = new LinkedViews(volume, bricks, queue, this.display);
    this.data = new OverlayData(context.api, this.path, volume.shape, fault);
    this.data.hasTruth = volume.truth;
    this.overlays = new VolumeOverlays(this.views, this.display, this.data, project.classes);
    /** @type {any[]} What others have annotated, for those who may only look. */
    this.revisions = [];
    const slices = annotator ? drawnSlices(annotator) : storedSlices(context.api, project.name, volume, () => this.revisions);
    // Those who annotate are told by what is saved that there is no answer, and sign in when they have to.
    const isTold = (/** @type {unknown} */ error) => annotator && (error instanceof OfflineError || (error instanceof APIError && error.status === 401));
    this.crossing = new CrossingLabels(volume.shape, slices, (error) => isTold(error) || fault(error));
    this.panel = new DisplayPanel(this.display, volume, project.classes);
    this.status = new StatusBar(volume, project.classes, (words) => context.announcer.say(words));
    this.train = new TrainPanel(context, project.name, volume.name, () => this.annotated(), () => this.annotator?.flush?.());
    this.report = new ReportPanel(context, project.name, volume.name, project.classes);
    this.objects = new ObjectsPanel(context, this.path, project.classes);
    this.downloads = new Downloads(context, this.path, project.classes);
    const labels = annotator && new LabelsUpload(context, this.path, {
      save: () => annotator.flush(), stored: (kind) => this.labelsStored(kind), hasTruth: () => this.data.hasTruth,
    });
    const share = new ShareLink(context, project.name, volume.name);
    this.tabs = new Tabs(text.view.panels, [
      { id: "train", title: text.train.title, panel: this.train.element },
      { id: "view", title: text.view.title, panel: this.panel.element },
      { id: "results", title: text.report.tab, panel: h("div", {}, this.report.element, this.objects.element) },
      { id: "files", title: text.files.title, panel: h("div", {}, this.downloads.element, share.element, labels?.element) },
    ]);
    this.jumps = new SliceJumps(context, this.path, this.views, () => this.annotated());
    this.isLoaded = false;
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    this.timer = undefined;
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    this.retry = undefined;
    this.element = this.layout();
    this.listen();
  }

  layout() {
    const tools = h("section", { class: "tools", "aria-label": text.view.tools },
      this.annotator?.controls() ?? h("p", { class: "faint" }, text.view.onlyLooking), this.jumps.button);
    if (this.project.name === tourName) this.train.element.prepend(Tour.steps());
    return h("main", { class: "workbench" }, tools, h("div", { class: "stage" }, this.views.element, this.status.element), this.tabs.element);
  }

  /**
   * Whether Space moves the picture; by the keys it paints.
   * @param {KeyboardEvent} event
   */
  spaces = (event) => {
    if (event.key === " ") Gestures.isPanning = event.type === "keydown" && !this.views.focused.isCursorByKeys;
  };

  listen() {
    const { views, display, data, annotator } = this;
    views.addEventListener("voxelchange", () => this.pointed());
    display.addEventListener("imagechange", () => this.histogram());
    data.addEventListener("arrival", () => this.pointed());
    for (const view of views.views) view.addEventListener("indexchange", () => this.turned(view));
    this.objects.addEventListener("go", (event) => this.point(/** @type {CustomEvent} */ (event).detail));
    this.report.addEventListener("modelchange", () => this.refresh().catch(this.fault));
    this.train.addEventListener("predicting", (event) => this.look(/** @type {CustomEvent} */ (event).detail));
    this.train.addEventListener("trained", (event) => this.trained(/** @type {CustomEvent} */ (event).detail));
    this.queue.listeners.add(() => this.histogram());
    if (annotator) {
      annotator.intensities = (/** @type {Axis} */ axis, /** @type {number} */ index, /** @type {number} */ channel) =>
        sliceValues(this, axis, index, channel);
      for (const view of views.views) annotator.attach(view);
      this.overlays.layCrossing(this.crossing, annotator.store);
      data.addEventListener("arrival", (event) =>
        /** @type {CustomEvent} */ (event).detail.name === null && annotator.useModel(data.model));
      annotator.addEventListener("statechange", () => this.status.save(annotator.state));
      annotator.addEventListener("slicechange", () => this.marked());
      annotator.addEventListener("activechange", () => this.pointed());
      annotator.addEventListener("signin", () => this.context.announcer.onSignedOut());
      this.status.save(annotator.state);
    }
  }

  /** What is on the server: models, suggestions, annotated slices, trainings under way. */
  async load() {
    this.isLoaded = true;
    this.watch.start();
    this.context.announcer.onTold = (words) => this.status.tell(words);
    for (const [group, keys] of workbenchKeys(this)) this.context.keys.set(group, keys);
    window.addEventListener("keydown", this.spaces, true);
    window.addEventListener("keyup", this.spaces, true);
    await this.reach();
  }

  /** Asks for it, again while there is no answer: whoever paints goes on, and need not be told of it by another page. */
  async reach() {
    try {
      if (!this.annotator && this.revisions.length === 0) await this.loadAnnotations();
      await this.refresh();
      await this.train.resume();
    } catch (error) {
      if (!(error instanceof OfflineError) || this.crossing.isClosed) throw error;
      this.context.announcer.note(text.common.offline);
      this.retry = setTimeout(() => this.reach().catch(this.fault), 3000);
    }
  }

  async refresh() {
    const { data, panel } = this;
    const models = await this.report.loadModels();
    const contents = await BrickSource.list(this.context.api, this.path, this.report.model);
    const has = (/** @type {string} */ name) => contents.some((content) => content.of === name);
    // Slices are predicted when they are looked at, if the volume has not been; by a model whose training was cut short only
    // where it is chosen.
    const isUsable = models.some((/** @type {any} */ model) => model.state === "succeeded");
    data.hasPrediction = has("prediction") || isUsable || this.report.model !== null;
    data.hasUncertainty = has("uncertainty");
    data.hasTruth = has("truth");
    panel.offer("prediction", data.hasPrediction);
    panel.offer("uncertainty", data.hasUncertainty);
    panel.offer("truth", data.hasTruth);
    panel.offer("errors", data.hasPrediction && data.hasTruth);
    // Who predicted what is shown: a newer model may come while it is looked at.
    const predictor = contents.find((content) => content.of === "prediction")?.model ?? null;
    this.downloads.offer(["image", "labels", ...contents.map((content) => content.of)], predictor);
    this.train.offer(!has("prediction") && (isUsable || this.report.model !== null), this.report.model);
    const model = this.report.model ?? predictor;
    data.useModel(model);
    this.objects.offer(has("prediction"), model);
    await this.report.loadReport(has("prediction"), model);
    await this.jumps.load(has("prediction") ? model : null);
    this.train.count();
  }

  /**
   * Turns all views to a place.
   * @param {Record<Axis, number>} place
   */
  point(place) {
    for (const axis of axes) this.views.view(axis).index = Math.round(place[axis]);
  }

  /**
   * A training or a prediction has ended: what it has made is shown, whatever was chosen before.
   * @param {any} job
   */
  trained(job) {
    if (job.kind === "train" && job.state === "succeeded") this.report.model = this.report.pinned === null ? null : job.model;
    this.refresh().catch(this.fault);
  }

  /**
   * Labels have come from a file.
   * @param {string} kind
   */
  async labelsStored(kind) {
    if (kind === "annotations") return this.annotator.store.list();
    this.data.useTruth();
    await this.refresh();
  }

  /**
   * The model of a training that is still predicting: the slices that are looked at come before the rest.
   * @param {string} model
   */
  look(model) {
    this.data.hasPrediction = true;
    this.data.useModel(model);
  }

  /** Other slices are annotated. */
  marked() {
    this.jumps.mark();
    this.train.count();
  }

  /** @returns {{axis: string, index: number, role: string}[]} */
  annotated() {
    if (!this.annotator) return this.revisions;
    return axes.flatMap((axis) =>
      this.annotator.annotated(axis).map((/** @type {any} */ slice) => ({ ...slice, axis })));
  }

  /** For those who may only look: what others have annotated. */
  async loadAnnotations() {
    this.revisions = (await this.context.api.get(`${this.path}/annotations`))
      .filter((/** @type {any} */ revision) => !revision.cleared);
    this.overlays.layCrossing(this.crossing, null);
    this.crossing.changed();
  }

  /** @param {import("./slice-view.js").SliceView} view */
  turned(view) {
    this.histogram();
    if (view === this.views.focused) this.context.announcer.say(text.view.position(view.index, view.count));
  }

  pointed() {
    const { voxel, focused } = this.views;
    if (!voxel) return this.status.show(null, [], { annotation: null, prediction: null });
    const values = this.display.shown.map((channel) => this.bricks.value(channel, voxel));
    const row = Math.floor(focused.cursor?.row ?? 0), column = Math.floor(focused.cursor?.column ?? 0);
    const at = (/** @type {Uint8Array|null|undefined} */ labels) => labels?.[row * focused.columns + column] ?? null;
    const own = at(focused.layers.annotation?.labels());
    this.status.show(voxel, values, {
      annotation: own === null || own === 255 ? (at(focused.layers.crossing?.labels()) ?? own) : own,
      prediction: this.data.hasPrediction && this.display.overlays.prediction.isShown
        ? at(this.data.sources.prediction.slices.get(`${focused.axis}${focused.index}`)) : null,
    });
  }

  /** Draws the histograms of the slice in the large view, now and then. */
  histogram() {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      const { isComplete, voxels } = this.views.painters[axes.indexOf(this.views.main)];
      if (isComplete) for (const [channel, values] of voxels) this.panel.windows[channel].draw(values);
    }, 400);
  }

  close() {
    if (this.isLoaded) for (const [group] of workbenchKeys(this)) this.context.keys.set(group, []);
    window.removeEventListener("keydown", this.spaces, true);
    window.removeEventListener("keyup", this.spaces, true);
    clearTimeout(this.timer);
    clearTimeout(this.retry);
    this.context.announcer.onTold = () => {};
    this.crossing.close();
    this.watch.close();
    this.annotator?.close?.();
    this.train.close();
    this.views.close();
    this.data.close();
    this.queue.close();
  }
}
