import { text } from "../support/text.js";

/** @typedef {import("./workbench.js").Workbench} Workbench */
/** @typedef {import("../support/keys.js").Key} Key */

/**
 * The keys of the workbench, by group; those of the tools are the annotator's.
 * @param {Workbench} bench
 * @returns {[string, Key[]][]}
 */
export function workbenchKeys(bench) {
  const { views } = bench, words = text.keys;
  const view = () => views.focused;
  const turn = (/** @type {number} */ steps) => () => {
    view().index += steps;
  };
  const move = (/** @type {number} */ rows, /** @type {number} */ columns) => () => {
    // The arrows belong to a view while it has the focus; elsewhere they scroll.
    if (document.activeElement !== view().canvas) return false;
    view().moveCursor(rows, columns);
  };
  const arrows = (/** @type {string} */ prefix, /** @type {number} */ step) => [
    { keys: `${prefix}arrowup`, text: words.cursor(step), run: move(-step, 0) },
    { keys: `${prefix}arrowdown`, text: "", run: move(step, 0) },
    { keys: `${prefix}arrowleft`, text: "", run: move(0, -step) },
    { keys: `${prefix}arrowright`, text: "", run: move(0, step) },
  ];
  const enlarge = (/** @type {"z"|"y"|"x"} */ axis) => () => views.enlarge(axis);
  return [
    [words.look, [
      { keys: "pageup", text: words.before, run: turn(-1) },
      { keys: "pagedown", text: words.after, run: turn(1) },
      { keys: "alt+pageup", text: words.before10, run: turn(-10) },
      { keys: "alt+pagedown", text: words.after10, run: turn(10) },
      { keys: "shift+pageup", text: words.annotatedBefore, run: () => bench.jumps.nextAnnotated(-1) },
      { keys: "shift+pagedown", text: words.annotatedAfter, run: () => bench.jumps.nextAnnotated(1) },
      { keys: "+, =", text: words.zoomIn, run: () => view().zoom(1.25) },
      { keys: "-", text: words.zoomOut, run: () => view().zoom(0.8) },
      { keys: "f", text: words.fit, run: () => view().fit() },
      { keys: "alt+1", text: words.enlarge("z"), run: enlarge("z") },
      { keys: "alt+2", text: words.enlarge("y"), run: enlarge("y") },
      { keys: "alt+3", text: words.enlarge("x"), run: enlarge("x") },
      { keys: "s", text: words.overlays, run: () => bench.display.toggleOverlays() },
      { keys: "a", text: words.fainter, run: () => bench.display.changeOpacity(-0.1) },
      { keys: "d", text: words.stronger, run: () => bench.display.changeOpacity(0.1) },
      { keys: "n", text: words.next, run: () => bench.jumps.next() },
      { keys: "t", text: words.train, run: () => bench.context.session.may("trainer") ? void bench.train.start() : false },
      ...arrows("", 1), ...arrows("shift+", 5),
    ]],
    [words.annotate, bench.annotator?.keys ?? []],
  ];
}
