import { APIError } from "../support/api.js";
import { button } from "../support/dom.js";
import { text } from "../support/text.js";

/** @typedef {import("../volume/geometry.js").Axis} Axis */
/** @typedef {{axis: Axis, index: number, score: number}} Suggestion */
/** @typedef {{axis: string, index: number, role: string}} Annotated */

/** The slices that are worth going to: those that a model is least sure of, and those that are annotated. */
export class SliceJumps {
  /**
   * @param {import("../application.js").Context} context
   * @param {string} path Of the volume.
   * @param {import("./linked-views.js").LinkedViews} views
   * @param {() => Annotated[]} annotated
   */
  constructor(context, path, views, annotated) {
    this.context = context;
    this.path = path;
    this.views = views;
    this.annotated = annotated;
    /** @type {Suggestion[]} */
    this.suggestions = [];
    /** The one that was gone to last. */
    this.suggested = -1;
    this.button = button(text.view.next, () => this.next(), { title: text.view.nextHint, "aria-keyshortcuts": "N", disabled: true });
  }

  /**
   * Asks for suggestions.
   * @param {string|null} model Whose; null if there is no prediction to be unsure of.
   */
  async load(model) {
    this.suggestions = model === null ? [] : await this.suggest(model);
    this.suggested = -1;
    this.button.disabled = this.suggestions.length === 0;
    this.mark();
  }

  /**
   * @param {string} model
   * @returns {Promise<Suggestion[]>}
   */
  async suggest(model) {
    try {
      return await this.context.api.get(`${this.path}/suggestions`, { query: { count: 6, model } });
    } catch (error) {
      // There is no uncertainty yet.
      if (error instanceof APIError && error.status === 404) return [];
      throw error;
    }
  }

  /** Goes to the next suggestion. */
  next() {
    const { announcer } = this.context;
    if (this.suggestions.length === 0) return announcer.tell(text.view.noSuggestion);
    this.suggested = (this.suggested + 1) % this.suggestions.length;
    const { axis, index, score } = this.suggestions[this.suggested];
    this.views.go(axis, index);
    announcer.tell(text.view.suggested(axis, index, score));
  }

  /**
   * Turns the view that is worked in to the next annotated slice of its axis.
   * @param {1|-1} direction
   */
  nextAnnotated(direction) {
    const { focused } = this.views;
    const ahead = this.annotated().filter(({ axis, index }) => axis === focused.axis && direction * (index - focused.index) > 0);
    if (ahead.length === 0) return this.context.announcer.tell(text.view.noAnnotated(focused.axis, direction > 0));
    const indices = ahead.map(({ index }) => index);
    focused.index = direction > 0 ? Math.min(...indices) : Math.max(...indices);
  }

  /** Marks them on the timelines. */
  mark() {
    const slices = this.annotated();
    for (const { axis, timeline } of this.views.panes) {
      const own = slices.filter((slice) => slice.axis === axis);
      timeline.show([
        ...own.map(({ index, role }) => ({ index, kind: /** @type {"test"|"annotated"} */ (role === "test" ? "test" : "annotated") })),
        ...this.suggestions.filter((suggestion) => suggestion.axis === axis)
          .map(({ index }) => ({ index, kind: /** @type {"suggested"} */ ("suggested") })),
      ]);
    }
  }
}
