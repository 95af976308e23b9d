import { API } from "../support/api.js";
import { button, fill, h } from "../support/dom.js";
import { text } from "../support/text.js";
import { ClassEditor } from "./class-editor.js";
import { Jobs } from "./jobs.js";
import { ModelsList } from "./models-list.js";
import { Upload } from "./upload.js";
import { VolumeCards } from "./volume-cards.js";

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
    this.volumes = new VolumeCards(context, name);
    this.classes = h("div", {});
    this.description = h("p", {});
    /** @type {Jobs} */
    this.jobs = new Jobs(context, name, () => Promise.all([this.models.load(), this.volumes.tell()]));
    /** @type {ModelsList} */
    this.models = new ModelsList(context, name, () => this.jobs.load());
    const { session } = context;
    this.upload = session.may("trainer") ? new Upload(context, name, () => this.volumes.load()) : null;
    this.element = h("main", { class: "wide" }, h("h1", {}, name), this.description, h("h2", {}, text.project.volumes), this.volumes.element,
      this.upload?.element,
      h("h2", {}, text.project.classes), this.classes, h("h2", {}, text.report.models), this.models.element,
      h("h2", {}, text.jobs.title), this.jobs.element, session.may("admin") ? this.removal() : null);
    this.upload?.listen(this.element);
  }

  async load() {
    const project = await this.context.api.get(this.path);
    this.description.textContent = project.description;
    this.description.hidden = !project.description;
    this.showClasses(project);
    await Promise.all([this.volumes.load(), this.models.load(), this.jobs.load()]);
  }

  /** @param {any} project */
  showClasses(project) {
    if (!this.context.session.may("admin")) {
      const classes = project.classes.filter((/** @type {any} */ label) => !label.removed);
      return fill(this.classes, h("p", { class: "row" }, ...classes.map((/** @type {any} */ label) => {
        const swatch = h("span", { class: "swatch" });
        swatch.style.background = label.color;
        return h("span", { class: "tag row" }, swatch, label.name);
      })));
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

  removal() {
    return h("p", {}, button(text.project.removeAll, async () => {
      const typed = prompt(text.project.confirmProject(this.name));
      if (typed === null) return;
      if (typed.trim() !== this.name) return this.context.announcer.note(text.project.notRemoved(typed));
      await this.context.api.json("DELETE", this.path);
      this.context.go();
    }, { class: "quiet danger" }));
  }

  close() {
    this.jobs.close();
    this.volumes.close();
    this.upload?.close();
  }
}
