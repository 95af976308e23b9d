import { button, choice, field, h, once } from "../support/dom.js";
import { DownloadList } from "../support/download-list.js";
import { text } from "../support/text.js";

const formats = ["nii.gz", "nii", "tiff", "nrrd", "seg.nrrd", "mha", "npy", "raw"];
/** What a model has made. */
const predicted = ["prediction", "probability", "uncertainty"];
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
    this.list = new DownloadList(context);
    this.path = path;
    this.format = choice(text.files.format, formats.map((format) => [format, format]), "nii.gz");
    /** @type {string[]} */
    this.names = [];
    /**
     * Whose prediction is meant.
     * @type {string|null}
     */
    this.model = null;
    this.format.addEventListener("change", () => this.offer(this.names, this.model));
    const shown = classes.filter(({ removed }) => !removed);
    this.label = choice(text.files.class, [["", text.files.allClasses], ...shown.map(({ name }) => /** @type {[string, string]} */ ([name, name]))], "");
    this.of = h("p", { class: "faint", hidden: true });
    const file = (/** @type {string} */ kind) => button(text.files.kinds[kind], (event) =>
      once(/** @type {HTMLElement} */ (event.currentTarget), () => this.download(kind)), { "data-file": kind });
    this.element = h("div", { class: "panel files" }, field(text.files.format, this.format), this.of,
      file("prediction"), h("div", { class: "row" }, file("probability"), this.label), file("uncertainty"), file("labels"), file("image"),
      file("truth"), h("div", { class: "row" }, text.files.report, this.report("csv"), this.report("md"), this.report("json")),
      this.list.element, field(text.files.address, this.address(), text.files.addressHint));
  }

  /** Where viewers of OME-Zarr read the volume. */
  address() {
    return h("input", { type: "text", readonly: true, spellcheck: "false", value: String(this.context.api.url(`${this.path}/ome.zarr`)) });
  }

  /**
   * Offers only files that there are, and that there are in the format.
   * @param {string[]} names
   * @param {string|null} model Whose prediction there is.
   */
  offer(names, model) {
    this.names = names;
    this.model = model;
    this.of.hidden = model === null;
    this.of.textContent = model === null ? "" : text.files.of(model);
    const isPredicted = names.includes("prediction"), isOfLabels = this.format.value === "seg.nrrd";
    for (const element of this.element.querySelectorAll("button")) {
      // What is under way can be cancelled, whatever is offered meanwhile.
      if (this.list.element.contains(element)) continue;
      const kind = element.dataset.file ?? "prediction";
      const isThere = names.includes(kind) || (isPredicted && kind === "probability");
      element.disabled = !isThere || (isOfLabels && !labels.includes(kind));
    }
  }

  /** @param {"csv"|"md"|"json"} format */
  report(format) {
    return button(format, () => this.list.save(`${this.path}/report`, { format, model: this.model }, `report.${format}`), { "aria-label": text.files.reportAs(format) });
  }

  /** @param {string} kind */
  download(kind) {
    const format = this.format.value;
    const query = {
      format, model: predicted.includes(kind) ? this.model : null, class: (kind === "probability" && this.label.value) || null,
    };
    return this.list.save(`${this.path}/${kind}`, query, `${kind}.${format}`);
  }
}
