import { API, APIError } from "../support/api.js";
import { choice, field, fill, h, refill, table } from "../support/dom.js";
import { text } from "../support/text.js";
import { makingSection, scoreSection, testScores } from "./comparison-rows.js";

/** @typedef {import("./comparison-rows.js").Section} Section */

/** Two models side by side: how they were made, and how good they are on the same slices. */
export class ModelComparison {
  /**
   * @param {import("../application.js").Context} context
   * @param {string} project
   * @param {string} volume Whose reports are compared besides the test slices of the project.
   */
  constructor(context, project, volume) {
    this.context = context;
    this.path = API.path("v1", "projects", project);
    this.volume = volume;
    /** @type {any[]} */
    this.models = [];
    /** The chosen names, the first and the second. */
    this.names = ["", ""];
    /** Whether a person has chosen them. */
    this.isChosen = false;
    this.turn = 0;
    this.choices = h("div", { class: "row" });
    this.result = h("div", { "aria-live": "polite" });
    this.element = h("details", { hidden: true }, h("summary", {}, text.compare.title), this.choices, this.result);
    this.element.addEventListener("toggle", () => this.update());
  }

  /**
   * The models there are, newest first: at first the newest is compared with the one before it.
   * @param {any[]} models
   */
  offer(models) {
    const known = new Set(models.map(({ name }) => name)), isKept = this.isChosen && this.names.every((name) => known.has(name));
    this.models = models;
    this.element.hidden = models.length < 2;
    if (models.length < 2) return;
    if (!isKept) this.names = [models[1].name, models[0].name];
    const options = models.map(({ name }) => /** @type {[string, string]} */ ([name, name]));
    const list = (/** @type {number} */ place, /** @type {string} */ label) => field(label, choice(label, options, this.names[place], (name) => {
      this.names[place] = name;
      this.isChosen = true;
      this.update();
    }));
    refill(this.choices, list(0, text.compare.first), list(1, text.compare.second));
    this.update();
  }

  async update() {
    if (!this.element.open || this.element.hidden) return;
    const turn = ++this.turn;
    try {
      const content = await this.content(this.names);
      if (turn === this.turn) fill(this.result, ...content);
    } catch (error) {
      if (turn !== this.turn) return;
      fill(this.result, h("p", { class: "warning" }, error instanceof Error ? error.message : String(error)));
    }
  }

  /** @param {string[]} names */
  async content([first, second]) {
    if (first === second) return [h("p", { class: "faint" }, text.compare.same)];
    const { api } = this.context;
    const described = (/** @type {string} */ name) => this.models.find((model) => model.name === name);
    const [compared, one, other] = await Promise.all([
      api.get(`${this.path}/models`, { query: { compare: `${first},${second}` } }), this.report(first), this.report(second),
    ]);
    const [onTests, andTests] = [first, second].map((name) => testScores(compared.models.find((/** @type {any} */ entry) => entry.model === name)));
    const tests = scoreSection(text.compare.tests, onTests, andTests);
    const missing = [...(one ? [] : [first]), ...(other ? [] : [second])];
    const sections = [
      makingSection(described(first), described(second)), tests,
      scoreSection(text.compare.heldoutHere(this.volume), one?.heldout, other?.heldout),
      scoreSection(text.compare.truthHere(this.volume), one?.truth, other?.truth),
    ];
    return [
      ...missing.map((name) => h("p", { class: "warning" }, text.compare.notPredicted(name, this.volume))),
      ...(tests ? compared.warnings : [text.compare.noTests]).map((/** @type {string} */ words) =>
        h("p", { class: tests ? "warning" : "faint" }, words)),
      ...sections.flatMap((section) => (section ? this.section(section, first, second) : [])),
    ];
  }

  /**
   * How good a model is on the volume; null if it has not predicted it.
   * @param {string} model
   */
  async report(model) {
    try {
      return await this.context.api.get(`${this.path}/${API.path("volumes", this.volume, "report")}`, { query: { model } });
    } catch (error) {
      if (error instanceof APIError && error.status === 404) return null;
      throw error;
    }
  }

  /**
   * @param {Section} section
   * @param {string} first
   * @param {string} second
   */
  section({ title, rows, warning }, first, second) {
    return [
      h("h3", {}, title), warning ? h("p", { class: "warning" }, warning) : null,
      table(["", first, second, text.compare.difference],
        rows.map(([name, ...values]) => [name, ...values.map((value) => ({ number: value }))]), `${text.compare.title}: ${title}`),
    ];
  }
}
