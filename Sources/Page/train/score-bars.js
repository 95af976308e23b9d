import { svg } from "../support/dom.js";
import { share } from "../support/units.js";

/** Letters of a name that fit beside a bar. */
const most = 16;

/**
 * A name cut in its middle: names of models often differ at the end alone.
 * @param {string} name
 */
export function shortName(name) {
  return name.length > most ? `${name.slice(0, most / 2 - 1)}…${name.slice(-most / 2)}` : name;
}

/**
 * Shares as bars.
 * @param {{name: string, iou: number|null}[]} items
 */
export function scoreBars(items) {
  const height = items.length * 16;
  const said = items.map(({ name, iou }) => `${name}: ${share(iou)}`).join(", ");
  return svg("svg", { class: "bars", viewBox: `0 0 264 ${height}`, role: "img", "aria-label": said },
    ...items.flatMap(({ name, iou }, index) => [
      svg("text", { x: 0, y: index * 16 + 12 }, shortName(name), svg("title", {}, name)),
      svg("rect", { x: 92, y: index * 16 + 3, width: Math.max(0.5, (iou ?? 0) * 130), height: 10, rx: 1 }),
      svg("text", { x: 228, y: index * 16 + 12 }, share(iou)),
    ]));
}
