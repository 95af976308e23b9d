import { button, h } from "../support/dom.js";
import { text } from "../support/text.js";
import { gathered } from "./dicom-files.js";
import { chosenFiles, droppedFiles } from "./dropped-files.js";
import { UploadItem } from "./upload-item.js";
import { zarrArchives } from "./zarr-folders.js";

/** @typedef {import("./dropped-files.js").FoundFile} FoundFile */

/** Where files are dropped or chosen, looked at, and sent. */
export class Upload {
  /**
   * Milliseconds after a change before a file is looked at anew: a click that ends the change must find its button where it was.
   */
  static patience = 400;
  /** So many files are taken for volumes without being asked for. */
  static few = 20;

  /**
   * @param {import("../application.js").Context} context
   * @param {string} project
   * @param {() => void} onStored
   */
  constructor(context, project, onStored) {
    this.context = context;
    this.project = project;
    this.host = {
      onStored, onChange: (/** @type {UploadItem} */ item) => this.lookSoon(item), onDrop: (/** @type {UploadItem} */ item) => this.dropped(item),
    };
    /** @type {UploadItem[]} */
    this.items = [];
    /**
     * Files that are to be looked at, one after the other.
     * @type {UploadItem[]}
     */
    this.waiting = [];
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    this.timer = undefined;
    this.isLooking = false;
    this.isSending = false;
    this.list = h("ul", { class: "uploads" });
    this.input = this.chooser("upload-files", text.upload.input, {});
    this.folder = this.chooser("upload-folder", text.upload.folderInput, { webkitdirectory: true });
    this.words = h("p", { class: "faint", role: "status" });
    this.submit = button(text.upload.submit, () => this.send(), { class: "main", hidden: true });
    this.element = h("section", { class: "drop", "aria-label": text.upload.title },
      h("p", {}, text.upload.drop, " ", this.input, h("label", { for: "upload-files", class: "button" }, text.upload.choose), " ",
        this.folder, h("label", { for: "upload-folder", class: "button" }, text.upload.chooseFolder)),
      h("p", { class: "faint" }, text.upload.formats), this.words, this.list, this.submit);
  }

  /**
   * @param {string} id
   * @param {string} label
   * @param {import("../support/dom.js").Attributes} attributes
   */
  chooser(id, label, attributes) {
    const input = h("input", { type: "file", multiple: true, id, class: "unseen", "aria-label": label, ...attributes });
    input.addEventListener("change", () => {
      this.add(chosenFiles(input.files ?? []));
      input.value = "";
    });
    return input;
  }

  /**
   * Takes files that are dropped anywhere on an element.
   * @param {HTMLElement} target
   */
  listen(target) {
    target.addEventListener("dragover", (event) => {
      event.preventDefault();
      this.element.classList.add("over");
    });
    target.addEventListener("dragleave", () => this.element.classList.remove("over"));
    target.addEventListener("drop", (event) => {
      event.preventDefault();
      this.element.classList.remove("over");
      droppedFiles(event.dataTransfer).then((files) => this.add(files)).catch((error) => this.failed(error));
    });
  }

  /** @param {unknown} error */
  failed(error) {
    this.words.textContent = "";
    this.context.announcer.error(error);
  }

  /** @param {FoundFile[]} found */
  async add(found) {
    try {
      this.take(await this.packed(found));
    } catch (error) {
      this.failed(error);
    }
  }

  /**
   * The files that are a volume each: an OME-Zarr or a series of DICOM is many.
   * @param {FoundFile[]} found
   */
  async packed(found) {
    const { archives, others } = await zarrArchives(found, (folder) => (this.words.textContent = text.upload.packing(folder)));
    const files = [...archives, ...(await gathered(others.filter(({ name }) => !name.startsWith("."))))];
    this.words.textContent = found.length > 0 && files.length === 0 ? text.upload.nothing : "";
    return files.length <= Upload.few || confirm(text.upload.confirmMany(files.length)) ? files : [];
  }

  /** @param {File[]} files */
  take(files) {
    for (const file of files) {
      const item = new UploadItem(this.context, this.project, file, this.host);
      this.items.push(item);
      this.list.append(item.element);
      this.look(item);
    }
    this.update();
    if (files.length > 0) this.submit.focus();
  }

  /**
   * What the server had found is out of date.
   * @param {UploadItem} item
   */
  lookSoon(item) {
    item.looking?.abort();
    if (!this.waiting.includes(item)) this.waiting.push(item);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.lookOn();
    }, Upload.patience);
  }

  /**
   * Has the server look at a file, when its turn comes.
   * @param {UploadItem} item
   */
  look(item) {
    this.waiting.push(item);
    this.lookOn();
  }

  /** One after the other; sending goes before. */
  async lookOn() {
    if (this.isLooking || this.isSending) return;
    this.isLooking = true;
    while (this.waiting.length > 0 && !this.isSending && this.timer === undefined) await this.waiting.shift()?.look();
    this.isLooking = false;
  }

  /** @param {UploadItem} item */
  dropped(item) {
    this.items = this.items.filter((other) => other !== item);
    this.waiting = this.waiting.filter((other) => other !== item);
    this.update();
  }

  update() {
    this.submit.hidden = this.items.length === 0;
  }

  /** One after the other: a disk is no faster for two. */
  async send() {
    this.submit.disabled = this.isSending = true;
    this.waiting = [];
    clearTimeout(this.timer);
    this.timer = undefined;
    for (const item of this.items) item.looking?.abort();
    // Whoever leaves the page now ends the upload.
    const stay = (/** @type {Event} */ event) => event.preventDefault();
    window.addEventListener("beforeunload", stay);
    for (const item of this.items) if (!item.isDone) await item.send();
    window.removeEventListener("beforeunload", stay);
    const { activeElement } = document, last = this.items.filter(({ isDone }) => isDone).at(-1);
    this.items = this.items.filter((item) => !item.isDone);
    this.submit.disabled = this.isSending = false;
    this.update();
    // The button that had the focus may be gone.
    if (activeElement === this.submit || activeElement === document.body) last?.link?.focus();
  }

  /** Another part of the page is shown. What is being sent goes on. */
  close() {
    this.waiting = [];
    clearTimeout(this.timer);
    for (const item of this.items) item.looking?.abort();
  }
}
