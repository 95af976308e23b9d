/** @typedef {import("../view/composite.js").Voxels} Voxels */
/** @typedef {{key: string, channel: number, level: number, z: number, y: number, x: number}} Brick */
/** @typedef {(bricks: Brick[], signal: AbortSignal) => Promise<Map<string, Voxels>>} Fetcher Gives what it could get. */

/**
 * Whether two bricks lie in one block of 2 × 2 × 2, which one request asks for.
 * @param {Brick} one
 * @param {Brick} other
 */
function isBeside(one, other) {
  return one.level === other.level && one.channel === other.channel
    && one.z >> 1 === other.z >> 1 && one.y >> 1 === other.y >> 1 && one.x >> 1 === other.x >> 1;
}

/**
 * Whether no other brick lies between these.
 * @param {Brick[]} bricks
 */
function fillsBox(bricks) {
  const sides = /** @type {const} */ (["z", "y", "x"]).map((axis) => new Set(bricks.map((brick) => brick[axis])).size);
  return sides[0] * sides[1] * sides[2] === bricks.length;
}

/**
 * Fetches bricks, the most wanted first, a few requests at a time.
 *
 * Each view says anew what it wants whenever that changes; what nobody wants any longer is dropped, also on its way.
 */
export class BrickQueue {
  /**
   * @param {Fetcher} fetcher
   * @param {import("./brick-cache.js").BrickCache} cache
   * @param {(error: unknown) => void} onError
   */
  constructor(fetcher, cache, onError) {
    this.fetcher = fetcher;
    this.cache = cache;
    this.onError = onError;
    /** Requests at once: browsers have about six connections, of which jobs and annotations need some. */
    this.width = 4;
    this.isClosed = false;
    /**
     * By client: what it needs, and what it will need next.
     * @type {Map<unknown, {needed: Brick[], ahead: Brick[]}>}
     */
    this.wanted = new Map();
    /** @type {Set<{keys: Set<string>, abort: AbortController}>} */
    this.running = new Set();
    /** @type {Set<(keys: string[]) => void>} */
    this.listeners = new Set();
    /**
     * When a brick that failed may be tried again.
     * @type {Map<string, number>}
     */
    this.failed = new Map();
  }

  /**
   * @param {unknown} client Whose wishes these are; they replace its earlier ones.
   * @param {Brick[]} needed The most wanted first.
   * @param {Brick[]} [ahead] Fetched when nobody needs anything.
   */
  want(client, needed, ahead = []) {
    // Whoever wished last is served first.
    this.wanted.delete(client);
    if (needed.length + ahead.length > 0) this.wanted.set(client, { needed, ahead });
    const keys = new Set([...this.wanted.values()].flatMap(({ needed, ahead }) => [...needed, ...ahead]).map(({ key }) => key));
    for (const request of this.running) {
      if (![...request.keys].some((key) => keys.has(key))) request.abort.abort();
    }
    this.start();
  }

  /**
   * Waits until all of these are here; an error ends it.
   * @param {Brick[]} bricks
   */
  async need(bricks) {
    const abort = new AbortController();
    let missing = bricks.filter((brick) => !this.cache.has(brick.key));
    while (missing.length > 0) {
      const same = missing.filter((brick) => isBeside(brick, missing[0]));
      const batch = fillsBox(same) ? same : [missing[0]];
      const found = await this.fetcher(batch, abort.signal);
      for (const [key, voxels] of found) this.cache.set(key, voxels);
      for (const listener of this.listeners) listener([...found.keys()]);
      missing = missing.filter((brick) => !batch.includes(brick));
    }
  }

  start() {
    while (this.running.size < this.width) {
      const bricks = this.next();
      if (bricks.length === 0) return;
      this.fetch(bricks);
    }
  }

  /** The next bricks for one request: of one client, channel and level. */
  next() {
    const busy = new Set([...this.running].flatMap((request) => [...request.keys]));
    const now = performance.now();
    const isOpen = (/** @type {Brick} */ brick) =>
      !busy.has(brick.key) && !this.cache.has(brick.key) && (this.failed.get(brick.key) ?? 0) <= now;
    const wishes = [...this.wanted.values()].reverse();
    for (const bricks of [...wishes.map(({ needed }) => needed), ...wishes.map(({ ahead }) => ahead)]) {
      const first = bricks.find(isOpen);
      if (!first) continue;
      const same = bricks.filter((brick) => isOpen(brick) && isBeside(brick, first));
      return fillsBox(same) ? same : [first];
    }
    return [];
  }

  /** @param {Brick[]} bricks */
  async fetch(bricks) {
    const request = { keys: new Set(bricks.map((brick) => brick.key)), abort: new AbortController() };
    this.running.add(request);
    try {
      const found = await this.fetcher(bricks, request.abort.signal);
      for (const [key, voxels] of found) this.cache.set(key, voxels);
      for (const listener of this.listeners) listener([...found.keys()]);
    } catch (error) {
      if (!request.abort.signal.aborted) {
        for (const key of request.keys) this.failed.set(key, performance.now() + 3000);
        this.onError(error);
        setTimeout(() => this.start(), 3100);
      }
    } finally {
      this.running.delete(request);
      this.start();
    }
  }

  close() {
    this.isClosed = true;
    this.wanted.clear();
    this.listeners.clear();
    for (const request of this.running) request.abort.abort();
  }
}
