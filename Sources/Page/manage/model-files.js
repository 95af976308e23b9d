import { API } from "../support/api.js";
import { button, choice, field, fill, h, once } from "../support/dom.js";
import { DownloadList } from "../support/download-list.js";
import { text } from "../support/text.js";
import { sendFile } from "./file-sender.js";

/**
 * The endings of a model's files, by format.
 * @type {Record<string, string>}
 */
const endings = { safetensors: "safetensors", onnx: "onnx", bioimageio: "zip" };
const words = text.modelFiles;

/** Models as files: for other programs, and from other servers. */
export class ModelFiles {
  /**
   * @param {import("../application.js").Context} context
   * @param {string} project
   * @param {() => Promise<unknown>} onBrought
   */
  constructor(context, project, onBrought) {
    this.context = context;
    this.path = API.path("v1", "projects", project);
    this.onBrought = onBrought;
    this.model = choice(text.report.model, [], "");
    this.format = choice(words.format, Object.keys(endings).map((format) => [format, words.formats[format]]), "safetensors", () => this.update());
    this.volume = choice(words.volume, [["", words.eachByItself]], "");
    this.authors = h("input", { type: "text", placeholder: words.authorsExample });
    this.license = h("input", { type: "text", placeholder: words.licenseExample, spellcheck: "false" });
    this.scaling = field(words.volume, this.volume, words.volumeHint);
    this.package = h("div", {}, field(words.authors, this.authors, words.authorsHint), field(words.license, this.license, words.licenseHint));
    this.downloads = new DownloadList(context);
    const save = button(words.download, (event) => once(/** @type {HTMLElement} */ (event.currentTarget), () => this.save()));
    this.download = h("details", {}, h("summary", {}, words.title), field(text.report.model, this.model), field(words.format, this.format),
      this.scaling, this.package, save, this.downloads.element);
    this.download.addEventListener("toggle", () => this.download.open && this.listVolumes().catch((error) => context.announcer.error(error)));
    this.element = h("div", { class: "model-files" }, this.download, context.session.may("trainer") ? this.bringing() : null);
    this.update();
  }

  /** @param {{name: string}[]} models */
  offer(models) {
    const chosen = this.model.value;
    this.download.hidden = models.length === 0;
    fill(this.model, ...models.map(({ name }) => h("option", { value: name }, name)));
    if (models.some(({ name }) => name === chosen)) this.model.value = chosen;
  }

  async listVolumes() {
    const volumes = await this.context.api.get(`${this.path}/volumes`), chosen = this.volume.value;
    fill(this.volume, h("option", { value: "" }, words.eachByItself),
      ...volumes.map((/** @type {{name: string}} */ { name }) => h("option", { value: name }, name)));
    this.volume.value = volumes.some((/** @type {{name: string}} */ { name }) => name === chosen) ? chosen : "";
  }

  update() {
    this.scaling.hidden = this.format.value === "safetensors";
    this.package.hidden = this.format.value !== "bioimageio";
  }

  save() {
    const format = this.format.value, name = this.model.value;
    const query = {
      format, volume: (!this.scaling.hidden && this.volume.value) || null,
      authors: (!this.package.hidden && this.authors.value.trim()) || null, license: (!this.package.hidden && this.license.value.trim()) || null,
    };
    return this.downloads.save(`${this.path}/${API.path("models", name, "weights")}`, query, `${name}.${endings[format]}`);
  }

  /** A form that brings a model from a file. */
  bringing() {
    const file = h("input", { type: "file", required: true, accept: ".safetensors" });
    const name = h("input", { type: "text", required: true, maxlength: 64, spellcheck: "false" });
    const progress = h("progress", { max: 1, value: 0, hidden: true, "aria-label": words.bring });
    const said = h("p", { class: "faint", role: "status" }), submit = h("button", {}, words.bring);
    file.addEventListener("change", () => (name.value ||= (file.files?.[0]?.name ?? "").replace(/\.safetensors$/i, "")));
    const form = h("form", { "aria-label": words.bring }, field(words.file, file, words.fileHint), field(words.name, name), submit, progress, said);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      once(submit, () => this.bring(/** @type {File} */ (file.files?.[0]), name.value, progress, said));
    });
    return h("details", {}, h("summary", {}, words.bringTitle), form);
  }

  /**
   * @param {File} file
   * @param {string} name
   * @param {HTMLProgressElement} progress
   * @param {HTMLElement} said
   */
  async bring(file, name, progress, said) {
    progress.hidden = false;
    said.className = "faint";
    said.textContent = text.upload.sending;
    try {
      const { api } = this.context;
      await sendFile(api, api.url(`${this.path}/${API.path("models", name)}`), file, (share) => (progress.value = share));
      said.textContent = words.brought(name);
      await this.onBrought();
    } catch (error) {
      this.told(error, said);
    } finally {
      progress.hidden = true;
    }
  }

  /**
   * @param {unknown} error
   * @param {HTMLElement} said
   */
  told(error, said) {
    said.className = "warning";
    said.textContent = error instanceof Error ? error.message : String(error);
  }
}
