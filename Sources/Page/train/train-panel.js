import { API } from "../support/api.js";
import { button, choice, field, fill, h } from "../support/dom.js";
import { text } from "../support/text.js";
import { duration } from "../support/units.js";
import { CurvePlot } from "./curve-plot.js";
import { JobWatch } from "./job-watch.js";

/** @typedef {import("../application.js").Context} Context */

/**
 * Budgets in words.
 * @type {Record<string, {request: object, holdout?: boolean}>}
 */
const budgets = {
  quick: { request: { recipe: "fast", budget: { seconds: 20 } } },
  minute: { request: { budget: { seconds: 60 } } },
  usual: { request: {} },
  long: { request: { recipe: "accurate" } },
  best: { request: { budget: { seconds: 3600 } }, holdout: true },
};

/**
 * The button that trains, and what it is doing.
 *
 * Dispatches `predicting` (`detail` is the model's name: its prediction of a slice can be asked for), and `trained` (`detail`
 * is the job, when it has ended).
 */
export class TrainPanel extends EventTarget {
  /**
   * @param {Context} context
   * @param {string} project
   * @param {string} volume
   * @param {() => {axis: string, index: number, role: string}[]} annotated
   * @param {() => Promise<void>} save Sends what is painted and not yet on the server.
   */
  constructor(context, project, volume, annotated, save) {
    super();
    this.context = context;
    this.project = project;
    this.volume = volume;
    this.annotated = annotated;
    this.save = save;
    this.path = API.path("v1", "projects", project, "jobs");
    /** @type {JobWatch|null} */
    this.watch = null;
    this.budget = choice(text.train.budget, Object.keys(budgets).map((key) => [key, text.train.budgets[key]]), "minute");
    this.from = choice(text.train.from, [["latest", text.train.latest], ["scratch", text.train.scratch]], "latest");
    this.train = button(text.train.train, () => this.start(), { class: "main", "aria-keyshortcuts": "T" });
    this.cancel = button(text.train.cancel, () => this.stop(), { hidden: true });
    this.predict = button(text.train.predict, () => this.startPredicting(), { hidden: true, title: text.train.predictHint });
    /**
     * The model that is to predict; null for the server's choice.
     * @type {string|null}
     */
    this.model = null;
    this.progress = h("progress", { max: 1, value: 0, hidden: true, "aria-label": text.train.progress });
    this.words = h("p", { class: "faint", "data-job": "" });
    this.logs = h("ul", { class: "logs" });
    this.counts = h("p", { class: "faint" });
    this.plot = new CurvePlot();
    const isAllowed = context.session.may("trainer");
    this.element = h("div", { class: "panel train" },
      isAllowed ? h("div", {},
        this.counts, field(text.train.budget, this.budget), field(text.train.from, this.from),
        h("div", { class: "row" }, this.train, this.predict, this.cancel)) : h("p", { class: "faint" }, text.train.notAllowed),
      this.progress, this.words, this.plot.element, this.logs);
    this.plot.element.setAttribute("hidden", "");
  }

  /** Shows a training of this project, or a prediction of this volume, that is under way. */
  async resume() {
    const jobs = await this.context.api.get(this.path);
    const mine = jobs.filter((/** @type {any} */ { state, kind, request }) => ["running", "queued"].includes(state)
      && (kind === "train" || (kind === "predict" && (request.volumes ?? [this.volume]).includes(this.volume))));
    const job = mine.find((/** @type {any} */ { state }) => state === "running") ?? mine.at(-1);
    if (job) await this.follow(job);
  }

  /** Tells what there is to learn from. */
  count() {
    const slices = this.annotated(), tests = slices.filter(({ role }) => role === "test").length;
    this.counts.textContent = text.train.counts(slices.length - tests, tests);
  }

  /**
   * Offers to predict the volume.
   * @param {boolean} isOffered Whether there is a model that has not.
   * @param {string|null} model
   */
  offer(isOffered, model) {
    this.model = model;
    this.predict.hidden = !isOffered;
  }

  /** Has all of the volume predicted, by a model that may have learned from others. */
  async startPredicting() {
    if (this.train.disabled) return;
    this.busy(true);
    try {
      const job = await this.context.api.json("POST", this.path, { kind: "predict", model: this.model ?? "latest", volumes: [this.volume] });
      await this.follow(job);
    } catch (error) {
      this.failed(error);
    }
  }

