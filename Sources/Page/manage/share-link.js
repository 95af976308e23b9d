import { API } from "../support/api.js";
import { button, field, fill, h, once } from "../support/dom.js";
import { text } from "../support/text.js";
import { moment } from "../support/units.js";

const words = text.share;

/** A link by which programs that can't send a token read a volume as OME-Zarr; offered where the server wants a token. */
export class ShareLink {
  static hours = 24;

  /**
   * @param {import("../application.js").Context} context
   * @param {string} project
   * @param {string} volume
   */
  constructor(context, project, volume) {
    this.context = context;
    this.path = API.path("v1", "projects", project, "shares");
    this.volume = volume;
    this.made = h("div", { role: "status" });
    const make = button(words.make, () => once(make, () => this.trying(() => this.make())));
    const isOffered = context.api.token !== null && context.session.may("annotator");
    this.element = h("div", { class: "panel", hidden: !isOffered }, h("p", { class: "faint" }, words.hint), make, this.made);
  }

  /** @param {() => Promise<void>} work */
  async trying(work) {
    try {
      await work();
    } catch (error) {
      this.context.announcer.error(error);
    }
  }

  async make() {
    const { api } = this.context;
    const { id, paths, expires } = await api.json("POST", this.path, { volume: this.volume, hours: ShareLink.hours });
    // Below the page's own address, which may have a proxy's prefix.
    const address = String(api.url(paths["ome.zarr"].replace(/^\//, "")));
    const revoke = button(words.revoke, () => once(revoke, () => this.trying(() => this.revoke(id))));
    fill(this.made, field(words.link(moment(expires)), h("input", { type: "text", readonly: true, spellcheck: "false", value: address }),
      words.linkHint), revoke);
  }

  /** @param {number} id */
  async revoke(id) {
    await this.context.api.json("DELETE", `${this.path}/${id}`);
    fill(this.made, h("p", { class: "faint" }, words.revoked));
  }
}
