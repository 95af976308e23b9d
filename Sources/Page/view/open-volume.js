import { API, APIError } from "../support/api.js";
import { BrickCache } from "../volume/brick-cache.js";
import { BrickQueue } from "../volume/brick-queue.js";
import { BrickSource } from "../volume/brick-source.js";
import { BrickVolume } from "../volume/brick-volume.js";
import { WholeImage } from "../volume/whole-image.js";

/**
 * The voxels of an image, from where the server has them.
 * @param {API} api
 * @param {string} path Of the volume.
 * @param {any} volume As the server describes it.
 * @param {(error: unknown) => void} onError
 */
export async function openVolume(api, path, volume, onError) {
  const cache = new BrickCache();
  const source = await findSource(api, path, volume);
  const queue = new BrickQueue((bricks, signal) => source.fetch(bricks, signal), cache, onError);
  const bricks = new BrickVolume({ dtype: volume.dtype, levels: source.levels }, cache);
  if (source instanceof BrickSource) refresh(source, bricks, queue);
  return { queue, bricks };
}

/**
 * @param {API} api
 * @param {string} path
 * @param {any} volume
 */
async function findSource(api, path, volume) {
  try {
    const contents = await BrickSource.list(api, path);
    const image = contents.find((content) => content.of === "image");
    if (image) return new BrickSource(api, path, image);
  } catch (error) {
    if (!(error instanceof APIError) || error.status !== 404) throw error;
  }
  return new WholeImage(api, path, volume);
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
    const contents = await BrickSource.list(source.api, source.path).catch(() => []);
    const image = contents.find((content) => content.of === "image");
    if (image && image.version === source.content.version) {
      source.content = image;
      bricks.levels = source.levels;
      for (const listener of queue.listeners) listener([]);
    }
    refresh(source, bricks, queue);
  }, 4000);
}
