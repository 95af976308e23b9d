import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeContext, shown } from "../support/fake-dom.mjs";
import { Workers } from "../../../Sources/Page/manage/workers.js";

const worker = (name, job = null, ago = 0) => ({
  name, host: `${name}.lab`, version: "1", processor: "avx2", threads: 8, job, seen: new Date(Date.now() - ago * 1000).toISOString(),
});

/** What is shown of the workers of a server, and what it was asked for. */
async function workers(answer, role) {
  const asked = [];
  const made = new Workers(fakeContext((method, path) => {
    asked.push(path);
    return answer;
  }, role));
  shown(made.element);
  await made.load();
  return { made, asked, rows: made.element.querySelectorAll("tr").map((row) => row.children.map((cell) => cell.textContent)) };
}

test("a worker stands there with its machine, what it computes, and when it was heard of", async () => {
  const training = { project: "p", id: 7, kind: "train", attempt: 2, expires: "", steps_per_second: 12.345 };
  const prediction = { ...training, kind: "predict", attempt: 1, steps_per_second: null };
  const { rows } = await workers([worker("ws1", training), worker("ws2", prediction, 30), worker("ws3", null, 3700),
    worker("ws4", { ...prediction, kind: "trial" })]);
  assert.deepEqual(rows.slice(1), [
    ["ws1", "ws1.lab", "Training, job 7 of p, attempt 2, 12.3 steps/s", "now"],
    ["ws2", "ws2.lab", "Prediction, job 7 of p", "30 s ago"],
    ["ws3", "ws3.lab", "waits for a job", "1 h 2 min ago"],
    ["ws4", "ws4.lab", "Run of an experiment, job 7 of p", "now"],
  ]);
});

test("where there are none nothing is said of them, and a viewer does not ask", async () => {
  const none = await workers([]);
  assert.equal(none.made.element.textContent, "");
  const viewer = await workers([worker("ws1")], "viewer");
  assert.deepEqual([viewer.asked, viewer.made.element.textContent], [[], ""]);
});

test("the list is gone again once no worker was heard of for long", async () => {
  const { made } = await workers([worker("ws1")]);
  assert.match(made.element.textContent, /ws1\.lab/);
  made.show([]);
  assert.equal(made.element.textContent, "");
  made.show([worker("ws2")]);
  assert.match(made.element.textContent, /Workers.*ws2\.lab/);
});
