import { text } from "../support/text.js";

/** @typedef {import("./brick-frames.js").Frame} Frame */
/** @typedef {{z: number, y: number, x: number}} Extent */

/** Whether addresses of scripts are checked here: they are this page's own. */
const policy = /** @type {any} */ (globalThis).trustedTypes?.createPolicy("slicewise", {
  createScriptURL: (/** @type {string} */ url) => url,
});

/** Has bricks unpacked by a worker, of which there is one for the page. */
export class Unpacker {
  constructor() {
    const url = new URL("./bricks.worker.js", import.meta.url).href;
    this.worker = new Worker(policy ? policy.createScriptURL(url) : url, { type: "module" });
    /** @type {Map<number, {resolve: (frames: Frame[]) => void, reject: (error: Error) => void}>} */
    this.waiting = new Map();
    this.last = 0;
    this.worker.addEventListener("message", ({ data: { id, frames, error } }) => {
      const waiting = this.waiting.get(id);
      this.waiting.delete(id);
      if (error) waiting?.reject(new Error(error));
      else waiting?.resolve(frames);
    });
    this.worker.addEventListener("error", (event) => {
      for (const { reject } of this.waiting.values()) reject(new Error(event.message || text.faults.worker));
      this.waiting.clear();
    });
  }

  /**
   * @param {ArrayBuffer} answer Which is the worker's from then on.
   * @param {number} size Bytes of a voxel.
   * @param {Extent} shape Of the level.
   * @param {number} edge
   * @returns {Promise<Frame[]>}
   */
  unpack(answer, size, shape, edge) {
    const id = ++this.last;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ id, answer, size, shape, edge }, [answer]);
    });
  }
}

/** @type {Unpacker|null} */
let shared = null;

/** The page's unpacker. */
export function unpacker() {
  shared ??= new Unpacker();
  return shared;
}
