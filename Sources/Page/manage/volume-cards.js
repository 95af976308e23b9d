import { API } from "../support/api.js";
import { button, fill, h, refill } from "../support/dom.js";
import { text } from "../support/text.js";
import { bytes } from "../support/units.js";
import { BrickSource } from "../volume/brick-source.js";
import { spacingWords } from "./upload-facts.js";
import { volumeSummary } from "./volume-summary.js";

/** The volumes of a project, each with a picture of its middle and how far the work on it is. */
export class VolumeCards {
  /**
   * @param {import("../application.js").Context} context
   * @param {string} project
   */
  constructor(context, project) {
    this.context = context;
    this.project = project;
    this.path = API.path("v1", "projects", project);
    this.element = h("div", { class: "cards" }, h("p", { class: "faint" }, text.common.loading));
    /**
     * Pictures that were fetched, by volume and version.
     * @type {Map<string, string>}
     */
    this.pictures = new Map();
    /**
     * Where it is told how far the work on a volume is, by its name.
     * @type {Map<string, HTMLElement>}
     */
    this.summaries = new Map();
    /**
     * The model that the project goes by; null if that is the newest.
     * @type {string|null}
     */
    this.pinned = null;
    this.isClosed = false;
  }

  async load() {
    const { api } = this.context;
    const [project, volumes] = await Promise.all([api.get(this.path), api.get(`${this.path}/volumes`)]);
    this.pinned = project.model;
    const before = this.summaries;
    this.summaries = new Map(volumes.map((/** @type {any} */ { name }) => [name, before.get(name) ?? h("div", { class: "faint" })]));
    refill(this.element, ...volumes.map((/** @type {any} */ volume) => this.card(volume)));
    this.tell();
    const isUploading = this.context.session.may("trainer");
    if (volumes.length === 0) fill(this.element, h("p", {}, isUploading ? text.project.none : text.project.noneSeen));
  }

  /** @param {any} volume */
  card(volume) {
    const { shape, spacing } = volume;
    const picture = h("img", { alt: "", width: 96, height: 96 });
    this.paint(picture, volume).catch(() => picture.remove());
    return h("article", { class: "card volume" },
      h("a", { href: `#/${encodeURIComponent(this.project)}/${encodeURIComponent(volume.name)}`, "aria-label": volume.name }, picture,
        h("strong", {}, volume.name)),
      h("span", { class: "faint" }, `${shape.z} × ${shape.y} × ${shape.x}, ${text.upload.channels(shape.c)}, ${volume.dtype}`),
      h("span", { class: "faint" }, `${spacingWords(spacing)}, ${bytes(volume.bytes)}`),
      this.summaries.get(volume.name), ...(volume.warnings ?? []).map((/** @type {string} */ warning) => h("span", { class: "warning" }, warning)),
      this.context.session.may("admin") ? button(text.common.remove, () => this.remove(volume.name), { class: "quiet", "aria-label": text.project.remove(volume.name) }) : null);
  }

  /** Tells anew how far the work on each volume is. What can't be told now stays as it was. */
  async tell() {
    await Promise.allSettled([...this.summaries].map(async ([name, element]) => {
      const { api } = this.context, path = `${this.path}/${API.path("volumes", name)}`;
      const [revisions, contents] = await Promise.all([api.get(`${path}/annotations`), BrickSource.list(api, path)]);
      fill(element, ...volumeSummary(revisions, contents, this.pinned).map((words) => h("div", {}, words)));
    }));
  }

  /**
   * @param {HTMLImageElement} picture
   * @param {any} volume
   */
  async paint(picture, { name, version, shape, spacing }) {
    const key = `${name} ${version}`, known = this.pictures.get(key);
    if (known) return void (picture.src = known);
    const finest = Math.min(spacing.y, spacing.x);
    const size = Math.max((shape.y * spacing.y) / finest, (shape.x * spacing.x) / finest);
    const path = `${this.path}/${API.path("volumes", name, "slices", "z", Math.floor(shape.z / 2))}`;
    const channel = shape.c > 3 ? "0,1,2" : null;
    const query = { scale: Math.min(64, Math.max(1 / 64, 192 / size)).toFixed(4), channel };
    const response = await this.context.api.send("GET", path, { query, headers: { Accept: "image/png" } });
    const content = await response.blob();
    if (this.isClosed) return;
    const url = URL.createObjectURL(content);
    this.pictures.set(key, url);
    picture.src = url;
  }

  /** @param {string} volume */
  async remove(volume) {
    if (!confirm(text.project.confirmVolume(volume))) return;
    await this.context.api.json("DELETE", `${this.path}/${API.path("volumes", volume)}`);
    await this.load();
  }

  close() {
    this.isClosed = true;
    for (const url of this.pictures.values()) URL.revokeObjectURL(url);
  }
}
