import { APIError, OfflineError } from "./api-error.js";
import { h } from "./dom.js";

/**
 * @typedef {object} SaveOptions
 * @property {AbortSignal} [signal] Whoever aborts it gets no file but an `AbortError`.
 * @property {(bytes: number, all: number|null) => void} [onProgress] How much has come through the page, and of how much, if that is
 *   known.
 */

/**
 * Gives a file to the browser's downloads.
 *
 * Where the server wants no token a link does, by which the browser writes the file to the disk as it comes, and says how far it is.
 * A link can't send a token, and an address that has one would be kept by others: then the file comes through the page.
 * @param {import("./api.js").API} api
 * @param {string} path
 * @param {import("./api.js").Query} query
 * @param {string} fallback The file's name, if the server gives none.
 * @param {SaveOptions} [options]
 * @returns {Promise<{name: string, isByLink: boolean}>} The file's name, and whether the browser is still fetching it.
 */
export async function saveFile(api, path, query, fallback, options = {}) {
  const url = api.url(path, query);
  if (api.token === null) {
    // The server makes the file for this, or refuses: without words, for which it is asked below.
    const head = await api.send("HEAD", path, { query, signal: options.signal }).catch(() => null);
    if (head) {
      const name = fileName(head.headers.get("Content-Disposition"), fallback);
      follow(String(url), name);
      return { name, isByLink: true };
    }
  }
  const { file, disposition } = await receive(api, url, options);
  const name = fileName(disposition, fallback), place = URL.createObjectURL(file);
  follow(place, name);
  setTimeout(() => URL.revokeObjectURL(place), 60000);
  return { name, isByLink: false };
}

/**
 * @param {string|null} disposition
 * @param {string} fallback
 */
function fileName(disposition, fallback) {
  const found = /filename="([^"]+)"/.exec(disposition ?? "");
  return found?.[1] ?? fallback;
}

/**
 * @param {string} href
 * @param {string} name
 */
function follow(href, name) {
  const link = h("a", { href, download: name });
  document.body.append(link);
  link.click();
  link.remove();
}

/**
 * Gets a file. In this old way of fetching browsers tell how far it is, and keep it where they like: large ones on the disk.
 * @param {import("./api.js").API} api
 * @param {URL} url
 * @param {SaveOptions} options
 * @returns {Promise<{file: Blob, disposition: string|null}>}
 */
function receive(api, url, { signal, onProgress = () => {} }) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(new DOMException("", "AbortError"));
    const request = new XMLHttpRequest();
    request.open("GET", url);
    request.responseType = "blob";
    for (const [name, value] of Object.entries(api.headers())) request.setRequestHeader(name, value);
    request.addEventListener("progress", ({ loaded, total, lengthComputable }) => onProgress(loaded, lengthComputable ? total : null));
    request.addEventListener("error", () => reject(new OfflineError(null)));
    request.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
    request.addEventListener("load", () => {
      const { response: file, status, statusText } = request;
      if (status >= 200 && status < 300) return resolve({ file, disposition: request.getResponseHeader("Content-Disposition") });
      APIError.from(new Response(file, { status, statusText })).then(reject, reject);
    });
    signal?.addEventListener("abort", () => request.abort());
    request.send();
  });
}
