import { API } from "../support/api.js";
import { button, fill, h, table } from "../support/dom.js";
import { text } from "../support/text.js";
import { bytes, moment, number, share, unitSign } from "../support/units.js";
import { ClassEditor } from "./class-editor.js";
import { Jobs } from "./jobs.js";
import { Upload } from "./upload.js";

/** @typedef {import("../application.js").Context} Context */

/** A project: its volumes, classes, models and jobs. */
export class ProjectPage {
  /**
   * @param {Context} context
   * @param {string} name
   */
  constructor(context, name) {
    this.context = context;
    this.name = name;
    this.path = API.path("v1", "projects", name);
    this.volumes = h("div", { class: "cards" });
    this.classes = h("div", {});
    this.models = h("div", {});
    this.jobs = new Jobs(context, name);
    /** @type {string[]} */
    this.pictures = [];
    const { session } = context;
    const upload = session.may("trainer") ? new Upload(context, name, () => this.loadVolumes()) : null;
    this.element = h("main", { class: "wide" }, h("h1", {}, name), h("h2", {}, text.project.volumes), this.volumes,
      upload?.element,
      h("h2", {}, text.project.classes), this.classes, h("h2", {}, text.report.models), this.models,
      h("h2", {}, text.jobs.title), this.jobs.element, session.may("admin") ? this.removal() : null);
    upload?.listen(this.element);
  }

  async load() {
    const project = await this.context.api.get(this.path);
    this.showClasses(project);
    await Promise.all([this.loadVolumes(), this.loadModels(project), this.jobs.load()]);
  }

  async loadVolumes() {
    const volumes = await this.context.api.get(`${this.path}/volumes`);
    fill(this.volumes, ...volumes.map((/** @type {any} */ volume) => this.card(volume)));
    if (volumes.length === 0) fill(this.volumes, h("p", {}, text.project.none));
  }

  /** @param {any} volume */
  card(volume) {
    const { shape, spacing } = volume;
    const picture = h("img", { alt: "", width: 96, height: 96 });
    this.paint(picture, volume).catch(() => picture.remove());
    return h("article", { class: "card volume" },
      h("a", { href: `#/${encodeURIComponent(this.name)}/${encodeURIComponent(volume.name)}` }, picture,
        h("strong", {}, volume.name)),
      h("span", { class: "faint" }, `${shape.z} × ${shape.y} × ${shape.x}, ${text.upload.channels(shape.c)}, ${volume.dtype}`),
      h("span", { class: "faint" }, `${number(spacing.z)} × ${number(spacing.y)} × ${number(spacing.x)} ${unitSign(spacing.unit)}, ${bytes(volume.bytes)}`),
      ...(volume.warnings ?? []).map((/** @type {string} */ warning) => h("span", { class: "warning" }, warning)),
      this.context.session.may("admin") ? button(text.common.remove, () => this.removeVolume(volume.name), { class: "quiet", "aria-label": text.project.remove(volume.name) }) : null);
  }

  /**
   * @param {HTMLImageElement} picture
   * @param {any} volume
   */
  async paint(picture, { name, shape, spacing }) {
    const finest = Math.min(spacing.y, spacing.x);
    const size = Math.max((shape.y * spacing.y) / finest, (shape.x * spacing.x) / finest);
    const path = `${this.path}/${API.path("volumes", name, "slices", "z", Math.floor(shape.z / 2))}`;
    const channel = shape.c > 3 ? "0,1,2" : null;
    const query = { scale: Math.min(64, Math.max(1 / 64, 192 / size)).toFixed(4), channel };
    const response = await this.context.api.send("GET", path, { query, headers: { Accept: "image/png" } });
    const url = URL.createObjectURL(await response.blob());
    this.pictures.push(url);
    picture.src = url;
  }

  /** @param {string} volume */
  async removeVolume(volume) {
    if (!confirm(text.project.confirmVolume(volume))) return;
    await this.context.api.json("DELETE", `${this.path}/${API.path("volumes", volume)}`);
    await this.loadVolumes();
  }

  /** @param {any} project */
  showClasses(project) {
    if (!this.context.session.may("admin")) {
      return fill(this.classes, h("p", {}, ...project.classes.map((/** @type {any} */ label) => h("span", { class: "tag" }, label.name))));
    }
    const editor = new ClassEditor(project.classes);
    const form = h("form", { "aria-label": text.project.classes }, editor.element, h("button", {}, text.classes.save));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        this.showClasses(await this.context.api.json("PUT", this.path, { classes: editor.value }));
        this.context.announcer.note(text.classes.saved);
      } catch (error) {
        this.context.announcer.error(error);
      }
    });
    fill(this.classes, form);
  }

  /** @param {any} project */
  async loadModels(project) {
    const models = await this.context.api.get(`${this.path}/models`);
    if (models.length === 0) return fill(this.models, h("p", { class: "faint" }, text.report.noModel));
    const { session } = this.context;
    fill(this.models, table(
      [text.report.model, text.report.made, text.report.parent, text.report.heldout, text.report.size, ""],
      models.map((/** @type {any} */ model) => [
        project.model === model.name ? text.report.pinnedName(model.name) : model.name, moment(model.created), model.parent ?? "–",
        { number: share(model.metrics?.heldout_iou) }, { number: bytes(model.bytes) },
        h("span", { class: "row" },
          session.may("admin") ? button(project.model === model.name ? text.report.unpin : text.report.pin,
            () => this.pin(project, model.name), { class: "quiet", "aria-label": text.report.pinModel(model.name) }) : null,
          session.may("trainer") ? button(text.common.remove, () => this.removeModel(project, model.name),
            { class: "quiet", "aria-label": text.project.remove(model.name) }) : null),
      ]), text.report.models));
  }

  /**
   * @param {any} project
   * @param {string} model
   */
  async pin(project, model) {
    const changed = await this.context.api.json("PUT", this.path, { model: project.model === model ? null : model });
    await this.loadModels(changed);
  }

  /**
   * @param {any} project
   * @param {string} model
   */
  async removeModel(project, model) {
    if (!confirm(text.project.confirmModel(model))) return;
    await this.context.api.json("DELETE", `${this.path}/${API.path("models", model)}`);
    await this.loadModels(project);
  }

  removal() {
    return h("p", {}, button(text.project.removeAll, async () => {
      if (prompt(text.project.confirmProject(this.name)) !== this.name) return;
      await this.context.api.json("DELETE", this.path);
      this.context.go();
    }, { class: "quiet danger" }));
  }

  close() {
    this.jobs.close();
    for (const url of this.pictures) URL.revokeObjectURL(url);
  }
}
