import assert from "node:assert/strict";
import test from "node:test";
import { AnnotationStore } from "../../../Sources/Page/annotate/annotation-store.js";
import { MemoryJournal } from "../../../Sources/Page/annotate/saving/memory-journal.js";
import { SliceDocument } from "../../../Sources/Page/annotate/slice-document.js";
import { FakeClock, FakeServer, FakeTabs, refusal, settled } from "./fake-server.mjs";

const rows = 6, columns = 8, plane = { rows, columns, count: 9 };
const classes = ["background", "cell", "wall"].map((name) => ({ name, color: "#000000" }));

/** A browser with a journal that outlives its tabs. */
class Browser {
  constructor(server = new FakeServer(rows, columns)) {
    this.server = server;
    this.journal = new MemoryJournal();
    // As a database does, the journal keeps copies.
    const put = this.journal.put.bind(this.journal);
    this.journal.put = (record, write) => put(structuredClone(record), write && structuredClone(write));
    this.tabs = [];
  }

  async open({ author = "anna", sha256 = "s", version = "v" } = {}) {
    const tabs = new FakeTabs(this.tabs), clock = new FakeClock();
    const place = { root: "/", project: "p", volume: "v", sha256, version, author };
    const store = new AnnotationStore({
      service: this.server, journal: this.journal, tabs, place, planes: { z: plane, y: plane, x: plane }, classes, clock,
    });
    tabs.onnews = (news) => store.heard(news);
    store.start().catch(() => {});
    await settled();
    return { store, clock, tabs, close: () => this.close(store, tabs, clock) };
  }

  close(store, tabs, clock) {
    tabs.close();
    clock.timers = [];
    store.service = store.sync.service = { post: () => new Promise(() => {}), current: () => new Promise(() => {}), list: () => new Promise(() => {}) };
    store.keeper.journal = new MemoryJournal();
  }
}

/** Draws a stroke along a row. */
function stroke({ store }, document, row, start, end, label) {
  document.begin();
  document.labels.paint(row, start, end, label);
  const patch = document.end();
  if (patch) store.edited(document, patch);
}

const row = (labels, number) => Array.from(labels.subarray(number * columns, (number + 1) * columns), (label) => (label === 255 ? "." : label)).join("");
const journaled = (browser) => browser.journal.slices.size;

test("a stroke is in the journal at once and on the server 1.5 s later, as its smallest region", async () => {
  const browser = new Browser(), tab = await browser.open(), { server } = browser;
  const document = await tab.store.open("z", 3);
  stroke(tab, document, 2, 1, 5, 1);
  assert.equal(journaled(browser), 1);
  assert.equal(document.state, "unsaved");
  await tab.clock.pass(1400);
  assert.equal(server.posts.length, 0);
  await tab.clock.pass(200);
  assert.deepEqual(server.posts[0].rect, { row: 2, column: 1, rows: 1, columns: 4 });
  assert.equal(server.posts[0].revision, 0);
  assert.equal(row(server.now("z", 3).labels, 2), ".1111...");
  assert.equal(document.state, "saved");
  assert.equal(journaled(browser), 0);
});

test("what is too much for one request goes in several, also when mine is posted before theirs", async () => {
  const { largest } = SliceDocument;
  SliceDocument.largest = 17;
  try {
    const { tab, server, document } = await clashing();
    stroke(tab, document, 1, 0, 8, 1);
    stroke(tab, document, 3, 0, 8, 1);
    stroke(tab, document, 5, 0, 8, 1);
    const before = server.stored.length;
    await tab.store.choose(document, "theirs");
    await tab.clock.pass(3000);
    assert.equal(document.state, "saved");
    assert.deepEqual(server.now("z", 2).labels, document.labels.values);
    assert(server.posts.every(({ rect }) => rect.rows * rect.columns <= 17));
    assert.equal(row(server.stored[before].labels, 0), "11122...");
    assert.equal(row(server.now("z", 2).labels, 0), "11222...");
  } finally {
    SliceDocument.largest = largest;
  }
});

