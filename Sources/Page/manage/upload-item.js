import { API, APIError } from "../support/api.js";
import { button, checkbox, choice, field, fill, h, once } from "../support/dom.js";
import { text } from "../support/text.js";
import { bytes } from "../support/units.js";
import { datasetChoices } from "./dataset-choices.js";
import { sendFile } from "./file-sender.js";
import { spacingWords, uploadFacts } from "./upload-facts.js";

/** @typedef {import("../application.js").Context} Context */

/**
 * A name that the server takes, made of a file's.
 * @param {string} file
 */
export function volumeName(file) {
  const stem = file.replace(/\.zip$/i, "").replace(/\.(nii|tar)?\.?(gz|nii|tiff?|ome|nrrd|nhdr|mha|npy|h5|hdf5|ims|mat|mrc|map|rec|st|dcm|zarr)$/i, "").replace(/\.(ome|nii)$/i, "");
  return stem.normalize("NFKD").replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[^A-Za-z0-9]+/, "").slice(0, 64) || "volume";
}

/** A file on its way to the server: its name there, how the server reads it, how far it is, and what was stored. */
export class UploadItem {
  /** Files up to so many bytes are looked at without being asked for: they are sent twice. */
  static brief = 256e6;

  /**
   * @param {Context} context
   * @param {string} project
   * @param {File} file
   * @param {{onStored: () => void, onChange: (item: UploadItem) => void, onDrop: (item: UploadItem) => void}} host `onChange`:
   *   what the server made of the file may be another now.
   */
  constructor(context, project, file, host) {
    this.context = context;
    this.project = project;
    this.file = file;
    this.host = host;
    this.isDone = false;
    /** @type {AbortController|null} */
    this.looking = null;
    /**
     * Where what was stored is seen.
     * @type {HTMLElement|null}
     */
    this.link = null;
    this.name = h("input", { type: "text", value: volumeName(file.name), required: true, spellcheck: "false" });
    this.spacing = h("input", { type: "text", placeholder: text.upload.spacingExample, spellcheck: "false" });
    this.unit = choice(text.upload.unit, [["", text.upload.fromFile], ["micrometer", "µm"], ["nanometer", "nm"], ["millimeter", "mm"], ["angstrom", "Å"]], "");
    this.axes = choice(text.upload.axes, [["", text.upload.fromFile], ...["zyx", "czyx", "zcyx", "cyx", "zyxc", "yx"].map((axes) =>
      /** @type {[string, string]} */ ([axes, axes]))], "");
    this.dataset = h("input", { type: "text", placeholder: text.upload.datasetExample, spellcheck: "false" });
    this.time = h("input", { type: "number", min: 0, step: 1 });
    this.level = h("input", { type: "number", min: 0, step: 1 });
    this.isReplacing = false;
    this.progress = h("progress", { max: 1, value: 0, "aria-label": text.upload.progress(file.name), hidden: true });
    this.words = h("p");
    this.facts = h("div", {});
    this.details = h("details", {}, h("summary", {}, text.upload.details),
      h("div", { class: "row" }, field(text.upload.spacing, this.spacing, text.upload.spacingHint), field(text.upload.unit, this.unit),
        field(text.upload.axes, this.axes), field(text.upload.dataset, this.dataset), field(text.upload.time, this.time), field(text.upload.level, this.level)));
    this.drop = button(text.common.remove, () => this.remove(), { class: "quiet", "aria-label": text.upload.leaveOut(file.name) });
    this.element = h("li", { class: "upload" },
      h("div", { class: "row" }, h("strong", {}, file.name), h("span", { class: "faint" }, bytes(file.size)), this.drop),
      field(text.upload.name, this.name), this.facts, this.details, this.progress, this.words);
    for (const control of [this.name, this.spacing, this.unit, this.axes, this.dataset, this.time, this.level]) {
      control.addEventListener("change", () => {
        this.isReplacing &&= control !== this.name;
        if (!this.isDone) this.host.onChange(this);
      });
    }
    if (!this.isBrief) {
      fill(this.words, text.upload.large(bytes(file.size)), " ", button(text.upload.look, () => this.look(true),
        { "aria-label": text.upload.lookAt(file.name) }));
    }
  }

  get isBrief() {
    return this.file.size <= UploadItem.brief;
  }

  /** @param {import("../support/api.js").Query} more */
  url(more) {
    const spacing = this.spacing.value.trim().replace(/[\s,;×]+/g, ",");
    const query = { spacing: spacing || null, unit: this.unit.value || null, axes: this.axes.value || null,
      dataset: this.dataset.value.trim() || null, time: this.time.value || null, level: this.level.value || null, ...more };
    return this.context.api.url(API.path("v1", "projects", this.project, "volumes", this.name.value), query);
  }

