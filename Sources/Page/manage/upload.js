import { button, h } from "../support/dom.js";
import { text } from "../support/text.js";
import { UploadItem } from "./upload-item.js";

/** Where files are dropped or chosen, and sent. */
export class Upload {
  /**
   * @param {import("../application.js").Context} context
   * @param {string} project
   * @param {() => void} onStored
   */
  constructor(context, project, onStored) {
    this.context = context;
    this.project = project;
    this.onStored = onStored;
    /** @type {UploadItem[]} */
    this.items = [];
    this.list = h("ul", { class: "uploads" });
    this.input = h("input", { type: "file", multiple: true, id: "upload-files", class: "unseen", "aria-label": text.upload.input });
    this.input.addEventListener("change", () => {
      this.add(this.input.files);
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
      this.add(event.dataTransfer?.files ?? null);
    });
  }

  /** @param {FileList|null} files */
  add(files) {
    for (const file of files ?? []) {
      const item = new UploadItem(this.context, this.project, file, this.onStored);
      this.items.push(item);
      this.list.append(item.element);
    }
    this.submit.hidden = this.items.length === 0;
    if (files?.length) this.submit.focus();
  }

  /** One after the other: a disk is no faster for two. */
  async send() {
    this.submit.disabled = true;
    for (const item of this.items) if (!item.isDone) await item.send();
    this.items = this.items.filter((item) => !item.isDone);
    this.submit.disabled = false;
    this.submit.hidden = this.items.length === 0;
  }
}
