import { APIError, OfflineError } from "../../../Sources/Page/support/api.js";
import { RetryClock } from "../../../Sources/Page/annotate/saving/retry-clock.js";

/** Refuses as the server does. */
export function refusal(status, detail, field) {
  return Object.assign(Object.create(APIError.prototype), { status, detail, field: field ?? null, message: detail });
}

/** A server of one volume's annotations, in place of `AnnotationService`. */
export class FakeServer {
  constructor(rows, columns) {
    this.rows = rows;
    this.columns = columns;
    /** Revisions of all slices, oldest first: {axis, index, revision, labels, author}. */
    this.stored = [];
    this.next = 1;
    this.keys = new Map();
    /** What happens to the next posts: "offline", "lost" (done, but not answered), an error, or null. */
    this.mishaps = [];
    this.isOffline = false;
    this.posts = [];
  }

  now(axis, index) {
    return this.stored.findLast((slice) => slice.axis === axis && slice.index === index) ?? null;
  }

  /** Somebody else stores a slice. */
  store(axis, index, labels, role = "train") {
    this.stored.push({ axis, index, revision: this.next++, labels: Uint8Array.from(labels), role });
    return this.next - 1;
  }

  reach() {
    if (this.isOffline) throw new OfflineError(new Error("no answer"));
  }

  async list() {
    this.reach();
    const slices = new Map(this.stored.map((slice) => [`${slice.axis}${slice.index}`, slice]));
    return [...slices.values()].map(({ axis, index, revision, role }) => ({ axis, index, revision, role, voxels: {} }));
  }

  async labels(axis, index, revision) {
    this.reach();
    const found = this.stored.find((slice) => slice.revision === revision && slice.axis === axis && slice.index === index);
    return found ? found.labels.slice() : null;
  }

  async current(axis, index, voxels) {
    this.reach();
    const found = this.now(axis, index);
    return { revision: found?.revision ?? 0, role: found?.role ?? "train", labels: found?.labels.slice() ?? new Uint8Array(voxels).fill(255) };
  }

  async post({ axis, index, revision }, request, body, keepalive = false) {
    this.posts.push({ axis, index, key: request.key, revision, rect: request.rect, keepalive });
    this.reach();
    const mishap = this.mishaps.shift() ?? null;
    if (mishap === "offline") throw new OfflineError(new Error("no answer"));
    if (mishap instanceof APIError) throw mishap;
    const digest = JSON.stringify([axis, index, revision, request.rect, request.values, [...body]]);
    const known = this.keys.get(request.key);
    if (known) {
      if (known.digest !== digest) throw refusal(422, "this Idempotency-Key was used for another request", "Idempotency-Key");
      return { axis, index, revision: known.revision, role: "train", voxels: {} };
    }
    const now = this.now(axis, index);
    if ((now?.revision ?? 0) !== revision) throw refusal(409, `the slice is at revision ${now?.revision ?? 0}`);
    const labels = now?.labels.slice() ?? new Uint8Array(this.rows * this.columns).fill(255);
    const { rect } = request, part = body.subarray(body.length - rect.rows * rect.columns);
    for (let row = 0; row < rect.rows; row++) {
      const start = (rect.row + row) * this.columns + rect.column;
      labels.set(part.subarray(row * rect.columns, (row + 1) * rect.columns), start);
    }
    const stored = this.store(axis, index, labels, now?.role);
    this.keys.set(request.key, { digest, revision: stored });
    if (mishap === "lost") throw new OfflineError(new Error("the answer was lost"));
    return { axis, index, revision: stored, role: now?.role ?? "train", voxels: {} };
  }

  async setRole(axis, index, role, expected) {
    const now = this.now(axis, index);
    if (now.revision !== expected) throw refusal(409, "moved on");
    return { revision: this.store(axis, index, now.labels, role), role };
  }

  async restore(axis, index, revision, expected) {
    const now = this.now(axis, index);
    if (now.revision !== expected) throw refusal(409, "moved on");
    this.store(axis, index, this.stored.find((slice) => slice.revision === revision).labels, now.role);
  }
}

/** Time that passes when a test says so. */
export class FakeClock extends RetryClock {
  timers = [];
  now = 0;

  delay(failures) {
    return 1000 * failures;
  }

  after(run, time) {
    const timer = { run, at: this.now + time };
    this.timers.push(timer);
    return () => (this.timers = this.timers.filter((other) => other !== timer));
  }

  /** Lets milliseconds pass, and what they start go on as far as it can. */
  async pass(time) {
    const end = this.now + time;
    await settled();
    for (;;) {
      const due = this.timers.filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)[0];
      if (!due) break;
      this.timers = this.timers.filter((other) => other !== due);
      this.now = due.at;
      due.run();
      await settled();
    }
    this.now = end;
  }
}

/** When all that can go on has gone on. */
export async function settled() {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Tabs of one browser that share a journal. */
export class FakeTabs {
  static next = 1;

  constructor(browser) {
    this.browser = browser;
    this.id = `tab${FakeTabs.next++}`;
    this.isOpen = true;
    this.waiting = [];
    browser.push(this);
    this.onnews = () => {};
  }

  async isGone(id) {
    return !this.browser.some((tab) => tab.id === id && tab.isOpen);
  }

  whenGone(id) {
    const tab = this.browser.find((tab) => tab.id === id && tab.isOpen);
    return tab ? new Promise((resolve) => tab.waiting.push(resolve)) : Promise.resolve();
  }

  tell(news) {
    for (const tab of this.browser) if (tab !== this && tab.isOpen) tab.onnews(structuredClone(news));
  }

  /** The tab is closed, and does nothing any longer. */
  close() {
    this.isOpen = false;
    for (const go of this.waiting) go();
  }
}
