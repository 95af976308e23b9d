import { APIError } from "./api-error.js";
import { h } from "./dom.js";
import { text as words } from "./text.js";

/** Says what has happened to those who hear the page, and shows errors and news to those who see it. */
export class Announcer {
  constructor() {
    this.region = h("div", { class: "unseen", role: "status", "aria-live": "polite" });
    this.notes = h("div", { class: "notes" });
    this.element = h("div", {}, this.region, this.notes);
    /** What to do when the token is not good any more. */
    this.onSignedOut = () => {};
    /**
     * Shows what is told of one's own work where that is done; set by who shows it.
     * @type {(text: string) => void}
     */
    this.onTold = () => {};
  }

  /**
   * Heard, not seen.
   * @param {string} text
   */
  say(text) {
    // The same text twice in a row is heard only if it changes.
    this.region.textContent = this.region.textContent === text ? `${text}\u00a0` : text;
  }

  /**
   * Heard, and seen where one works.
   * @param {string} text
   */
  tell(text) {
    this.say(text);
    this.onTold(text);
  }

  /**
   * Seen for some seconds, and heard.
   * @param {string} text
   */
  note(text) {
    this.show(text, "note", 6000);
  }

  /** @param {unknown} error */
  error(error) {
    if (error instanceof DOMException && error.name === "AbortError") return;
    if (error instanceof APIError && error.status === 401) this.onSignedOut();
    this.show(error instanceof Error ? error.message : String(error), "note fault", 15000);
    if (!(error instanceof Error) || error instanceof TypeError || error instanceof ReferenceError) console.error(error);
  }

  /**
   * @param {string} text
   * @param {string} kind
   * @param {number} time Milliseconds.
   */
  show(text, kind, time) {
    this.say(text);
    const note = h("div", { class: kind }, h("span", {}, text));
    const remove = () => note.remove();
    note.append(h("button", { type: "button", class: "quiet", "aria-label": words.common.close, onclick: remove }, "×"));
    this.notes.append(note);
    while (this.notes.childElementCount > 4) this.notes.firstElementChild?.remove();
    setTimeout(remove, time);
  }
}
