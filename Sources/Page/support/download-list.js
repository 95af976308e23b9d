import { button, h } from "./dom.js";
import { saveFile } from "./save-file.js";
import { text } from "./text.js";
import { bytes } from "./units.js";

const words = text.files;

/** Files on their way to the browser's downloads: how far each is, a button that ends it, and what became of the last one. */
export class DownloadList {
  /** @param {import("../application.js").Context} context */
  constructor(context) {
    this.context = context;
    this.rows = h("div", {});
    this.words = h("p", { class: "faint", role: "status", tabindex: -1 });
    this.element = h("div", { class: "downloads" }, this.rows, this.words);
  }

  /**
   * Fetches a file, and says what becomes of it.
   * @param {string} path
   * @param {import("./api.js").Query} query
   * @param {string} fallback The file's name, if the server gives none.
   * @param {string} [waiting] What is said until then.
   */
  async save(path, query, fallback, waiting = words.fetching) {
    const { api, announcer } = this.context, stop = new AbortController(), { signal } = stop;
    const progress = h("progress", { max: 1, "aria-label": words.progress(fallback) });
    const amount = h("span", { class: "faint numbers" });
    const row = h("div", { class: "download" }, h("span", {}, fallback), progress, h("div", { class: "row" }, amount,
      button(text.common.cancel, () => stop.abort(), { class: "quiet", "aria-label": words.cancel(fallback) })));
    const onProgress = (/** @type {number} */ count, /** @type {number|null} */ all) => {
      if (all) progress.value = count / all;
      amount.textContent = words.amount(bytes(count), all ? bytes(all) : null);
    };
    // Whoever leaves the page ends what comes through it; what the browser fetches goes on.
    const stay = (/** @type {Event} */ event) => event.preventDefault();
    if (api.token !== null) window.addEventListener("beforeunload", stay);
    this.rows.append(row);
    this.tell(waiting);
    try {
      const { name, isByLink } = await saveFile(api, path, query, fallback, { signal, onProgress });
      this.tell(isByLink ? words.begun(name) : words.saved(name));
    } catch (error) {
      this.tell(signal.aborted ? words.cancelled(fallback) : error instanceof Error ? error.message : String(error), !signal.aborted);
      if (!signal.aborted) announcer.error(error);
    } finally {
      if (api.token !== null) window.removeEventListener("beforeunload", stay);
      if (row.contains(document.activeElement)) this.words.focus();
      row.remove();
    }
  }

  /**
   * @param {string} told
   * @param {boolean} [isFault]
   */
  tell(told, isFault = false) {
    this.words.className = isFault ? "warning" : "faint";
    this.words.textContent = told;
  }
}