test("nothing is sent within a stroke, and strokes that follow soon go together", async () => {
  const browser = new Browser(), tab = await browser.open(), { server } = browser;
  const document = await tab.store.open("z", 0);
  stroke(tab, document, 0, 0, 2, 1);
  await tab.clock.pass(1000);
  document.begin();
  document.labels.paint(1, 0, 2, 1);
  await tab.clock.pass(60000);
  assert.equal(server.posts.length, 0);
  document.labels.paint(1, 2, 4, 1);
  tab.store.edited(document, document.end());
  await tab.clock.pass(1600);
  assert.equal(server.stored.length, 1);
  assert.equal(row(server.now("z", 0).labels, 1), "1111....");
});

test("a tab that is closed after a stroke has it when it is opened again, and it is stored once", async () => {
  const browser = new Browser(), { server } = browser;
  const first = await browser.open();
  stroke(first, await first.store.open("z", 1), 0, 0, 3, 2);
  await settled();
  first.close();
  const second = await browser.open();
  await second.clock.pass(2000);
  assert.equal(row((await second.store.open("z", 1)).labels.values, 0), "222.....");
  assert.equal(server.stored.length, 1);
  assert.equal(journaled(browser), 0);
});

test("a request whose answer was lost is recognised by its key when the tab is opened again", async () => {
  const browser = new Browser(), { server } = browser;
  const first = await browser.open();
  const document = await first.store.open("z", 1);
  stroke(first, document, 0, 0, 3, 2);
  server.mishaps = ["lost"];
  await first.clock.pass(1500);
  assert.equal(document.state, "offline");
  // Drawn over meanwhile: were the key not there, this would clash with what was stored.
  stroke(first, document, 0, 1, 2, 1);
  await settled();
  first.close();
  const second = await browser.open();
  await second.clock.pass(3000);
  const again = await second.store.open("z", 1);
  assert.equal(again.clashes, null);
  assert.equal(row(server.now("z", 1).labels, 0), "212.....");
  assert.equal(server.stored.length, 2);
  assert.equal(journaled(browser), 0);
});

test("a lost answer is found out by trying again, and nothing is stored twice", async () => {
  const browser = new Browser(), tab = await browser.open(), { server } = browser;
  const document = await tab.store.open("z", 1);
  stroke(tab, document, 0, 0, 3, 2);
  server.mishaps = ["lost", "offline"];
  await tab.clock.pass(1600);
  assert.equal(document.state, "offline");
  await tab.clock.pass(10000);
  assert.equal(document.state, "saved");
  assert.equal(server.stored.length, 1);
  assert.equal(new Set(server.posts.map(({ key }) => key)).size, 1);
});

test("while the server is away strokes are kept, said to be kept, and sent when it is back", async () => {
  const browser = new Browser(), tab = await browser.open(), { server } = browser;
  const document = await tab.store.open("z", 1);
  server.isOffline = true;
  stroke(tab, document, 0, 0, 3, 2);
  await tab.clock.pass(60000);
  stroke(tab, document, 1, 0, 3, 1);
  await tab.clock.pass(60000);
  assert.equal(document.state, "offline");
  assert.equal(journaled(browser), 1);
  // A slice that has no labels can be painted all the same.
  stroke(tab, tab.store.openNow("z", 5), 0, 0, 2, 1);
  server.isOffline = false;
  tab.store.sync.wake();
  await tab.clock.pass(60000);
  assert.equal(document.state, "saved");
  assert.equal(row(server.now("z", 1).labels, 0) + row(server.now("z", 1).labels, 1), "222.....111.....");
  assert.equal(row(server.now("z", 5).labels, 0), "11......");
  assert.equal(journaled(browser), 0);
});

test("faults of the server are tried again, never called conflicts", async () => {
  const browser = new Browser(), tab = await browser.open(), { server } = browser;
  const document = await tab.store.open("z", 1), states = new Set();
  tab.store.addEventListener("state", () => states.add(document.state));
  stroke(tab, document, 0, 0, 3, 2);
  server.mishaps = [500, 503, 507, 429, 408].map((status) => refusal(status, "not now"));
  await tab.clock.pass(90000);
  assert.equal(document.state, "saved");
  assert.deepEqual([...states].sort(), ["offline", "saved", "saving", "unsaved"]);
});

