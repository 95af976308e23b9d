import { API } from "../support/api.js";
import { fill, h, svg, table } from "../support/dom.js";
import { text } from "../support/text.js";
import { share } from "../support/units.js";
import { roundLines } from "./round-lines.js";

/** @typedef {import("./round-lines.js").RoundLine} RoundLine */

const width = 264, height = 120, left = 22, top = 6, bottom = 10, right = 6;

/** How good the models of a project became over the rounds, all measured on the same test slices. */
export class Rounds {
  /** As many models as the server compares at once. */
  static most = 20;

  /**
   * @param {import("../application.js").Context} context
   * @param {string} project
   * @param {{name: string, color: string}[]} classes
   */
  constructor(context, project, classes) {
    this.context = context;
    this.path = API.path("v1", "projects", project, "models");
    this.colors = new Map(classes.map(({ name, color }) => [name, color]));
    /**
     * Oldest first.
     * @type {string[]}
     */
    this.names = [];
    this.turn = 0;
    this.result = h("div", {});
    this.element = h("details", { hidden: true }, h("summary", {}, text.rounds.title), this.result);
    this.element.addEventListener("toggle", () => this.update());
  }

  /** @param {{name: string}[]} models Newest first. */
  offer(models) {
    this.names = models.slice(0, Rounds.most).map(({ name }) => name).reverse();
    this.element.hidden = models.length < 2;
    this.update();
  }

  async update() {
    if (!this.element.open || this.element.hidden) return;
    const turn = ++this.turn;
    try {
      const compared = await this.context.api.get(this.path, { query: { compare: this.names.join(",") } });
      if (turn === this.turn) this.show(compared);
    } catch (error) {
      if (turn === this.turn) fill(this.result, h("p", { class: "warning" }, error instanceof Error ? error.message : String(error)));
    }
  }

  /** @param {any} compared */
  show(compared) {
    const { models, lines, isSame } = roundLines(compared.models, this.names);
    if (models.length === 0) return fill(this.result, h("p", { class: "faint" }, text.rounds.none));
    const head = [text.report.model, ...lines.map(({ name }) => name)];
    const rows = models.map(({ model }, round) => [model, ...lines.map(({ values }) => ({ number: share(values[round]) }))]);
    fill(this.result, h("p", { class: "faint" }, text.rounds.hint),
      isSame ? null : h("p", { class: "warning" }, text.compare.notSame),
      models.length > 1 ? this.plot(lines) : null, table(head, rows, text.rounds.title),
      ...compared.warnings.map((/** @type {string} */ words) => h("p", { class: "warning" }, words)));
  }

  /** @param {RoundLine[]} lines */
  plot(lines) {
    const last = Math.max(1, lines[0].values.length - 1);
    const x = (/** @type {number} */ round) => left + (round / last) * (width - left - right);
    const y = (/** @type {number} */ iou) => height - bottom - iou * (height - top - bottom);
    // The mean goes over the classes.
    const drawn = [...lines.slice(1), lines[0]].flatMap((line) => {
      const color = line === lines[0] ? "currentColor" : (this.colors.get(line.name) ?? "#888888");
      const places = line.values.flatMap((iou, round) => (iou === null ? [] : [`${x(round).toFixed(1)} ${y(iou).toFixed(1)}`]));
      return [
        svg("path", { d: `M${places.join("L")}`, stroke: color, "stroke-width": line === lines[0] ? 2 : 1.4 }, svg("title", {}, line.name)),
        ...places.map((place) => svg("circle", { cx: place.split(" ")[0], cy: place.split(" ")[1], r: 2, fill: color })),
      ];
    });
    const said = lines.map(({ name, values }) => `${name}: ${values.map(share).join(", ")}`).join("; ");
    return svg("svg", { class: "rounds", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": said },
      svg("path", { class: "frame", d: `M${left} ${top}V${height - bottom}H${width - right}` }),
      svg("text", { x: 2, y: top + 6 }, "1"), svg("text", { x: 2, y: height - bottom }, "0"), ...drawn);
  }
}
