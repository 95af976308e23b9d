import { API, APIError } from "./support/api.js";
import { Announcer } from "./support/announcer.js";
import { fill, h } from "./support/dom.js";
import { HelpDialog } from "./support/help-dialog.js";
import { Keys } from "./support/keys.js";
import { Session } from "./support/session.js";
import { text } from "./support/text.js";
import { ProjectPage } from "./manage/project-page.js";
import { ProjectsPage } from "./manage/projects-page.js";
import { SignIn } from "./manage/sign-in.js";
import { openWorkbench } from "./view/open-workbench.js";

/**
 * @typedef {object} Context What every part of the page needs.
 * @property {API} api
 * @property {Session} session
 * @property {Announcer} announcer
 * @property {Keys} keys
 * @property {(...parts: string[]) => void} go To another place of the page: nothing, a project, or a project and a volume.
 * @property {() => Promise<void>} reload The same place anew, as the server has it now.
 */
/** @typedef {{element: HTMLElement, close?: () => void, load?: () => Promise<void>}} Page */

/** The page: which part of it is seen, by what stands behind the address's #. */
class Application {
  constructor() {
    const session = new Session();
    /** @type {Context} */
    this.context = {
      session, api: new API(new URL(".", document.baseURI), session.token), announcer: new Announcer(), keys: new Keys(),
      go: (...parts) => (location.hash = `#/${parts.map(encodeURIComponent).join("/")}`), reload: () => this.show(),
    };
    this.context.announcer.onSignedOut = () => this.signOut();
    this.help = new HelpDialog(this.context.keys);
    this.trail = h("nav", { "aria-label": text.shell.trail });
    this.account = h("div", { class: "account" });
    this.body = h("div", { id: "page" });
    /** @type {Page|null} */
    this.page = null;
    this.turn = 0;
    this.context.keys.set(text.keys.page, [
      { keys: "?, h", text: text.keys.help, run: () => this.help.open() },
    ]);
    document.body.append(
      h("header", { class: "bar" }, h("a", { class: "name", href: "#/" }, text.name), this.trail, this.account,
        h("button", { type: "button", class: "quiet", "aria-label": text.keys.help, title: text.keys.help, onclick: () => this.help.open() }, "?")),
      this.body, this.context.announcer.element, this.help.element);
    window.addEventListener("hashchange", () => this.show());
    window.addEventListener("unhandledrejection", (event) => {
      event.preventDefault();
      this.fault(event.reason);
    });
  }

  /** The parts of the address behind its #. */
  parts() {
    return location.hash.replace(/^#\/?/, "").split("/").filter(Boolean).map((part) => {
      try {
        return decodeURIComponent(part);
      } catch {
        return part;
      }
    });
  }

  async show() {
    const turn = ++this.turn;
    const parts = this.parts();
    // What is seen until then belongs to the place that is left.
    this.body.setAttribute("aria-busy", "true");
    try {
      if (!(await this.identify())) return this.signIn();
      this.page?.close?.();
      this.page = null;
      const page = await this.open(parts);
      // Another place was asked for meanwhile.
      if (turn !== this.turn) return page.close?.();
      this.put(page, parts);
      // The link that led here is gone: whoever works by the keyboard goes on from the top of what is shown.
      page.element.tabIndex = -1;
      if (turn > 1) page.element.focus({ preventScroll: true });
      await page.load?.();
    } catch (error) {
      if (turn === this.turn) this.fault(error, true);
    }
  }

  /**
   * @param {string[]} parts
   * @returns {Promise<Page>}
   */
  async open([project, volume]) {
    if (!project) return new ProjectsPage(this.context);
    if (!volume) return new ProjectPage(this.context, project);
    return openWorkbench(this.context, project, volume);
  }

  /**
   * @param {Page} page
   * @param {string[]} parts
   */
  put(page, parts) {
    this.page?.close?.();
    this.page = page;
    fill(this.body, page.element);
    this.body.removeAttribute("aria-busy");
    const links = parts.slice(0, 2).map((part, index) => {
      const place = `#/${parts.slice(0, index + 1).map(encodeURIComponent).join("/")}`;
      return h("a", { href: place, "aria-current": index === Math.min(parts.length, 2) - 1 ? "page" : null }, part);
    });
    fill(this.trail, ...links.flatMap((link) => [h("span", { "aria-hidden": "true" }, "/"), link]));
    document.title = [...parts].reverse().concat(text.name).join(" · ");
    this.showAccount();
  }

  /** Whom the server takes the page for; false if it wants a token first. */
  async identify() {
    const { api, session } = this.context;
    if (session.identity) return true;
    try {
      session.identity = await api.get("v1/me");
      return true;
    } catch (error) {
      if (error instanceof APIError && error.status === 401) return false;
      throw error;
    }
  }

  showAccount() {
    const { session } = this.context, identity = session.identity;
    if (!identity?.token) return fill(this.account);
    fill(this.account, h("span", { class: "faint" }, text.shell.signedIn(identity.token, identity.role)),
      h("button", { type: "button", class: "quiet", onclick: () => this.signOut() }, text.shell.signOut));
  }

  signOut() {
    this.context.session.keep(null);
    this.context.api.token = null;
    this.show();
  }

  signIn() {
    this.put(new SignIn(this.context, () => this.show()), []);
  }

  /**
   * @param {unknown} error
   * @param {boolean} [isPage] Whether there is nothing else to see.
   */
  fault(error, isPage = false) {
    this.context.announcer.error(error);
    if (!isPage) return;
    const again = h("button", { type: "button", onclick: () => this.show() }, text.common.retry);
    const words = error instanceof Error ? error.message : String(error);
    this.put({ element: h("main", { class: "narrow" }, h("h1", {}, text.shell.fault), h("p", {}, words), again) }, this.parts());
  }
}

new Application().show();
