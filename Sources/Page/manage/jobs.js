import { API } from "../support/api.js";
import { button, fill, h, table } from "../support/dom.js";
import { text } from "../support/text.js";
import { duration, moment, share } from "../support/units.js";

/** The jobs of a project, newest first, with what became of them in words; looked at again while one is under way. */
export class Jobs {
  /**
   * @param {import("../application.js").Context} context
   * @param {string} project
   */
  constructor(context, project) {
    this.context = context;
    this.path = API.path("v1", "projects", project, "jobs");
    this.element = h("div", {});
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    this.timer = undefined;
    this.isClosed = false;
  }

  async load() {
    const jobs = await this.context.api.get(this.path);
    if (this.isClosed) return;
    this.show(jobs.slice(0, 20));
    const isBusy = jobs.some((/** @type {any} */ job) => ["queued", "running"].includes(job.state));
    clearTimeout(this.timer);
    if (isBusy) this.timer = setTimeout(() => this.load().catch(() => (this.timer = undefined)), document.hidden ? 15000 : 3000);
  }

  /** @param {any[]} jobs */
  show(jobs) {
    if (jobs.length === 0) return fill(this.element, h("p", { class: "faint" }, text.jobs.none));
    fill(this.element, table([text.jobs.number, text.jobs.kind, text.jobs.stateTitle, text.jobs.model, text.jobs.created, text.jobs.outcome, ""],
      jobs.map((job) => [
        { number: String(job.id) }, text.jobs.kinds[job.kind] ?? job.kind, text.train.state(job.state), job.model ?? "–", moment(job.created),
        this.outcome(job), this.actions(job),
      ]), text.jobs.title));
  }

  /** @param {any} job */
  outcome(job) {
    if (job.error) return h("span", { class: "warning" }, job.error);
    const { progress, result } = job;
    if (job.state === "running") return progress.eta === null || progress.eta === undefined ? "" : text.jobs.left(duration(progress.eta));
    if (typeof result?.heldout_iou === "number") return text.jobs.scored(share(result.heldout_iou), duration(result.seconds));
    return typeof result?.seconds === "number" ? duration(result.seconds) : "";
  }

  /** @param {any} job */
  actions(job) {
    if (!this.context.session.may("trainer")) return null;
    const act = (/** @type {string} */ action, /** @type {string} */ words) => button(words, async () => {
      try {
        await this.context.api.json("POST", `${this.path}/${job.id}/${action}`);
        await this.load();
      } catch (error) {
        this.context.announcer.error(error);
      }
    }, { class: "quiet", "aria-label": text.jobs.act(words, job.id) });
    if (["queued", "running"].includes(job.state)) return act("cancel", text.common.cancel);
    return ["failed", "cancelled"].includes(job.state) ? act("retry", text.common.retry) : null;
  }

  close() {
    this.isClosed = true;
    clearTimeout(this.timer);
  }
}
