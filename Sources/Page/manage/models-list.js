import { API } from "../support/api.js";
import { button, h, once } from "../support/dom.js";
import { LongTable } from "../support/long-table.js";
import { text } from "../support/text.js";
import { bytes, moment, share } from "../support/units.js";
import { learnedSlices } from "../train/comparison-rows.js";
import { ModelFiles } from "./model-files.js";

/** The models of a project: what they came from, how good they are, what can be done with them. */
export class ModelsList {
  /**
   * @param {import("../application.js").Context} context
   * @param {string} project
   * @param {() => Promise<unknown>} onQueued A job was asked for.
   */
  constructor(context, project, onQueued) {
    this.context = context;
    this.path = API.path("v1", "projects", project);
    this.onQueued = onQueued;
    this.none = h("p", { class: "faint", hidden: true }, text.report.noModel);
    this.table = new LongTable(text.report.models, 12);
    this.files = new ModelFiles(context, project, () => this.load());
    this.element = h("div", {}, this.none, this.table.element, this.files.element);
  }

  async load() {
    const { api } = this.context;
    const [project, models] = await Promise.all([api.get(this.path), api.get(`${this.path}/models`)]);
    this.none.hidden = models.length > 0;
    this.table.element.hidden = models.length === 0;
    this.files.offer(models);
    const words = text.report;
    this.table.show([words.model, words.made, words.parent, words.slices, words.heldout, words.size, ""], models, (model) => [
      modelName(model, project.model), moment(model.created), model.parent ?? "–", { number: String(learnedSlices(model) ?? "–") },
      { number: share(model.metrics?.heldout_iou) }, { number: bytes(model.bytes) }, this.actions(project, model.name),
    ]);
  }

  /**
   * @param {any} project
   * @param {string} model
   */
  actions(project, model) {
    const { session } = this.context, isPinned = project.model === model, words = text.report;
    const act = (/** @type {string} */ label, /** @type {string} */ name, /** @type {() => Promise<unknown>} */ run) => button(label, (event) =>
      once(/** @type {HTMLElement} */ (event.currentTarget), () => run().catch((error) => this.context.announcer.error(error))),
    { class: "quiet", "aria-label": name });
    return h("span", { class: "row" },
      session.may("trainer") ? act(words.predict, words.predictAll(model), () => this.predict(model)) : null,
      session.may("admin") ? act(isPinned ? words.unpin : words.pin, words.pinModel(model, isPinned),
        () => this.pin(isPinned ? null : model)) : null,
      session.may("trainer") ? act(text.common.remove, text.project.remove(model), () => this.remove(model)) : null);
  }

  /**
   * Has it predict all volumes of the project.
   * @param {string} model
   */
  async predict(model) {
    const job = await this.context.api.json("POST", `${this.path}/jobs`, { kind: "predict", model });
    this.context.announcer.note(text.report.predicting(model, job.id));
    await this.onQueued();
  }

  /** @param {string|null} model */
  async pin(model) {
    await this.context.api.json("PUT", this.path, { model });
    await this.load();
  }

  /** @param {string} model */
  async remove(model) {
    if (!confirm(text.project.confirmModel(model))) return;
    await this.context.api.json("DELETE", `${this.path}/${API.path("models", model)}`);
    await this.load();
  }
}

/**
 * The name of a model, with what is to be known of it.
 * @param {any} model
 * @param {string|null} pinned The model that the project goes by.
 */
export function modelName(model, pinned) {
  if (model.name === pinned) return text.report.pinnedName(model.name);
  return model.state === "succeeded" ? model.name : text.report.cutShort(model.name);
}
