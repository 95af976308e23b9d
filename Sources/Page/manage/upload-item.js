import { API, APIError, OfflineError } from "../support/api.js";
import { choice, field, fill, h } from "../support/dom.js";
import { text } from "../support/text.js";
import { bytes, number, unitSign } from "../support/units.js";

/** @typedef {import("../application.js").Context} Context */

/**
 * A name that the server takes, made of a file's.
 * @param {string} file
 */
export function volumeName(file) {
  const stem = file.replace(/\.(nii|tar)?\.?(gz|nii|tiff?|ome|nrrd|nhdr|mha|npy)$/i, "").replace(/\.(ome|nii)$/i, "");
  return stem.normalize("NFKD").replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[^A-Za-z0-9]+/, "").slice(0, 64) || "volume";
}

/** A file on its way to the server: its name there, how far it is, and what the server understood of it. */
export class UploadItem {
  /**
   * @param {Context} context
   * @param {string} project
   * @param {File} file
   * @param {() => void} onStored
   */
  constructor(context, project, file, onStored) {
    this.context = context;
    this.project = project;
    this.file = file;
    this.onStored = onStored;
    this.isDone = false;
    this.name = h("input", { type: "text", value: volumeName(file.name), required: true, spellcheck: "false" });
    this.spacing = h("input", { type: "text", placeholder: text.upload.spacingExample, spellcheck: "false" });
    this.unit = choice(text.upload.unit, [["", text.upload.fromFile], ["micrometer", "µm"], ["nanometer", "nm"], ["millimeter", "mm"]], "");
    this.axes = choice(text.upload.axes, [["", text.upload.fromFile], ...["zyx", "czyx", "zcyx", "cyx", "zyxc", "yx"].map((axes) =>
      /** @type {[string, string]} */ ([axes, axes]))], "");
    this.progress = h("progress", { max: 1, value: 0, "aria-label": text.upload.progress(file.name), hidden: true });
    this.words = h("p");
    this.details = h("details", {}, h("summary", {}, text.upload.details),
      h("div", { class: "row" }, field(text.upload.spacing, this.spacing, text.upload.spacingHint), field(text.upload.unit, this.unit),
        field(text.upload.axes, this.axes)));
    this.element = h("li", { class: "upload" },
      h("div", { class: "row" }, h("strong", {}, file.name), h("span", { class: "faint" }, bytes(file.size))),
      field(text.upload.name, this.name), this.details, this.progress, this.words);
  }

  /**
   * Sends it; whether it is stored now.
   * @param {boolean} [isReplacing]
   */
  async send(isReplacing = false) {
    if (this.isDone && !isReplacing) return true;
    this.progress.hidden = false;
    this.words.className = "faint";
    this.words.textContent = text.upload.sending;
    const spacing = this.spacing.value.trim().replace(/[\s;×]+/g, ",");
    const query = {
      spacing: spacing || null, unit: this.unit.value || null, axes: this.axes.value || null, replace: isReplacing || null,
    };
    try {
      const volume = await this.put(this.context.api.url(API.path("v1", "projects", this.project, "volumes", this.name.value), query));
      this.isDone = true;
      this.understood(volume);
      this.onStored();
      return true;
    } catch (error) {
      this.words.className = "warning";
      this.words.textContent = error instanceof Error ? error.message : String(error);
      this.details.open ||= error instanceof APIError && ["spacing", "unit", "axes"].includes(error.field ?? "");
      this.context.announcer.say(this.words.textContent);
      return false;
    } finally {
      this.progress.hidden = true;
    }
  }

  /**
   * Only this old way of sending tells how far it is.
   * @param {URL} url
   * @returns {Promise<any>}
   */
  put(url) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("PUT", url);
      for (const [name, value] of Object.entries(this.context.api.headers({ Accept: "application/json" }))) request.setRequestHeader(name, value);
      request.upload.addEventListener("progress", ({ loaded, total }) => {
        this.progress.value = loaded / total;
        if (loaded === total) {
          this.progress.removeAttribute("value");
          this.words.textContent = text.upload.reading;
        }
      });
      request.addEventListener("error", () => reject(new OfflineError(null)));
      request.addEventListener("load", () => {
        const response = new Response(request.responseText, { status: request.status, statusText: request.statusText });
        if (response.ok) resolve(JSON.parse(request.responseText));
        else APIError.from(response).then(reject, reject);
      });
      request.send(this.file);
    });
  }

  /** @param {any} volume */
  understood(volume) {
    const { shape, spacing } = volume, sign = unitSign(spacing.unit);
    const size = `${shape.z} × ${shape.y} × ${shape.x}`;
    const step = `${number(spacing.z)} × ${number(spacing.y)} × ${number(spacing.x)} ${sign}`;
    this.words.className = "";
    const open = h("a", { href: `#/${encodeURIComponent(this.project)}/${encodeURIComponent(volume.name)}`, class: "button main" }, text.upload.open);
    const correct = h("button", { type: "button", class: "quiet", onclick: () => {
      this.details.open = true;
      this.spacing.focus();
      again.hidden = false;
    } }, text.upload.correct);
    const again = h("button", { type: "button", hidden: true, onclick: () => this.send(true) }, text.upload.again);
    fill(this.words, text.upload.understood(size, shape.c, volume.dtype, step), " ", open, " ", correct, " ", again,
      ...volume.warnings.map((/** @type {string} */ warning) => h("span", { class: "warning" }, ` ${warning}`)));
    this.context.announcer.say(text.upload.understood(size, shape.c, volume.dtype, step));
  }
}
