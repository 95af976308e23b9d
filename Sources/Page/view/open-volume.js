import { API } from "../support/api.js";
import { BrickCache } from "../volume/brick-cache.js";
import { BrickQueue } from "../volume/brick-queue.js";
import { BrickSource } from "../volume/brick-source.js";
import { BrickVolume } from "../volume/brick-volume.js";
import { text } from "../support/text.js";

/**
 * The voxels of an image, from where the server has them.
 * @param {API} api
 * @param {string} path Of the volume.
 * @param {(error: unknown) => void} onError
 */
export async function openVolume(api, path, onError) {
  const cache = new BrickCache();
  const source = new BrickSource(api, path, await image(api, path));
  const queue = new BrickQueue((bricks, signal) => source.fetch(bricks, signal), cache, onError);
  const bricks = new BrickVolume({ dtype: source.content.dtype, levels: source.levels }, cache);
  refresh(source, bricks, queue);
  return { queue, bricks };
}

/**
 * @param {API} api
 * @param {string} path
 */
async function image(api, path) {
  const found = (await BrickSource.list(api, path)).find((content) => content.of === "image");
  if (!found) throw new Error(text.faults.noBricks);
  return found;
}

/**
 * Takes coarser levels into use when the server has made them.
 * @param {BrickSource} source
 * @param {BrickVolume} bricks
 * @param {BrickQueue} queue
 */
function refresh(source, bricks, queue) {
  if (source.content.levels.every(({ ready }) => ready)) return;
  setTimeout(async () => {
    if (queue.isClosed) return;
    const content = await image(source.api, source.path).catch(() => null);
    if (content && content.version === source.content.version) {
      source.content = content;
      bricks.levels = source.levels;
      for (const listener of queue.listeners) listener([]);
    }
    refresh(source, bricks, queue);
  }, 4000);
}
