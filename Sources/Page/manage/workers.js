import { fill, h } from "../support/dom.js";
import { LongTable } from "../support/long-table.js";
import { text } from "../support/text.js";
import { duration, number } from "../support/units.js";

/** The machines that compute the server's jobs, and what each does; nothing where there are none, or who may not know of them. */
export class Workers {
  /** @param {import("../application.js").Context} context */
  constructor(context) {
    this.context = context;
    this.table = new LongTable(text.workers.title, 20);
    this.element = h("div", {});
  }

  async load() {
    const { api, session } = this.context;
    if (session.may("annotator")) this.show(await api.get("v1/workers"));
  }

  /** @param {any[]} workers */
  show(workers) {
    if (workers.length === 0) return fill(this.element);
    if (!this.table.element.isConnected) fill(this.element, h("h2", {}, text.workers.title), this.table.element);
    const { name, host, does, heard } = text.workers;
    this.table.show([name, host, does, heard], workers, (worker) => [worker.name, worker.host, this.work(worker.job), this.heard(worker.seen)]);
  }

  /** @param {any} job */
  work(job) {
    if (!job) return text.workers.waits;
    const kind = text.workers.units[job.kind] ?? text.jobs.kinds[job.kind] ?? job.kind;
    return text.workers.job(kind, job.id, job.project)
      + (job.attempt > 1 ? text.workers.again(job.attempt) : "")
      + (job.steps_per_second === null ? "" : text.workers.rate(number(job.steps_per_second, 3)));
  }

  /** @param {string} time */
  heard(time) {
    const seconds = (Date.now() - Date.parse(time)) / 1000;
    return seconds < 10 ? text.workers.now : text.workers.ago(duration(seconds));
  }
}
