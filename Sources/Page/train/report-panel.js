import { API, APIError } from "../support/api.js";
import { button, choice, fill, h, once, refill, table } from "../support/dom.js";
import { LongTable } from "../support/long-table.js";
import { text } from "../support/text.js";
import { moment, share } from "../support/units.js";
import { modelName } from "../manage/models-list.js";
import { ModelComparison } from "./model-comparison.js";
import { Rounds } from "./rounds.js";
import { scoreBars } from "./score-bars.js";

/** @typedef {import("../application.js").Context} Context */

/**
 * How good a model is on a volume, and which models there are.
 *
 * Dispatches `modelchange` (`detail` is a model's name, or null for the server's choice).
 */
export class ReportPanel extends EventTarget {
  /**
   * @param {Context} context
   * @param {string} project
   * @param {string} volume
   * @param {{name: string, color: string}[]} classes
   */
  constructor(context, project, volume, classes) {
    super();
    this.context = context;
    this.project = project;
    this.path = API.path("v1", "projects", project, "volumes", volume);
    /** @type {string|null} */
    this.model = null;
    /**
     * The model that the project goes by; null if that is the newest.
     * @type {string|null}
     */
    this.pinned = null;
    this.models = h("div", {});
    this.list = new LongTable(text.report.models, 12);
    this.rounds = new Rounds(context, project, classes);
    this.report = h("div", {});
    this.comparison = new ModelComparison(context, project, volume);
    this.element = h("div", { class: "panel" }, h("h2", {}, text.report.models), this.models, this.comparison.element, this.rounds.element,
      h("h2", {}, text.report.title), this.report);
  }

  /** The models of the project, newest first. */
  async loadModels() {
    const { api } = this.context;
    const [models, project] = await Promise.all([
      api.get(API.path("v1", "projects", this.project, "models")), api.get(API.path("v1", "projects", this.project)),
    ]);
    this.showModels(models, project);
    this.comparison.offer(models);
    this.rounds.offer(models);
    return models;
  }

  /**
   * @param {boolean} isPredicted Whether the volume is predicted by the model.
   * @param {string|null} model
   */
  async loadReport(isPredicted, model) {
    if (!isPredicted) return fill(this.report, h("p", { class: "faint" }, text.report.none));
    try {
      const report = await this.context.api.get(`${this.path}/report`, { query: { model } });
      this.show(report);
    } catch (error) {
      if (!(error instanceof APIError) || error.status !== 404) throw error;
      fill(this.report, h("p", { class: "faint" }, text.report.none));
    }
  }

  /**
   * @param {any[]} models
   * @param {any} project
   */
  showModels(models, project) {
    // Somebody may have removed it.
    if (!models.some(({ name }) => name === this.model)) this.model = null;
    if (models.length === 0) return fill(this.models, h("p", { class: "faint" }, text.report.noModel));
    const options = /** @type {[string, string][]} */ ([["", text.report.newest], ...models.map(({ name }) => [name, name])]);
    const list = choice(text.report.model, options, this.model ?? "", (value) => {
      this.model = value || null;
      this.dispatchEvent(new CustomEvent("modelchange", { detail: this.model }));
    });
    const rounds = models.filter((model) => typeof model.metrics?.heldout_iou === "number").slice(0, 12).reverse()
      .map((model) => ({ name: model.name, iou: model.metrics.heldout_iou }));
    const pinned = (this.pinned = project.model);
    this.list.show([text.report.model, text.report.made, text.report.heldout], models,
      (model) => [modelName(model, pinned), moment(model.created), { number: share(model.metrics?.heldout_iou) }]);
    const lineage = this.lineage(models, this.model ?? pinned ?? ReportPanel.newest(models));
    refill(this.models, h("div", { class: "row" }, list, this.pinButton(models, pinned)),
      pinned ? h("p", { class: "faint" }, text.report.pinned(pinned)) : null,
      lineage.length > 1 ? h("p", { class: "faint" }, text.report.lineage(lineage)) : null,
      this.list.element,
      rounds.length > 1 ? h("div", {}, h("h4", {}, text.report.byModel), scoreBars(rounds)) : null);
  }

  /**
   * The newest model that the server would take by itself.
   * @param {any[]} models
   * @returns {string|null}
   */
  static newest(models) {
    return models.find(({ state }) => state === "succeeded")?.name ?? null;
  }

  /**
   * Pins the model that is chosen, or unpins it.
   * @param {any[]} models
   * @param {string|null} pinned
   */
  pinButton(models, pinned) {
    const model = this.model ?? pinned ?? ReportPanel.newest(models), isPinned = model === pinned;
    if (model === null || !this.context.session.may("admin")) return null;
    return button(isPinned ? text.report.unpin : text.report.pin, (event) => once(/** @type {HTMLElement} */ (event.currentTarget), async () => {
      try {
        await this.context.api.json("PUT", API.path("v1", "projects", this.project), { model: isPinned ? null : model });
        // What is shown may be another model's now.
        this.dispatchEvent(new CustomEvent("modelchange", { detail: this.model }));
      } catch (error) {
        this.context.announcer.error(error);
      }
    }), { title: text.report.pinHint, "aria-label": text.report.pinModel(model, isPinned) });
  }

  /**
   * The models that one began from, the first one first, and itself; as far as they are there.
   * @param {any[]} models
   * @param {string|null} model
   */
  lineage(models, model) {
    /** @type {string[]} */
    const names = [];
    for (let name = model; name !== null && !names.includes(name);) {
      names.unshift(name);
      const next = name;
      name = models.find((one) => one.name === next)?.parent ?? null;
    }
    return names;
  }

  /** @param {any} report */
  show(report) {
    const parts = /** @type {["heldout", "truth", "training"]} */ (["heldout", "truth", "training"]).filter((part) => report[part]);
    if (parts.length === 0) return fill(this.report, h("p", { class: "faint" }, text.report.nothing));
    fill(this.report, h("p", { class: "faint" }, text.report.iouHint), ...(report.warnings ?? []).map((/** @type {string} */ warning) => h("p", { class: "warning" }, warning)),
      h("p", { class: "faint" }, text.report.of(report.model)),
      ...parts.flatMap((part) => this.part(part, report[part])));
  }

  /**
   * @param {"heldout"|"truth"|"training"} name
   * @param {any} scores
   */
  part(name, scores) {
    const rows = scores.classes.map((/** @type {any} */ { name, iou, dice, reason }) =>
      [reason ? `${name} (${reason})` : name, { number: share(iou) }, { number: share(dice) }]);
    rows.push([text.report.mean, { number: share(scores.mean_iou) }, ""]);
    const byAxis = Object.entries(scores.by_axis ?? {}).map(([axis, { mean_iou }]) => ({ name: axis, iou: mean_iou }));
    const byDistance = (scores.by_distance ?? []).map((/** @type {any} */ part) =>
      ({ name: text.report.distance(part.from, part.to), iou: part.mean_iou }));
    return [
      h("h3", {}, text.report.parts[name]),
      table([text.report.class, text.report.iou, text.report.dice], rows, text.report.parts[name]),
      byAxis.length > 1 ? h("div", {}, h("h4", {}, text.report.byAxis), scoreBars(byAxis)) : null,
      byDistance.length > 1 ? h("div", {}, h("h4", {}, text.report.byDistance), scoreBars(byDistance)) : null,
    ];
  }
}
