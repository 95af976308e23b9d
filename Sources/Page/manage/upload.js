import { button, h } from "../support/dom.js";
import { text } from "../support/text.js";
import { dropped, gathered } from "./dicom-files.js";
import { UploadItem } from "./upload-item.js";

/** Where files are dropped or chosen, looked at, and sent. */
export class Upload {
  /**
   * Milliseconds after a change before a file is looked at anew: a click that ends the change must find its button where it was.
   */
  static patience = 400;

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
    this.input = h("input", { type: "file", multiple: true, id: "upload-files", class: "unseen", "aria-label": text.upload.input });
    this.input.addEventListener("change", () => {
      this.add([...(this.input.files ?? [])]);
      this.input.value = "";
    });
    this.submit = button(text.upload.submit, () => this.send(), { class: "main", hidden: true });
    this.element = h("section", { class: "drop", "aria-label": text.upload.title },
      h("p", {}, text.upload.drop, " ", this.input, h("label", { for: "upload-files", class: "button" }, text.upload.choose)),
      h("p", { class: "faint" }, text.upload.formats), this.list, this.submit);
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
      dropped(event.dataTransfer).then((files) => this.add(files));
    });
  }

  /** @param {File[]} chosen */
  async add(chosen) {
    const files = await gathered(chosen);
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
    for (const item of this.items) if (!item.isDone) await item.send();
    this.items = this.items.filter((item) => !item.isDone);
    this.submit.disabled = this.isSending = false;
    this.update();
  }
}
