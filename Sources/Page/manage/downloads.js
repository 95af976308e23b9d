import { button, choice, field, h } from "../support/dom.js";
import { saveFile } from "../support/save-file.js";
import { text } from "../support/text.js";

const formats = ["nii.gz", "nii", "tiff", "nrrd", "seg.nrrd", "mha", "npy", "raw"];
/** What can be segments. */
const labels = ["prediction", "labels", "truth"];

/** Every file that a volume has, in every format. */
export class Downloads {
  /**
   * @param {import("../application.js").Context} context
   * @param {string} path Of the volume.
   * @param {{name: string, removed?: boolean}[]} classes
   */
  constructor(context, path, classes) {
    this.context = context;
    this.path = path;
    this.format = choice(text.files.format, formats.map((format) => [format, format]), "nii.gz");
    /** @type {string[]} */
    this.names = [];
    this.format.addEventListener("change", () => this.offer(this.names));
    const shown = classes.filter(({ removed }) => !removed);
    this.label = choice(text.files.class, [["", text.files.allClasses], ...shown.map(({ name }) => /** @type {[string, string]} */ ([name, name]))], "");
    const file = (/** @type {string} */ kind) => button(text.files.kinds[kind], (event) =>
      this.download(kind, /** @type {HTMLButtonElement} */ (event.currentTarget)), { "data-file": kind });
    this.progress = h("p", { class: "faint", role: "status" });
    this.element = h("div", { class: "panel files" }, field(text.files.format, this.format),
      file("prediction"), h("div", { class: "row" }, file("probability"), this.label), file("uncertainty"), file("labels"), file("image"),
      file("truth"), h("div", { class: "row" }, text.files.report, this.report("csv"), this.report("md"), this.report("json")),
      this.progress);
  }

  /**
   * Offers only files that there are, and that there are in the format.
   * @param {string[]} names
   */
  offer(names) {
    this.names = names;
    const isPredicted = names.includes("prediction"), isOfLabels = this.format.value === "seg.nrrd";
    for (const element of this.element.querySelectorAll("button")) {
      const kind = element.dataset.file ?? "prediction";
      const isThere = names.includes(kind) || (isPredicted && kind === "probability");
      element.disabled = !isThere || (isOfLabels && !labels.includes(kind));
    }
  }

  /** @param {"csv"|"md"|"json"} format */
  report(format) {
    return button(format, () => this.save(`${this.path}/report`, { format }, `report.${format}`), { "aria-label": text.files.reportAs(format) });
  }

  /**
   * @param {string} kind
   * @param {HTMLButtonElement} button
   */
  async download(kind, button) {
    button.disabled = true;
    const format = this.format.value;
    const query = { format, ...(kind === "probability" && this.label.value ? { class: this.label.value } : {}) };
    await this.save(`${this.path}/${kind}`, query, `${kind}.${format}`);
    button.disabled = false;
  }

  /**
   * @param {string} path
   * @param {import("../support/api.js").Query} query
   * @param {string} fallback The file's name, if the server gives none.
   */
  async save(path, query, fallback) {
    const { api, announcer } = this.context;
    this.progress.textContent = text.files.fetching;
    try {
      const name = await saveFile(api, path, query, fallback);
      this.progress.textContent = text.files.saved(name);
      announcer.say(text.files.saved(name));
    } catch (error) {
      this.progress.textContent = error instanceof Error ? error.message : String(error);
      announcer.error(error);
    }
  }
}