  /**
   * Has the server say how it reads the file, before anything is stored.
   * @param {boolean} [isAsked] Whether a person wants it, however large the file is.
   */
  async look(isAsked = false) {
    this.looking?.abort();
    if (this.isDone || !this.name.value || !(this.isBrief || isAsked)) return;
    const looking = (this.looking = new AbortController());
    try {
      // What has the name now is told by the answer, and is no reason not to read the file.
      const reading = await this.put({ "dry-run": true, replace: true }, text.upload.looking, text.upload.lookSent, looking.signal);
      if (!looking.signal.aborted) this.read(reading);
    } catch (error) {
      if (looking.signal.aborted) return;
      fill(this.facts);
      this.refused(error);
    } finally {
      if (this.looking === looking) this.looking = null;
    }
  }

  /**
   * Sends it to be stored; whether it is now.
   * @param {boolean} [isAgain] With other parameters, in the place of what was stored.
   */
  async send(isAgain = false) {
    if (this.isDone && !isAgain) return true;
    this.looking?.abort();
    this.looking = null;
    try {
      const volume = await this.put({ replace: isAgain || this.isReplacing || null }, text.upload.sending, text.upload.reading);
      this.isDone = true;
      this.drop.hidden = true;
      // Sent again, it takes the place of this volume and of no other.
      this.name.disabled = true;
      if (!this.element.isConnected) this.context.announcer.note(text.upload.done(this.file.name, volume.name));
      this.understood(volume);
      this.host.onStored();
      return true;
    } catch (error) {
      this.refused(error);
      if (!this.element.isConnected) this.context.announcer.error(error);
      return false;
    }
  }

  /**
   * @param {import("../support/api.js").Query} query
   * @param {string} sending
   * @param {string} reading
   * @param {AbortSignal} [signal]
   */
  async put(query, sending, reading, signal) {
    const { progress, words } = this;
    progress.hidden = false;
    progress.value = 0;
    words.className = "faint";
    words.textContent = sending;
    try {
      return await sendFile(this.context.api, this.url(query), this.file, (share) => {
        progress.value = share;
        if (share < 1) return;
        progress.removeAttribute("value");
        words.textContent = reading;
      }, signal);
    } finally {
      // Another request may be under way by now.
      if (!signal?.aborted) progress.hidden = true;
    }
  }

  /** @param {unknown} error */
  refused(error) {
    this.words.className = "warning";
    this.words.textContent = error instanceof Error ? error.message : String(error);
    if (!(error instanceof APIError)) return this.context.announcer.say(this.words.textContent);
    this.details.open ||= ["spacing", "unit", "axes", "dataset", "time", "level"].includes(error.field ?? "")
      || /(axes|dataset|time|level)=/.test(error.detail);
    if (error.status === 409 && error.field === "replace") this.offerReplacing();
    const choices = datasetChoices(error.detail);
    if (choices.length > 0) this.offerChoices(choices);
    this.context.announcer.say(this.words.textContent);
  }

  offerReplacing() {
    const name = this.name.value;
    fill(this.words, text.upload.taken(name), " ",
      checkbox(text.upload.replace(name), this.isReplacing, (isReplacing) => (this.isReplacing = isReplacing)));
  }

  /**
   * Whoever need not type the path or the UID does not mistype it.
   * @param {import("./dataset-choices.js").DatasetChoice[]} choices
   */
  offerChoices(choices) {
    const options = choices.map(({ dataset, text }) => /** @type {[string, string]} */ ([dataset, text]));
    this.words.append(" ", choice(text.upload.which, [["", text.upload.which], ...options], "", (dataset) => {
      this.dataset.value = dataset;
      this.host.onChange(this);
    }));
  }

  /** @param {any} reading */
  read(reading) {
    const { shape, change } = reading, words = text.upload.read(`${shape.z} × ${shape.y} × ${shape.x}`);
    fill(this.facts, uploadFacts(reading));
    this.details.open ||= !reading.spacing.unit;
    this.words.className = change === "replaced" ? "warning" : "faint";
    if (change === "replaced") this.offerReplacing();
    else this.words.textContent = change === "same" ? text.upload.same : words;
    this.context.announcer.say(change === "created" ? words : (this.words.textContent ?? words));
  }

  /** @param {any} volume */
  understood(volume) {
    const { shape, spacing } = volume, size = `${shape.z} × ${shape.y} × ${shape.x}`, step = spacingWords(spacing);
    this.words.className = "";
    fill(this.facts);
    const open = this.link = h("a", { href: `#/${encodeURIComponent(this.project)}/${encodeURIComponent(volume.name)}`, class: "button main" }, text.upload.open);
    const correct = button(text.upload.correct, () => {
      this.details.open = true;
      this.spacing.focus();
      again.hidden = false;
    }, { class: "quiet" });
    const again = button(text.upload.again, () => once(again, () => this.send(true)), { hidden: true });
    fill(this.words, text.upload.understood(size, shape.c, volume.dtype, step), " ", open, " ", correct, " ", again,
      ...volume.warnings.map((/** @type {string} */ warning) => h("span", { class: "warning" }, ` ${warning}`)));
    this.context.announcer.say(text.upload.understood(size, shape.c, volume.dtype, step));
  }

  /** It is not to be sent after all. */
  remove() {
    this.looking?.abort();
    this.element.remove();
    this.host.onDrop(this);
  }
}
