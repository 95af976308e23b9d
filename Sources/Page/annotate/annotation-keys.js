import { text } from "../support/text.js";
import { unlabeled } from "./slice-labels.js";

/** @typedef {import("../support/keys.js").Key} Key */
/** @typedef {import("./annotator.js").Annotator} Annotator */

/**
 * The keys of the tools.
 * @param {Annotator} annotator
 * @returns {Key[]}
 */
export function annotationKeys(annotator) {
  const { settings, actions, events, store } = annotator, words = text.annotate.keys;
  const tool = () => annotator.active && annotator.tools.get(annotator.active);
  const use = (/** @type {import("./paint-settings.js").ToolName} */ tool) => () => annotator.use(tool);
  const choose = (/** @type {number} */ number) => () => {
    const place = store.classes.flatMap((label, index) => (label.removed ? [] : [index]))[number - 1];
    if (place === undefined) return false;
    settings.set({ label: place, fromPrediction: false, tool: settings.tool === "eraser" ? "brush" : settings.tool });
    annotator.announce(text.annotate.chosen(store.classes[place].name));
  };
  const choosePredicted = () => {
    settings.set({ fromPrediction: true, tool: settings.tool === "eraser" ? "brush" : settings.tool });
    annotator.announce(text.annotate.chosen(text.annotate.predicted));
  };
  const toggleEmpty = () => {
    settings.set({ onlyEmpty: !settings.onlyEmpty });
    annotator.announce(text.annotate.paintsOver(settings.onlyEmpty));
  };
  const toggleMask = () => {
    if (!annotator.sources.intensities) return false;
    settings.set({ isMasked: !settings.isMasked });
    annotator.announce(text.annotate.masked(settings.isMasked));
  };
  const digits = Array.from({ length: 9 }, (_, place) => ({
    keys: String(place + 1), text: place === 0 ? words.classes : "", run: choose(place + 1),
  }));
  // The brackets are behind AltGr on many keyboards.
  return [
    { keys: "b", text: text.annotate.tools.brush, run: use("brush") },
    { keys: "e", text: text.annotate.tools.eraser, run: use("eraser") },
    { keys: "p", text: text.annotate.tools.polygon, run: use("polygon") },
    { keys: "l", text: text.annotate.tools.lasso, run: use("lasso") },
    { keys: "g", text: text.annotate.tools.fill, run: use("fill") },
    ...digits,
    { keys: "0", text: words.nothing, run: () => settings.set({ label: unlabeled, fromPrediction: false }) },
    { keys: "w", text: words.predicted, run: choosePredicted },
    { keys: "[, ctrl+alt+[", text: words.smaller, run: () => settings.resize(-1) },
    { keys: "], ctrl+alt+]", text: words.larger, run: () => settings.resize(1) },
    { keys: "ctrl+z", text: text.annotate.undo, run: () => actions.undo() },
    { keys: "ctrl+shift+z, ctrl+y", text: text.annotate.redo, run: () => actions.redo() },
    { keys: "space", text: words.space, run: () => events.keyDown() },
    { keys: "enter", text: words.close, run: () => tool()?.close() ?? false },
    { keys: "backspace", text: words.back, run: () => tool()?.back() ?? false },
    { keys: "escape", text: words.drop, run: () => tool()?.forget() ?? false },
    { keys: "m", text: words.onlyEmpty, run: toggleEmpty },
    { keys: "o", text: words.mask, run: toggleMask },
    { keys: "r", text: text.annotate.fillRest, run: () => actions.fillRest() },
    { keys: "c", text: text.annotate.copyNearest, run: () => void actions.copyNearest() },
    { keys: "v", text: text.annotate.copyPrediction, run: () => void actions.copyPrediction() },
    { keys: "i", text: text.annotate.interpolate, run: () => void actions.interpolate() },
    { keys: "k", text: text.annotate.test, run: () => void actions.toggleRole().then(() => annotator.activeChanged()) },
    { keys: "shift+i", text: text.annotate.interpolateAll, run: () => void actions.interpolateAll() },
  ];
}
