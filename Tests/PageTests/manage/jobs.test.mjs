import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeContext, shown } from "../support/fake-dom.mjs";
import { Jobs } from "../../../Sources/Page/manage/jobs.js";
import { APIError, OfflineError } from "../../../Sources/Page/support/api.js";

const job = (id, state, more = {}) => ({
  id, kind: "train", state, model: null, created: "2026-01-31T12:00:00Z", error: null, progress: {}, result: null, request: {}, ...more,
});

/** The jobs of a server, and how often one was told to have ended. */
function jobs(answer) {
  const context = fakeContext((method, path, ...more) => (path === "v1/workers" ? [] : answer(method, path, ...more))), ended = [];
  const made = new Jobs(context, "p", async () => ended.push(true));
  shown(made.element);
  return { made, context, ended };
}

test("all jobs are within reach, however many there are", async () => {
  const { made } = jobs(() => Array.from({ length: 50 }, (_, number) => job(50 - number, "succeeded")));
  await made.load();
  assert.equal(made.element.querySelectorAll("tr").length, 21);
  assert.match(made.element.textContent, /20 of 50/);
  await made.element.named("Show more: Jobs")[0].click();
  assert.equal(made.element.querySelectorAll("tr").length, 51);
  made.close();
});

test("a job that ends is told, once", async () => {
  let state = "running";
  const { made, ended } = jobs(() => [job(1, state)]);
  await made.load();
  assert.equal(ended.length, 0);
  state = "succeeded";
  await made.load();
  await made.load();
  assert.equal(ended.length, 1);
  made.close();
});

test("a server that is away for a moment is asked again, and a token that is refused is told", async () => {
  const { made, context } = jobs(() => []);
  made.failed(new OfflineError(null));
  assert.ok(made.timer);
  clearTimeout(made.timer);
  made.timer = undefined;
  made.failed(new APIError(401, "no such token"));
  assert.deepEqual([made.timer, context.told], [undefined, ["no such token"]]);
  made.close();
});

test("a job that waits in Slurm says why, and one that runs there how long it has to go", async () => {
  const slurm = { job: 5, state: "FAILED", reason: "NonZeroExitCode", node: "n1" };
  const { made } = jobs(() => [job(2, "queued", { slurm }), job(1, "running", { slurm: { ...slurm, state: "RUNNING" }, progress: { eta: 60 } })]);
  await made.load();
  assert.match(made.element.textContent, /in Slurm: FAILED \(NonZeroExitCode\)/);
  assert.doesNotMatch(made.element.textContent, /RUNNING/);
  made.close();
});

test("a control keeps the focus while the list is looked at again", async () => {
  const { made } = jobs(() => [job(2, "running"), job(1, "running")]);
  await made.load();
  const cancel = made.element.named("Cancel: job 1")[0];
  cancel.focus();
  await made.load();
  assert.notEqual(document.activeElement, cancel);
  assert.equal(document.activeElement.getAttribute("aria-label"), "Cancel: job 1");
  made.close();
});

test("a cancelled training whose model has its name is queued again under another", async () => {
  const asked = [];
  globalThis.prompt = () => "second";
  const { made } = jobs((method, path, query) => {
    if (method === "GET") return [job(1, "cancelled", { request: { name: "first" } })];
    asked.push(query);
    if (!query.name) throw new APIError(409, "there is a model first");
    return {};
  });
  await made.load();
  await made.element.named("Try again: job 1")[0].click();
  assert.deepEqual(asked, [{}, { name: "second" }]);
  made.close();
});

test("a button that is pressed twice asks once", async () => {
  let count = 0, release = () => {};
  const { made } = jobs((method) => {
    if (method === "GET") return [job(1, "running")];
    count++;
    return new Promise((resolve) => (release = resolve));
  });
  await made.load();
  const cancel = made.element.named("Cancel: job 1")[0];
  const first = cancel.click();
  await cancel.click();
  await new Promise(setImmediate);
  assert.equal(count, 1);
  release({});
  await first;
  made.close();
});