test("a request that is being answered still is no conflict", async () => {
  const browser = new Browser(), tab = await browser.open(), { server } = browser;
  const document = await tab.store.open("z", 1);
  stroke(tab, document, 0, 0, 3, 2);
  server.mishaps = [refusal(409, "a request with this Idempotency-Key is being answered", "Idempotency-Key")];
  await tab.clock.pass(5000);
  assert.equal(document.state, "saved");
  assert.equal(server.stored.length, 1);
});

test("what can never be stored is said, kept, and sent when it can be after all", async () => {
  const browser = new Browser(), tab = await browser.open(), { server } = browser;
  const document = await tab.store.open("z", 1);
  stroke(tab, document, 0, 0, 3, 2);
  server.mishaps = [refusal(422, "values: \"wall\" is not a class", "values")];
  await tab.clock.pass(60000);
  assert.equal(document.state, "refused");
  assert.match(document.refusal, /wall/);
  assert.equal(server.posts.length, 1);
  assert.equal(journaled(browser), 1);
  tab.store.retry(document);
  await tab.clock.pass(100);
  assert.equal(document.state, "saved");
});

test("what was refused can be discarded, and that undone", async () => {
  const browser = new Browser(), tab = await browser.open(), { server } = browser;
  const document = await tab.store.open("z", 1);
  stroke(tab, document, 0, 0, 3, 2);
  server.mishaps = [refusal(403, "your role is viewer")];
  await tab.clock.pass(2000);
  tab.store.discard(document);
  await tab.clock.pass(2000);
  assert.equal(document.state, "saved");
  assert.equal(journaled(browser), 0);
  assert.equal(server.stored.length, 0);
  tab.store.step(document, "undo");
  await tab.clock.pass(2000);
  assert.equal(row(server.now("z", 1).labels, 0), "222.....");
});

test("strokes of two people on different voxels are merged", async () => {
  const browser = new Browser(), tab = await browser.open(), { server } = browser;
  server.store("z", 2, new Uint8Array(rows * columns).fill(255));
  const document = await tab.store.open("z", 2);
  stroke(tab, document, 0, 0, 3, 1);
  const theirs = new Uint8Array(rows * columns).fill(255);
  theirs.fill(2, 8, 12);
  server.store("z", 2, theirs);
  await tab.clock.pass(3000);
  assert.equal(document.state, "saved");
  for (const labels of [server.now("z", 2).labels, document.labels.values]) {
    assert.equal(row(labels, 0) + row(labels, 1), "111.....2222....");
  }
});

/** A document on which my stroke 1 clashes with their 2 in a voxel, and both have others. */
async function clashing() {
  const browser = new Browser(), tab = await browser.open(), { server } = browser;
  const document = await tab.store.open("z", 2);
  stroke(tab, document, 0, 0, 3, 1);
  const theirs = new Uint8Array(rows * columns).fill(255);
  theirs.fill(2, 2, 5);
  server.store("z", 2, theirs);
  await tab.clock.pass(3000);
  return { browser, tab, server, document };
}

test("true clashes wait for a choice while all else is stored, also through a reload", async () => {
  const { browser, tab, server, document } = await clashing();
  assert.equal(document.state, "conflict");
  assert.equal(document.clashes.voxels, 1);
  assert.equal(row(document.labels.values, 0), "11122...");
  assert.equal(row(server.now("z", 2).labels, 0), "11222...");
  tab.close();
  const again = await browser.open();
  await again.clock.pass(3000);
  const reopened = await again.store.open("z", 2);
  assert.equal(reopened.clashes.voxels, 1);
  assert.equal(row(reopened.labels.values, 0), "11122...");
  await again.store.choose(reopened, "mine");
  await again.clock.pass(100);
  assert.equal(row(server.now("z", 2).labels, 0), "11122...");
  assert.equal(journaled(browser), 0);
});

test("where theirs is chosen, mine is in the history", async () => {
  const { browser, tab, server, document } = await clashing();
  const before = server.stored.length;
  await tab.store.choose(document, "theirs");
  await tab.clock.pass(2000);
  assert.deepEqual(server.stored.slice(before).map(({ labels }) => row(labels, 0)), ["11122...", "11222..."]);
  assert.equal(document.state, "saved");
  assert.equal(row(document.labels.values, 0), "11222...");
  assert.equal(journaled(browser), 0);
});

