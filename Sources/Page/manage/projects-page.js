import { API, APIError } from "../support/api.js";
import { field, fill, h, once } from "../support/dom.js";
import { text } from "../support/text.js";
import { Backup } from "./backup.js";
import { ClassEditor } from "./class-editor.js";
import { Tour } from "./tour.js";

/** @typedef {import("../application.js").Context} Context */

/** Names as the server takes them. */
export const namePattern = "[A-Za-z0-9][A-Za-z0-9._\\-]{0,63}";

/** All projects, and a form that makes one. */
export class ProjectsPage {
  /** @param {Context} context */
  constructor(context) {
    this.context = context;
    this.list = h("div", { class: "cards" }, h("p", { class: "faint" }, text.common.loading));
    this.first = h("div", {});
    this.element = h("main", { class: "wide" }, h("h1", {}, text.projects.title), this.first, this.list,
      context.session.mayMakeProjects ? this.form() : null,
      context.session.mayMakeProjects ? new Backup(context).element : null);
  }

  async load() {
    const projects = await this.context.api.get("v1/projects");
    fill(this.list, ...projects.map((/** @type {any} */ project) => this.card(project)));
    if (projects.length === 0) {
      const tour = this.context.session.mayMakeProjects ? new Tour(this.context).element : null;
      fill(this.first, h("p", {}, this.context.session.mayMakeProjects ? text.projects.none : text.projects.noneSeen), tour);
    }
  }

  /** @param {any} project */
  card(project) {
    const count = h("span", { class: "faint" });
    // A project that is removed meanwhile, or a server that is busy, is no reason to show none.
    this.context.api.get(API.path("v1", "projects", project.name, "volumes")).then(
      ({ length }) => (count.textContent = text.projects.volumes(length)), () => {});
    const classes = project.classes.filter((/** @type {any} */ label) => !label.removed);
    return h("a", { class: "card", href: `#/${encodeURIComponent(project.name)}` },
      h("strong", {}, project.name), project.description ? h("span", { class: "description" }, project.description) : null,
      count,
      h("span", { class: "row" }, ...classes.slice(0, 8).map((/** @type {any} */ label) => {
        const swatch = h("span", { class: "swatch", title: label.name });
        swatch.style.background = label.color;
        return swatch;
      })));
  }

  form() {
    const name = h("input", { type: "text", required: true, pattern: namePattern, maxlength: 64, spellcheck: "false" });
    const description = h("input", { type: "text", maxlength: 10000 });
    const editor = new ClassEditor();
    const fault = h("p", { class: "warning", role: "alert", hidden: true });
    const form = h("form", { class: "card", "aria-label": text.projects.create },
      h("h2", {}, text.projects.create), field(text.projects.name, name, text.projects.nameHint),
      field(text.projects.description, description), editor.element, fault);
    const submit = h("button", { class: "main" }, text.projects.submit);
    form.append(submit);
    const create = async () => {
      try {
        const body = { classes: editor.value, description: description.value };
        const headers = { "If-None-Match": "*" };
        await this.context.api.json("PUT", API.path("v1", "projects", name.value), body, { headers });
        this.context.go(name.value);
      } catch (error) {
        fault.hidden = false;
        fault.textContent = error instanceof APIError && error.status === 412 ? text.projects.exists
          : error instanceof Error ? error.message : String(error);
      }
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      once(submit, create);
    });
    return form;
  }
}
