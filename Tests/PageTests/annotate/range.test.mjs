import assert from "node:assert/strict";
import test from "node:test";
import { AnnotationService, ReplacedError } from "../../../Sources/Page/annotate/saving/annotation-service.js";
import { AnnotationStore } from "../../../Sources/Page/annotate/annotation-store.js";
import { MemoryJournal } from "../../../Sources/Page/annotate/saving/memory-journal.js";
import { saveFailure } from "../../../Sources/Page/annotate/saving/save-failure.js";
import { interpolate, SliceBlend } from "../../../Sources/Page/annotate/shapes/interpolation.js";
import { SliceRange } from "../../../Sources/Page/annotate/slice-range.js";
import { FakeClock, FakeServer, FakeTabs, settled } from "./fake-server.mjs";
import { APIError } from "../../../Sources/Page/support/api.js";

const rows = 6, columns = 8, plane = { rows, columns, count: 30 };
const square = (size) => Uint8Array.from({ length: rows * columns }, (_, place) =>
  Math.floor(place / columns) < size && place % columns < size ? 1 : 0);

/** An annotator as far as a range needs one, with slices of axis z that are annotated. */
async function annotator(slices, index) {
  const server = new FakeServer(rows, columns), clock = new FakeClock(), tabs = new FakeTabs([]);
  for (const [slice, { labels, role }] of Object.entries(slices)) server.store("z", Number(slice), labels, role);
  const store = new AnnotationStore({
    service: server, journal: new MemoryJournal(), tabs, clock, planes: { z: plane, y: plane, x: plane },
    place: { root: "/", project: "p", volume: "v", sha256: "s", author: "anna" },
    classes: ["background", "cell"].map((name) => ({ name, color: "#000000" })),
  });
  await store.start();
  const said = [];
  return {
    server, store, said, announce: (words) => said.push(words), active: { axis: "z", index }, tools: new Map(),
    settings: { isMasked: false }, sources: { painting: () => null },
    annotated: () => Object.entries(slices).map(([slice, { role }]) => ({ index: Number(slice), role })),
  };
}

const range = (made) => new SliceRange({ annotator: made });

test("a slice lies between the nearest that may be gone by, and annotated ones between them are left out", () => {
  assert.deepEqual(SliceRange.between(5, [2, 8, 20], [2, 6, 8, 20]), { before: 2, after: 8, slices: [3, 4, 5, 7] });
  assert.deepEqual(SliceRange.between(2, [2, 5], [2, 5]), { before: 2, after: 5, slices: [3, 4] });
  assert.deepEqual(SliceRange.between(5, [2, 5], [2, 5]), { before: 2, after: 5, slices: [3, 4] });
  assert.equal(SliceRange.between(9, [2, 5], [2, 5]), null);
  assert.equal(SliceRange.between(3, [], []), null);
});

test("all slices between two are annotated and saved, each as it would be alone", async () => {
  const made = await annotator({ 2: { labels: square(1), role: "train" }, 7: { labels: square(5), role: "train" } }, 4);
  await range(made).interpolate();
  await settled();
  for (let slice = 3; slice < 7; slice++) {
    const alone = await interpolate(square(1), square(5), (slice - 2) / 5, columns, { rowAspect: 1, columnAspect: 1 });
    assert.deepEqual(made.server.now("z", slice).labels, alone, `slice ${slice}`);
  }
  assert.equal(made.server.posts.length, 4);
  assert.match(made.said.at(-1), /4 slices/);
  const document = await made.store.open("z", 5);
  made.store.step(document, "undo");
  assert(document.labels.isEmpty);
});

test("slices kept for a test are neither gone by nor changed", async () => {
  const made = await annotator({
    2: { labels: square(1), role: "train" }, 4: { labels: square(3), role: "test" }, 6: { labels: square(5), role: "train" },
  }, 3);
  await range(made).interpolate();
  await settled();
  assert.deepEqual(made.server.posts.map(({ index }) => index).sort(), [3, 5]);
  assert.deepEqual(made.server.now("z", 4).labels, square(3));
});

test("what somebody else has annotated meanwhile is left alone", async () => {
  const made = await annotator({ 2: { labels: square(1), role: "train" }, 5: { labels: square(5), role: "train" } }, 3);
  made.server.store("z", 4, square(2));
  await made.store.list();
  await range(made).interpolate();
  await settled();
  assert.deepEqual(made.server.posts.map(({ index }) => index), [3]);
  assert.deepEqual(made.server.now("z", 4).labels, square(2));
});

test("outside of two annotated slices nothing is done, and said", async () => {
  const made = await annotator({ 2: { labels: square(1), role: "train" } }, 4);
  await range(made).interpolate();
  assert.equal(made.server.posts.length, 0);
  assert.match(made.said.at(-1), /not lie between/);
});

test("the ends of a blend are the slices themselves", async () => {
  const blend = await SliceBlend.of(square(2), square(5), columns, { rowAspect: 2, columnAspect: 1 });
  assert.deepEqual(blend.at(0), square(2));
  assert.deepEqual(blend.at(1), square(5));
});

for (const keepalive of [false, true]) {
  test(`an image that took the place of another refuses its strokes, which are kept${keepalive ? ", also as the page is left" : ""}`, async () => {
    let image = "seen", told = 0;
    const asked = [];
    const answer = async (query) => {
      asked.push(query["if-image"]);
      if (query["if-image"] !== image) throw new APIError(409, "the volume has another image now", "if-image");
      return { axis: "z", index: 1, revision: 5 };
    };
    const api = { post: (path, body, { query }) => answer(query), json: (method, path, value, { query }) => answer(query) };
    const service = new AnnotationService(api, "p", "v", "seen");
    service.onReplaced = () => told++;
    const document = { axis: "z", index: 1, revision: 0 };
    const request = { key: "k", rect: { row: 0, column: 0, rows: 1, columns: 1 }, values: "0:a" };
    const post = () => service.post(document, request, new Uint8Array(1), keepalive);
    assert.equal((await post()).revision, 5);
    image = "other";
    const failure = await post().catch((error) => error);
    assert(failure instanceof ReplacedError);
    assert.equal(saveFailure(failure).kind, "again");
    assert.match(saveFailure(failure).reason, /replaced/);
    await assert.rejects(service.restore("z", 1, 2, 3, "k"), ReplacedError);
    await assert.rejects(service.setRole("z", 1, "test", 3), ReplacedError);
    assert.deepEqual(asked, ["seen", "seen", "seen", "seen"]);
    assert.equal(told, 3);
  });
}
