import { button, checkbox, choice, field, fill, h, once } from "../support/dom.js";
import { text } from "../support/text.js";
import { sendFile } from "./file-sender.js";

/** @typedef {import("../application.js").Context} Context */
/**
 * @typedef {object} LabelsHost
 * @property {() => Promise<unknown>} save Sends what is painted: the file goes over it.
 * @property {(kind: string) => Promise<unknown>} stored Shows what is there now.
 * @property {() => boolean} hasTruth
 */

const words = text.labelsFile;

/** Labels from files of other programs: as annotations, or as a truth that is only measured with. */
export class LabelsUpload {
  /**
   * @param {Context} context
   * @param {string} path Of the volume.
   * @param {LabelsHost} host
   */
  constructor(context, path, host) {
    this.context = context;
    this.path = path;
    this.host = host;
    const kinds = context.session.may("trainer") ? ["annotations", "truth"] : ["annotations"];
    this.kind = choice(words.kind, kinds.map((kind) => [kind, words.kinds[kind]]), "annotations");
    this.file = h("input", { type: "file" });
    this.values = h("input", { type: "text", placeholder: words.valuesExample, spellcheck: "false" });
    this.dataset = h("input", { type: "text", placeholder: text.upload.datasetExample, spellcheck: "false" });
    this.isWhereItLies = true;
    this.progress = h("progress", { max: 1, value: 0, hidden: true, "aria-label": words.title });
    this.words = h("p", { class: "faint", role: "status" });
    this.send = button(words.send, () => once(this.send, () => this.store()));
    this.element = h("div", { class: "panel" }, h("h2", {}, words.title), field(words.kind, this.kind), field(words.file, this.file, words.fileHint),
      h("details", {}, h("summary", {}, text.upload.details), field(words.values, this.values, words.valuesHint),
        field(text.upload.dataset, this.dataset), checkbox(words.ignorePlace, false, (isIgnored) => (this.isWhereItLies = !isIgnored))),
      this.send, this.progress, this.words);
  }

  async store() {
    const file = this.file.files?.[0], kind = this.kind.value;
    if (!file) return this.say(words.chooseFirst);
    try {
      await this.host.save();
      if (!(await this.isMeant(file, kind))) return this.say(words.kept);
      const stored = await this.put(file, kind);
      this.say(kind === "truth" ? words.measured : words.annotated(stored.slices.length));
      if (stored.change) this.offerBack(stored.change);
      await this.host.stored(kind);
    } catch (error) {
      this.say(error instanceof Error ? error.message : String(error), "warning");
    }
  }

  /**
   * Asks whether what the file would change is meant.
   * @param {File} file
   * @param {string} kind
   */
  async isMeant(file, kind) {
    if (kind === "truth") return !this.host.hasTruth() || confirm(words.confirmTruth);
    const { slices, labelled, relabelled, erased, outside } = await this.put(file, kind, { "dry-run": true });
    if (slices.length === 0) throw new Error(words.same);
    return confirm(words.confirm(slices.length, labelled, relabelled, erased, outside));
  }

  /**
   * @param {File} file
   * @param {string} kind
   * @param {import("../support/api.js").Query} [more]
   */
  async put(file, kind, more) {
    const query = {
      values: this.values.value.trim() || null, dataset: this.dataset.value.trim() || null, "ignore-place": this.isWhereItLies ? null : true, ...more,
    };
    const { api } = this.context;
    this.progress.hidden = false;
    this.say(text.upload.sending);
    try {
      return await sendFile(api, api.url(`${this.path}/${kind}`, query), file, (share) => (this.progress.value = share));
    } finally {
      this.progress.hidden = true;
    }
  }

  /** @param {number} change Of the annotations of several slices. */
  offerBack(change) {
    const back = button(words.back, () => once(back, async () => {
      try {
        await this.context.api.json("POST", `${this.path}/annotations/restore`, undefined, { query: { change } });
        this.say(words.taken);
        await this.host.stored("annotations");
      } catch (error) {
        this.say(error instanceof Error ? error.message : String(error), "warning");
      }
    }));
    this.words.append(" ", back);
  }

  /**
   * @param {string} message
   * @param {string} kind
   */
  say(message, kind = "faint") {
    this.words.className = kind;
    fill(this.words, message);
  }
}
