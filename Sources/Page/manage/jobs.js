import { API, APIError, OfflineError } from "../support/api.js";
import { button, fill, h, once } from "../support/dom.js";
import { LongTable } from "../support/long-table.js";
import { text } from "../support/text.js";
import { duration, moment, share } from "../support/units.js";
import { Workers } from "./workers.js";

/** The jobs of a project, newest first, with what became of them in words; looked at again while one is under way. */
export class Jobs {
  /**
   * @param {import("../application.js").Context} context
   * @param {string} project
   * @param {() => Promise<unknown>} onEnded A job has ended, and may have left a model.
   */
  constructor(context, project, onEnded) {
    this.context = context;
    this.path = API.path("v1", "projects", project, "jobs");
    this.onEnded = onEnded;
    this.table = new LongTable(text.jobs.title, 20);
    this.list = h("div", {});
    this.workers = new Workers(context);
    this.element = h("div", {}, this.list, this.workers.element);
    /**
     * Those that were under way when they were last looked at.
     * @type {Set<number>}
     */
    this.busy = new Set();
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    this.timer = undefined;
    this.isClosed = false;
  }

  async load() {
    clearTimeout(this.timer);
    const [jobs] = await Promise.all([this.context.api.get(this.path), this.workers.load()]);
    if (this.isClosed) return;
    this.show(jobs);
    const busy = new Set(jobs.filter(isBusy).map((/** @type {any} */ { id }) => id)), before = this.busy;
    this.busy = busy;
    clearTimeout(this.timer);
    if (busy.size > 0) this.lookSoon();
    if ([...before].some((id) => !busy.has(id))) await this.onEnded();
  }

  lookSoon() {
    this.timer = setTimeout(() => this.load().catch((error) => this.failed(error)), document.hidden ? 15000 : 3000);
  }

  /** @param {unknown} error */
  failed(error) {
    if (this.isClosed) return;
    // A server that is away comes back.
    if (error instanceof OfflineError || (error instanceof APIError && error.isPassing)) return this.lookSoon();
    this.context.announcer.error(error);
  }

  /** @param {any[]} jobs */
  show(jobs) {
    if (jobs.length === 0) return fill(this.list, h("p", { class: "faint" }, text.jobs.none));
    if (!this.table.element.isConnected) fill(this.list, this.table.element);
    const head = [text.jobs.number, text.jobs.kind, text.jobs.stateTitle, text.jobs.model, text.jobs.created, text.jobs.outcome, ""];
    this.table.show(head, jobs, (job) => [
      { number: String(job.id) }, text.jobs.kinds[job.kind] ?? job.kind, text.train.state(job.state), job.model ?? job.request?.model ?? "–",
      moment(job.created), this.outcome(job), this.actions(job),
    ]);
  }

  /** @param {any} job */
  outcome(job) {
    if (job.error) return h("span", { class: "warning" }, job.error);
    const { progress, result } = job;
    if (job.state === "queued" && job.slurm) return text.train.slurm(job.slurm);
    if (job.state === "running") return progress.eta === null || progress.eta === undefined ? "" : text.jobs.left(duration(progress.eta));
    if (typeof result?.heldout_iou === "number") return text.jobs.scored(share(result.heldout_iou), duration(result.seconds));
    return typeof result?.seconds === "number" ? duration(result.seconds) : "";
  }

  /** @param {any} job */
  actions(job) {
    if (!this.context.session.may("trainer")) return null;
    const act = (/** @type {string} */ words, /** @type {() => Promise<unknown>} */ run) => button(words, (event) =>
      once(/** @type {HTMLElement} */ (event.currentTarget), () => run().catch((error) => this.context.announcer.error(error))),
    { class: "quiet", "aria-label": text.jobs.act(words, job.id) });
    if (isBusy(job)) return act(text.common.cancel, () => this.post(job, "cancel"));
    return ["failed", "cancelled"].includes(job.state) ? act(text.common.retry, () => this.retry(job)) : null;
  }

  /**
   * @param {any} job
   * @param {"cancel"|"retry"} action
   * @param {import("../support/api.js").Query} [query]
   */
  async post(job, action, query) {
    await this.context.api.json("POST", `${this.path}/${job.id}/${action}`, undefined, { query });
    await this.load();
  }

  /**
   * Queues it again. A cancelled training may have left a model of its name: then another is asked for.
   * @param {any} job
   */
  async retry(job) {
    try {
      await this.post(job, "retry");
    } catch (error) {
      if (!(error instanceof APIError) || error.status !== 409 || !job.request?.name) throw error;
      const name = prompt(text.jobs.otherName(error.detail));
      if (name) await this.post(job, "retry", { name });
    }
  }

  close() {
    this.isClosed = true;
    clearTimeout(this.timer);
  }
}

/** @param {any} job */
function isBusy(job) {
  return ["queued", "running"].includes(job.state);
}
