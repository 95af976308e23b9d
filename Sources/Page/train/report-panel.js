import { API, APIError } from "../support/api.js";
import { button, choice, fill, h, svg, table } from "../support/dom.js";
import { text } from "../support/text.js";
import { moment, share } from "../support/units.js";
import { ModelComparison } from "./model-comparison.js";

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
   */
  constructor(context, project, volume) {
    super();
    this.context = context;
    this.project = project;
    this.path = API.path("v1", "projects", project, "volumes", volume);
    /** @type {string|null} */
    this.model = null;
    this.models = h("div", {});
    this.report = h("div", {});
    this.comparison = new ModelComparison(context, project, volume);
    this.element = h("div", { class: "panel" }, h("h2", {}, text.report.models), this.models, this.comparison.element,
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
    return models;
  }

  /** @param {boolean} [isPredicted] Whether the volume is predicted by the model. */
  async loadReport(isPredicted = true) {
    if (!isPredicted) return fill(this.report, h("p", { class: "faint" }, text.report.none));
    try {
      const report = await this.context.api.get(`${this.path}/report`, { query: { model: this.model } });
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
    if (models.length === 0) return fill(this.models, h("p", { class: "faint" }, text.report.noModel));
    const options = /** @type {[string, string][]} */ ([["", text.report.newest], ...models.map(({ name }) => [name, name])]);
    const list = choice(text.report.model, options, this.model ?? "", (value) => {
      this.model = value || null;
      this.dispatchEvent(new CustomEvent("modelchange", { detail: this.model }));
    });
    const rounds = [...models].reverse().map((model) => ({ name: model.name, iou: model.metrics?.heldout_iou ?? null }));
    const pinned = project.model;
    const pin = async () => {
      try {
        const name = this.model ?? models[0].name;
        await this.context.api.json("PUT", API.path("v1", "projects", this.project), { model: pinned === name ? null : name });
        await this.loadModels();
      } catch (error) {
        this.context.announcer.error(error);
      }
    };
    fill(this.models, h("div", { class: "row" }, list,
      this.context.session.may("admin") ? button(pinned ? text.report.unpin : text.report.pin, pin, { title: text.report.pinHint }) : null),
      pinned ? h("p", { class: "faint" }, text.report.pinned(pinned)) : null,
      table([text.report.model, text.report.made, text.report.heldout],
        models.slice(0, 12).map((model) => [model.name, moment(model.created), { number: share(model.metrics?.heldout_iou) }]),
        text.report.models),
      rounds.filter(({ iou }) => iou !== null).length > 1 ? bars(rounds.filter(({ iou }) => iou !== null).slice(-12)) : null);
  }

  /** @param {any} report */
  show(report) {
    const parts = /** @type {["heldout", "truth", "training"]} */ (["heldout", "truth", "training"]).filter((part) => report[part]);
    if (parts.length === 0) return fill(this.report, h("p", { class: "faint" }, text.report.nothing));
    fill(this.report, ...(report.warnings ?? []).map((/** @type {string} */ warning) => h("p", { class: "warning" }, warning)),
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
      byAxis.length > 1 ? h("div", {}, h("h4", {}, text.report.byAxis), bars(byAxis)) : null,
      byDistance.length > 1 ? h("div", {}, h("h4", {}, text.report.byDistance), bars(byDistance)) : null,
    ];
  }
}

/**
 * Shares as bars.
 * @param {{name: string, iou: number|null}[]} items
 */
function bars(items) {
  const height = items.length * 16;
  const said = items.map(({ name, iou }) => `${name}: ${share(iou)}`).join(", ");
  return svg("svg", { class: "bars", viewBox: `0 0 264 ${height}`, role: "img", "aria-label": said },
    ...items.flatMap(({ name, iou }, index) => [
      svg("text", { x: 0, y: index * 16 + 12 }, name.length > 14 ? `${name.slice(0, 13)}…` : name),
      svg("rect", { x: 92, y: index * 16 + 3, width: Math.max(0.5, (iou ?? 0) * 130), height: 10, rx: 1 }),
      svg("text", { x: 228, y: index * 16 + 12 }, share(iou)),
    ]));
}
