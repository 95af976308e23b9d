import { API } from "../support/api.js";
import { BrickCache } from "../volume/brick-cache.js";
import { BrickQueue } from "../volume/brick-queue.js";
import { BrickVolume } from "../volume/brick-volume.js";
import { WholeImage } from "../volume/whole-image.js";

/**
 * The voxels of an image, from where the server has them.
 * @param {API} api
 * @param {string} path Of the volume.
 * @param {any} volume As the server describes it.
 * @param {(error: unknown) => void} onError
 */
export function openVolume(api, path, volume, onError) {
  const cache = new BrickCache();
  const source = new WholeImage(api, path, volume);
  const queue = new BrickQueue((bricks) => source.fetch(bricks), cache, onError);
  return { queue, bricks: new BrickVolume({ dtype: volume.dtype, levels: source.levels }, cache) };
}