test("a choice that could not be sent any more is sent when the volume is opened again", async () => {
  const { browser, tab, server, document } = await clashing();
  const before = server.stored.length;
  server.isOffline = true;
  await tab.store.choose(document, "theirs");
  await tab.clock.pass(100);
  tab.close();
  server.isOffline = false;
  const again = await browser.open();
  await again.clock.pass(3000);
  assert.deepEqual(server.stored.slice(before).map(({ labels }) => row(labels, 0)), ["11122...", "11222..."]);
  assert.equal(journaled(browser), 0);
});

test("drawing over a clash decides it, and taking the stroke back leaves theirs", async () => {
  const drawn = await clashing();
  stroke(drawn.tab, drawn.document, 0, 2, 3, 0);
  await drawn.tab.clock.pass(2000);
  assert.equal(row(drawn.server.now("z", 2).labels, 0), "11022...");
  assert.equal(drawn.document.state, "saved");
  const undone = await clashing();
  undone.tab.store.step(undone.document, "undo");
  await undone.tab.clock.pass(2000);
  assert.equal(row(undone.server.now("z", 2).labels, 0), "..222...");
  assert.equal(undone.document.state, "saved");
});

test("a merge waits for the end of a stroke", async () => {
  const browser = new Browser(), tab = await browser.open(), { server } = browser;
  const document = await tab.store.open("z", 2);
  document.begin();
  document.labels.paint(0, 0, 2, 1);
  const theirs = new Uint8Array(rows * columns).fill(255);
  theirs.fill(2, 16, 20);
  server.store("z", 2, theirs);
  await tab.store.list();
  await tab.clock.pass(1000);
  document.labels.paint(0, 2, 4, 1);
  tab.store.edited(document, document.end());
  await tab.clock.pass(3000);
  assert.equal(row(server.now("z", 2).labels, 0) + row(server.now("z", 2).labels, 2), "1111....2222....");
  assert.equal(document.clashes, null);
});

test("two tabs on one slice neither lose nor repeat a stroke", async () => {
  const browser = new Browser(), { server } = browser;
  const one = await browser.open(), other = await browser.open();
  const first = await one.store.open("z", 4), second = await other.store.open("z", 4);
  stroke(one, first, 0, 0, 3, 1);
  stroke(other, second, 1, 0, 3, 2);
  assert.equal(journaled(browser), 2);
  await Promise.all([one.clock.pass(4000), other.clock.pass(4000)]);
  await Promise.all([one.clock.pass(4000), other.clock.pass(4000)]);
  for (const labels of [server.now("z", 4).labels, first.labels.values, second.labels.values]) {
    assert.equal(row(labels, 0) + row(labels, 1), "111.....222.....");
  }
  assert.equal(server.stored.length, 2);
  assert.equal(journaled(browser), 0);
});

test("what a tab leaves is taken over by the other one when it is closed, without losing what that one shows", async () => {
  const browser = new Browser(), { server } = browser;
  const one = await browser.open();
  stroke(one, await one.store.open("z", 4), 0, 0, 3, 1);
  await settled();
  const other = await browser.open();
  const document = await other.store.open("z", 4);
  stroke(other, document, 0, 2, 5, 2);
  await other.clock.pass(2000);
  assert.equal(server.stored.length, 1);
  one.close();
  await other.clock.pass(8000);
  // Both are in the history, and what was drawn on the slice that is open counts.
  assert(server.stored.some(({ labels }) => row(labels, 0) === "11122..."), server.stored.map(({ labels }) => row(labels, 0)).join(" "));
  assert.equal(row(server.now("z", 4).labels, 0), "11222...");
  assert.equal(row(document.labels.values, 0), "11222...");
  assert.equal(document.state, "saved");
  assert.equal(journaled(browser), 0);
});

test("a tab that was taken for gone does not bring back what the other one has undone", async () => {
  const browser = new Browser(), { server } = browser;
  const one = await browser.open();
  const first = await one.store.open("z", 4);
  stroke(one, first, 0, 0, 3, 1);
  await settled();
  // It does not answer for a while.
  one.tabs.isOpen = false;
  const other = await browser.open();
  await other.clock.pass(3000);
  const second = await other.store.open("z", 4);
  assert.equal(row(server.now("z", 4).labels, 0), "111.....");
  second.begin();
  second.labels.paint(0, 0, 3, 255);
  other.store.edited(second, second.end());
  await other.clock.pass(3000);
  await one.clock.pass(5000);
  assert.equal(row(server.now("z", 4).labels, 0), "........");
  assert.equal(row(first.labels.values, 0), "........");
  assert.equal(first.state, "saved");
});

