import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeContext, shown } from "../support/fake-dom.mjs";
import { APIError } from "../../../Sources/Page/support/api.js";
import { text } from "../../../Sources/Page/support/text.js";
import { TrainPanel } from "../../../Sources/Page/train/train-panel.js";

Object.assign(document, { addEventListener() {}, removeEventListener() {} });

/** A panel on a server whose jobs end at once; and what it was asked for. */
function panel({ jobs = [], annotated = [], role = "admin", end = { state: "succeeded" } } = {}) {
  const posted = [];
  const context = fakeContext((method, path, query, body) => {
    if (method === "POST") {
      posted.push(body);
      return { id: 7, state: "queued", ...body };
    }
    if (path.endsWith("/jobs")) return jobs;
    if (end instanceof Error) throw end;
    return { id: 7, kind: posted.at(-1)?.kind ?? "train", error: null, result: null, ...end };
  }, role);
  context.api.events = async () => "";
  const made = new TrainPanel(context, "p", "v", () => annotated, async () => {});
  shown(made.element);
  return { made, posted, context };
}

const ended = (made) => new Promise((resolve) => made.addEventListener("trained", ({ detail }) => resolve(detail)));

test("a volume that the model has not learned from is predicted when that is asked for, by the chosen model", async () => {
  for (const model of [null, "older"]) {
    const { made, posted } = panel(), over = ended(made);
    assert.ok(made.predict.hidden);
    made.offer(true, model);
    assert.ok(!made.predict.hidden);
    await made.predict.click();
    assert.equal((await over).kind, "predict");
    assert.deepEqual(posted, [{ kind: "predict", model: model ?? "latest", volumes: ["v"] }]);
    assert.equal(made.words.textContent, text.train.predicted("succeeded", null));
    assert.ok(!made.train.disabled && made.cancel.hidden);
  }
});

test("a prediction that is under way is shown, one of another volume is not", async () => {
  const job = (id, volumes) => ({ id, kind: "predict", state: "running", request: { volumes } });
  for (const [volumes, isMine] of [[["v", "w"], true], [undefined, true], [["w"], false]]) {
    const { made } = panel({ jobs: [job(7, volumes)], end: { state: "running" } });
    await made.resume();
    assert.equal(made.watch !== null, isMine);
    assert.equal(made.cancel.textContent, isMine ? text.train.cancelPrediction : text.train.cancel);
    made.close();
  }
});

test("a training that Slurm lets wait says why, until it runs", async () => {
  const { made, context } = panel({ annotated: [{ role: "train" }], end: { state: "queued" } });
  let tell = () => {};
  context.api.events = async (path, { onEvent }) => {
    tell = (type, data) => onEvent({ id: "1", type, data: JSON.stringify(data) });
    return new Promise(() => {});
  };
  await made.train.click();
  tell("slurm", { job: 5, state: "PENDING", reason: "Priority", node: null });
  assert.equal(made.words.textContent, "Waiting in Slurm (Priority)");
  tell("slurm", { job: null, state: "refused", reason: "no such partition", node: null });
  assert.match(made.words.textContent, /does not take the job \(no such partition\)/);
  tell("state", { state: "running" });
  tell("slurm", { job: 5, state: "RUNNING", reason: null, node: "n1" });
  assert.equal(made.words.textContent, text.train.state("running"));
  made.close();
});

test("a job that is gone is no server that does not answer", async () => {
  const { made } = panel({ annotated: [{ role: "train" }], end: new APIError(404, "no such job") });
  await made.train.click();
  await made.watch?.ended;
  await new Promise(setImmediate);
  assert.equal(made.words.textContent, text.train.gone);
});

test("what there is to learn from is counted, and what to do first is said where there is nothing", () => {
  const { made } = panel({ annotated: [{ role: "train" }, { role: "test" }, { role: "train" }] });
  made.count();
  assert.match(made.counts.textContent, /2 slices are learned from, 1 kept/);
  const empty = panel().made;
  empty.count();
  assert.match(empty.counts.textContent, /Paint some voxels/);
});

test("whoever may not train is offered neither training nor prediction", () => {
  const { made } = panel({ role: "annotator" });
  made.offer(true, null);
  assert.deepEqual(made.element.querySelectorAll("button"), []);
  assert.ok(made.element.textContent.includes(text.train.notAllowed));
});
