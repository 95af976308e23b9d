import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeContext, shown } from "../support/fake-dom.mjs";
import { text } from "../../../Sources/Page/support/text.js";
import { ClassEditor } from "../../../Sources/Page/manage/class-editor.js";
import { ModelsList } from "../../../Sources/Page/manage/models-list.js";
import { ProjectPage } from "../../../Sources/Page/manage/project-page.js";
import { VolumeCards } from "../../../Sources/Page/manage/volume-cards.js";
import { ProjectsPage } from "../../../Sources/Page/manage/projects-page.js";

const project = {
  name: "p", description: "tubules of the kidney", model: null,
  classes: [{ name: "wall", color: "#112233" }, { name: "gone", color: "#445566", removed: true }],
};

/** The page of a project without an image, for a role. */
async function page(role) {
  const context = fakeContext((method, path) => (path.endsWith("/p") ? project : []), role);
  const made = new ProjectPage(context, "p");
  shown(made.element);
  await made.load();
  return made;
}

test("a project without an image says what to do to those who may do it, and to others who may", async () => {
  assert.ok((await page("trainer")).element.textContent.includes(text.project.none));
  const seen = (await page("viewer")).element.textContent;
  assert.ok(!seen.includes(text.project.none) && seen.includes(text.project.noneSeen));
});

/** Slices as the server lists them: axis, role, voxels of a class, whether they were cleared. */
const slice = (axis, role, cell = 5, cleared = false) => ({ axis, role, cleared, voxels: { wall: 0, cell, unlabeled: 9 } });

const volume = {
  name: "v", version: "1", shape: { c: 1, z: 2, y: 3, x: 4 }, spacing: { z: 1, y: 1, x: 1, unit: null }, dtype: "uint8", bytes: 9, warnings: [],
};

/** What the card of a volume says, when it has asked. */
async function card(revisions, contents, pinned = null) {
  const context = fakeContext((method, path) => path.endsWith("/p") ? { ...project, model: pinned } : path.endsWith("/volumes") ? [volume]
    : path.endsWith("/annotations") ? revisions : path.endsWith("/bricks") ? contents : []);
  const cards = new VolumeCards(context, "p");
  shown(cards.element);
  await cards.load();
  await new Promise(setImmediate);
  return { cards, context };
}

test("a volume says what is annotated of it, by axis and with those for a test, and which model has predicted it", async () => {
  const none = (await card([], [{ of: "image", model: null }])).cards.element.textContent;
  assert.ok(none.includes("Not annotated yet") && none.includes("Not predicted yet"));
  const revisions = [slice("z", "train"), slice("z", "test"), slice("x", "train"), slice("y", "train", 0), slice("y", "train", 5, true)];
  const some = (await card(revisions, [{ of: "image", model: null }, { of: "prediction", model: "two" }])).cards.element.textContent;
  assert.ok(some.includes("3 slices annotated (z 2, x 1), 1 kept for a test") && some.includes("Predicted by two"));
  assert.ok((await card([], [], "one")).cards.element.textContent.includes("Not predicted by one yet"));
});

test("a volume of which nothing can be told now is shown all the same, with what was told last", async () => {
  const { cards, context } = await card([slice("z", "train")], []);
  const { get } = context.api;
  context.api.get = async (path, more) => {
    if (path.endsWith("/annotations")) throw new Error("busy");
    return get(path, more);
  };
  await cards.load();
  await new Promise(setImmediate);
  assert.ok(cards.element.textContent.includes("1 slice annotated (z 1)"));
  assert.deepEqual(context.told, []);
});

