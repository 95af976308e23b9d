import { button, h, once } from "../support/dom.js";
import { DownloadList } from "../support/download-list.js";
import { text } from "../support/text.js";

/** A copy of everything on the server, for those who may have all of it. */
export class Backup {
  /** @param {import("../application.js").Context} context */
  constructor(context) {
    this.downloads = new DownloadList(context);
    this.button = button(text.backup.download, () => once(this.button, () => this.download()));
    this.element = h("section", { class: "card", "aria-label": text.backup.title },
      h("h2", {}, text.backup.title), h("p", {}, text.backup.hint), this.button, this.downloads.element);
  }

  download() {
    return this.downloads.save("v1/backup", {}, "slicewise.sqlite", text.backup.making);
  }
}
