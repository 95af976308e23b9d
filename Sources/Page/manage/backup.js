import { button, h } from "../support/dom.js";
import { saveFile } from "../support/save-file.js";
import { text } from "../support/text.js";

/** A copy of everything on the server, for those who may have all of it. */
export class Backup {
  /** @param {import("../application.js").Context} context */
  constructor(context) {
    this.context = context;
    this.button = button(text.backup.download, () => this.download());
    this.words = h("p", { class: "faint", role: "status" });
    this.element = h("section", { class: "card", "aria-label": text.backup.title },
      h("h2", {}, text.backup.title), h("p", {}, text.backup.hint), this.button, this.words);
  }

  async download() {
    const { api, announcer } = this.context;
    this.button.disabled = true;
    this.words.textContent = text.backup.making;
    try {
      this.words.textContent = text.files.saved(await saveFile(api, "v1/backup", {}, "slicewise.sqlite"));
      announcer.say(this.words.textContent);
    } catch (error) {
      this.words.textContent = error instanceof Error ? error.message : String(error);
      announcer.error(error);
    } finally {
      this.button.disabled = false;
    }
  }
}