  async start() {
    if (this.train.disabled) return;
    this.train.disabled = true;
    try {
      await this.save();
      const slices = this.annotated();
      if (slices.length === 0) throw new Error(text.train.nothing);
      const { request, holdout } = budgets[this.budget.value];
      const hasTest = slices.some(({ role }) => role === "test"), count = slices.length;
      const isMeasured = !hasTest && (count >= 5 || (holdout && count >= 2));
      const job = await this.context.api.json("POST", this.path, {
        kind: "train", from: this.from.value, ...request,
        ...(isMeasured ? { holdout: { fraction: 0.2, seed: 1 } } : {}),
      });
      this.context.announcer.say(text.train.queued);
      await this.follow(job);
    } catch (error) {
      this.failed(error);
    }
  }

  /** @param {unknown} error */
  failed(error) {
    this.busy(false);
    this.words.textContent = error instanceof Error ? error.message : String(error);
    this.context.announcer.error(error);
  }

  async stop() {
    if (!this.watch) return;
    this.cancel.disabled = true;
    try {
      await this.context.api.json("POST", `${this.watch.path}/cancel`);
    } catch (error) {
      this.context.announcer.error(error);
    }
  }

  /** @param {any} job */
  async follow(job) {
    this.watch?.close();
    this.plot.points.clear();
    this.plot.steps = null;
    fill(this.logs);
    this.busy(true);
    const isTraining = job.kind === "train";
    this.cancel.textContent = isTraining ? text.train.cancel : text.train.cancelPrediction;
    this.plot.element.toggleAttribute("hidden", !isTraining);
    this.words.textContent = text.train.state(job.state);
    let { state } = job;
    const watch = new JobWatch(this.context.api, this.project, job.id);
    this.watch = watch;
    let phase = "";
    watch.addEventListener("progress", (event) => {
      const progress = /** @type {CustomEvent} */ (event).detail;
      this.show(progress);
      if (progress.phase === phase) return;
      phase = progress.phase;
      if (phase === "predicting" && isTraining) this.predicting(job.id);
    });
    watch.addEventListener("log", (event) => this.log(/** @type {CustomEvent} */ (event).detail));
    watch.addEventListener("state", (event) => {
      state = /** @type {CustomEvent} */ (event).detail.state;
      this.words.textContent = text.train.state(state);
    });
    watch.addEventListener("slurm", (event) => {
      if (state === "queued") this.words.textContent = text.train.slurm(/** @type {CustomEvent} */ (event).detail);
    });
    watch.addEventListener("offline", () => (this.words.textContent = text.common.offline));
    watch.addEventListener("ended", (event) => this.ended(/** @type {CustomEvent} */ (event).detail));
  }

  /**
   * The training is over and its model there, though the job has not ended: slices can be asked for.
   * @param {number} id
   */
  async predicting(id) {
    const models = await this.context.api.get(API.path("v1", "projects", this.project, "models")).catch(() => []);
    const model = models.find((/** @type {any} */ model) => model.job === id);
    if (model) this.dispatchEvent(new CustomEvent("predicting", { detail: model.name }));
  }

  /** @param {boolean} isBusy */
  busy(isBusy) {
    this.train.disabled = this.predict.disabled = isBusy;
    this.cancel.hidden = !isBusy;
    this.cancel.disabled = false;
    this.progress.hidden = !isBusy;
    this.progress.removeAttribute("value");
  }

  /** @param {any} progress */
  show(progress) {
    const { phase, step, steps, eta, loss, fraction } = progress;
    const share = phase === "predicting" ? fraction : steps ? step / steps : null;
    if (share === null || share === undefined) this.progress.removeAttribute("value");
    else this.progress.value = share;
    this.words.textContent = phase === "predicting"
      ? text.train.predicting(fraction ?? 0, progress.volume)
      : text.train.training(step, steps, loss, eta === null || eta === undefined ? null : duration(eta));
    if (phase === "training" && step > 0) {
      this.plot.steps = steps ?? null;
      this.plot.add(progress);
    }
  }

  /** @param {string} message */
  log(message) {
    const isWarning = message.startsWith("warning:"), words = message.replace(/^warning: */, "");
    // The result says once more what it was warned of on the way.
    if ([...this.logs.children].some(({ textContent }) => textContent === words)) return;
    this.logs.append(h("li", { class: isWarning ? "warning" : "faint" }, words));
    this.logs.scrollTop = this.logs.scrollHeight;
  }

  /** @param {any} job */
  ended(job) {
    this.watch = null;
    this.busy(false);
    const words = !job ? text.train.gone
      : job.kind === "predict" ? text.train.predicted(job.state, job.error) : text.train.ended(job.state, job.error, job.result);
    this.words.textContent = words;
    this.context.announcer.note(words);
    for (const warning of job?.result?.warnings ?? []) this.log(`warning: ${warning}`);
    if (job) this.dispatchEvent(new CustomEvent("trained", { detail: job }));
  }

  close() {
    this.watch?.close();
  }
}