test("what volumes say is asked for anew when a job has ended", async () => {
  let state = "running";
  const context = fakeContext((method, path) => {
    if (path.endsWith("/volumes")) return [volume];
    if (path.endsWith("/bricks")) return state === "running" ? [] : [{ of: "prediction", model: "two" }];
    const job = { id: 1, kind: "predict", state, created: "2026-01-31T12:00:00Z", error: null, progress: {}, result: null, request: {} };
    return path.endsWith("/p") ? project : path.endsWith("/jobs") ? [job] : [];
  });
  const made = new ProjectPage(context, "p");
  await made.load();
  await new Promise(setImmediate);
  assert.ok(made.volumes.element.textContent.includes("Not predicted yet"));
  state = "succeeded";
  await made.jobs.load();
  assert.ok(made.volumes.element.textContent.includes("Predicted by two"));
  made.close();
});

test("a project's description is shown, and to those who may not change them only classes that are not removed", async () => {
  const { textContent } = (await page("viewer")).element;
  assert.ok(textContent.includes("tubules of the kidney") && textContent.includes("wall") && !textContent.includes("gone"));
});

test("a project whose volumes can't be counted does not hide the others", async () => {
  const context = fakeContext((method, path) => {
    if (path !== "v1/projects") throw new Error("gone");
    return [project, { ...project, name: "q" }];
  });
  const made = new ProjectsPage(context);
  await made.load();
  assert.ok(made.list.textContent.includes("p") && made.list.textContent.includes("q"));
});

test("a project is made once, however often its button is pressed", async () => {
  let count = 0;
  const made = new ProjectsPage(fakeContext((method) => (method === "PUT" ? new Promise(() => count++) : [])));
  const form = made.element.querySelector("form");
  form.dispatch("submit");
  form.dispatch("submit");
  await new Promise(setImmediate);
  assert.equal(count, 1);
});

test("whoever takes a class out of the list stays in it", async () => {
  const editor = new ClassEditor();
  shown(editor.element);
  editor.add();
  await editor.element.named("Remove class without a name")[0].click();
  assert.ok(editor.list.contains(document.activeElement));
});

const model = (name, more = {}) => ({
  name, parent: null, state: "succeeded", created: "2026-01-31T12:00:00Z", bytes: 9, trained_on: { v: [{}, {}] }, metrics: null, ...more,
});

test("a model has its origin beside it, and predicts all volumes when that is asked for", async () => {
  const asked = [];
  let isLoaded = false;
  const context = fakeContext((method, path, query, body) => {
    if (method === "POST") asked.push([path, body]);
    return method === "POST" ? { id: 7 } : path.endsWith("/models") ? [model("two", { parent: "one" }), model("one", { state: "failed" })] : project;
  });
  const list = new ModelsList(context, "p", async () => (isLoaded = true));
  shown(list.element);
  await list.load();
  const rows = list.table.element.querySelectorAll("tr").map((row) => row.children.map((cell) => cell.textContent));
  assert.deepEqual([rows[1][0], rows[1][2], rows[1][3]], ["two", "one", "2"]);
  assert.equal(rows[2][0], "one (cut short)");
  await list.element.named("Predict all volumes by two")[0].click();
  assert.deepEqual(asked, [["v1/projects/p/jobs", { kind: "predict", model: "two" }]]);
  assert.ok(isLoaded && context.told[0].includes("job 7"));
});

test("a viewer may download models, and neither remove, pin nor bring them", async () => {
  const context = fakeContext((method, path) => (path.endsWith("/models") ? [model("one")] : project), "viewer");
  const list = new ModelsList(context, "p", async () => {});
  await list.load();
  assert.deepEqual(list.element.querySelectorAll("button").map(({ textContent }) => textContent), ["Download model"]);
});

test("the fields of a package are asked for only where one is made", async () => {
  const context = fakeContext((method, path) => (path.endsWith("/models") ? [model("one")] : project));
  const { files } = new ModelsList(context, "p", async () => {});
  assert.ok(files.scaling.hidden && files.package.hidden);
  await files.format.choose("onnx");
  assert.ok(!files.scaling.hidden && files.package.hidden);
  await files.format.choose("bioimageio");
  assert.ok(!files.scaling.hidden && !files.package.hidden);
});