test("strokes of somebody else, or of another image, are not sent unasked", async () => {
  const browser = new Browser(), { server } = browser;
  for (const other of [{ author: "ben" }, { sha256: "t" }]) {
    const tab = await browser.open();
    stroke(tab, await tab.store.open("z", 1), 0, 0, 3, 1);
    await settled();
    tab.close();
    const next = await browser.open(other);
    await next.clock.pass(5000);
    assert.equal(server.stored.length, 0);
    const { strays } = next.store.replay;
    assert.deepEqual(strays.map(({ reason }) => reason), [other.author ? "author" : "image"]);
    assert.equal(journaled(browser), 1);
    await next.store.replay.decide(strays[0], "discard");
    assert.equal(journaled(browser), 0);
    next.close();
  }
});

test("strokes of the same file that was read otherwise since are sent only by somebody who has looked", async () => {
  const browser = new Browser(), { server } = browser, tab = await browser.open();
  stroke(tab, await tab.store.open("z", 1), 0, 0, 3, 1);
  await settled();
  tab.close();
  const next = await browser.open({ version: "w" });
  await next.clock.pass(5000);
  assert.equal(server.stored.length, 0);
  const { strays } = next.store.replay;
  assert.deepEqual(strays.map(({ reason }) => reason), ["reading"]);
  await next.store.replay.decide(strays[0], "send");
  await next.clock.pass(5000);
  assert.equal(row(server.now("z", 1).labels, 0), "111.....");
});

test("strokes that an older page kept, which did not note how the image was read, are sent as ever", async () => {
  const browser = new Browser(), { server } = browser, tab = await browser.open({ version: undefined });
  delete tab.store.keeper.place.version;
  stroke(tab, await tab.store.open("z", 1), 0, 0, 3, 1);
  await settled();
  tab.close();
  const next = await browser.open();
  await next.clock.pass(5000);
  assert.equal(row(server.now("z", 1).labels, 0), "111.....");
});

test("what can be undone survives a reload", async () => {
  const browser = new Browser(), { server } = browser;
  const first = await browser.open();
  const document = await first.store.open("z", 1);
  stroke(first, document, 0, 0, 3, 1);
  stroke(first, document, 0, 2, 5, 2);
  first.store.step(document, "undo");
  await first.clock.pass(3000);
  first.close();
  const second = await browser.open();
  const again = await second.store.open("z", 1);
  await settled();
  second.store.step(again, "redo");
  assert.equal(row(again.labels.values, 0), "11222...");
  second.store.step(again, "undo");
  second.store.step(again, "undo");
  assert.equal(second.store.step(again, "undo"), false);
  await second.clock.pass(3000);
  assert.equal(row(server.now("z", 1).labels, 0), "........");
});

test("what could be undone two weeks ago is forgotten, also on slices that nobody opens", async () => {
  const browser = new Browser();
  const first = await browser.open();
  for (const index of [1, 2]) stroke(first, await first.store.open("z", index), 0, 0, 3, 1);
  await first.clock.pass(3000);
  first.close();
  for (const head of browser.journal.heads.values()) if (head.slice.endsWith("1]")) head.time -= 15 * 86400e3;
  await browser.open();
  await settled();
  assert.deepEqual([...browser.journal.heads.values()].map(({ slice }) => slice.at(-2)), ["2"]);
  assert.equal([...browser.journal.byHistory.values()].length, 1);
});

test("undo leaves alone what somebody else has changed since", async () => {
  const browser = new Browser(), tab = await browser.open(), { server } = browser;
  const document = await tab.store.open("z", 1);
  stroke(tab, document, 0, 0, 4, 1);
  await tab.clock.pass(2000);
  const theirs = server.now("z", 1).labels.slice();
  theirs[1] = 2;
  server.store("z", 1, theirs);
  await tab.store.list();
  await settled();
  tab.store.step(document, "undo");
  await tab.clock.pass(2000);
  assert.equal(row(server.now("z", 1).labels, 0), ".2......");
});

test("a page that is left sends what is small so that it goes on without it", async () => {
  const browser = new Browser(), tab = await browser.open(), { server } = browser;
  const document = await tab.store.open("z", 1);
  stroke(tab, document, 0, 0, 3, 1);
  tab.store.leave();
  await settled();
  assert.equal(server.posts[0].keepalive, true);
  assert.equal(document.state, "saved");
  // It was only hidden: nothing is sent a second time.
  await tab.clock.pass(5000);
  assert.equal(server.posts.length, 1);
  assert.equal(journaled(browser), 0);
});

test("strokes go on from a server that was set back to a backup", async () => {
  const browser = new Browser(), { server } = browser;
  server.store("z", 1, new Uint8Array(rows * columns).fill(0));
  const first = await browser.open();
  stroke(first, await first.store.open("z", 1), 0, 0, 3, 1);
  await settled();
  first.close();
  server.stored = [];
  const old = new Uint8Array(rows * columns).fill(255);
  old[2] = 2;
  server.store("z", 1, old);
  const second = await browser.open();
  await second.clock.pass(5000);
  const document = await second.store.open("z", 1);
  // The voxels that were drawn said something else before: nobody decides that but a person.
  assert.equal(document.clashes.voxels, 3);
  assert.equal(document.state, "conflict");
});

test("a role and a restored revision keep what they are based on", async () => {
  const browser = new Browser(), tab = await browser.open(), { server } = browser;
  const document = await tab.store.open("z", 1);
  stroke(tab, document, 0, 0, 3, 1);
  await tab.clock.pass(2000);
  await tab.store.setRole(document, "test");
  assert.equal(document.role, "test");
  stroke(tab, document, 0, 0, 3, 2);
  await tab.clock.pass(2000);
  assert.equal(server.stored.length, 3);
  await tab.store.restore(document, server.stored[0].revision);
  assert.equal(row(document.labels.values, 0), "111.....");
  tab.store.step(document, "undo");
  await tab.clock.pass(2000);
  assert.equal(row(server.now("z", 1).labels, 0), "222.....");
  assert.equal(document.state, "saved");
});

test("while a revision is being brought back nothing is drawn or undone, and it is not said to be saved", async () => {
  const browser = new Browser(), tab = await browser.open(), { server } = browser;
  const document = await tab.store.open("z", 1);
  stroke(tab, document, 0, 0, 3, 1);
  await tab.clock.pass(2000);
  stroke(tab, document, 0, 0, 3, 2);
  await tab.clock.pass(2000);
  const asked = server.current.bind(server);
  let go;
  server.current = async (...slice) => {
    await new Promise((resolve) => (go = resolve));
    return asked(...slice);
  };
  const restoring = tab.store.restore(document, server.stored[0].revision);
  await settled();
  assert.equal(row(server.now("z", 1).labels, 0), "111.....");
  assert.equal(document.state, "saving");
  assert.equal(tab.store.step(document, "undo"), false);
  assert(tab.store.pending.includes(document));
  server.current = asked;
  go();
  await restoring;
  assert.equal(document.state, "saved");
  assert.equal(document.clashes, null);
  tab.store.step(document, "undo");
  await tab.clock.pass(2000);
  assert.equal(row(server.now("z", 1).labels, 0), "222.....");
  assert.equal(journaled(browser), 0);
});

test("a journal that fails is told, and strokes go to the server at once", async () => {
  const browser = new Browser(), tab = await browser.open(), { server } = browser;
  const document = await tab.store.open("z", 1);
  browser.journal.put = async () => {
    throw new Error("the disk is full");
  };
  stroke(tab, document, 0, 0, 3, 1);
  await tab.clock.pass(1600);
  assert.match(tab.store.journalFailure, /disk is full/);
  stroke(tab, document, 1, 0, 3, 1);
  await tab.clock.pass(10);
  assert.equal(server.stored.length, 2);
  delete browser.journal.put;
  stroke(tab, document, 2, 0, 3, 1);
  await tab.clock.pass(10);
  assert.equal(tab.store.journalFailure, "");
});
