import { APIError, OfflineError } from "../support/api.js";

/**
 * Puts a file; the answer's JSON.
 *
 * Only this old way of sending tells how far it is.
 * @param {import("../support/api.js").API} api
 * @param {URL} url
 * @param {Blob} file
 * @param {(share: number) => void} onProgress 1 when all is sent, and the server is reading it.
 * @param {AbortSignal} [signal] Whoever aborts it gets no answer but an `AbortError`.
 * @returns {Promise<any>}
 */
export function sendFile(api, url, file, onProgress, signal) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", url);
    for (const [name, value] of Object.entries(api.headers({ Accept: "application/json" }))) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 1));
    request.addEventListener("error", () => reject(new OfflineError(null)));
    request.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
    request.addEventListener("load", () => {
      const response = new Response(request.responseText, { status: request.status, statusText: request.statusText });
      if (response.ok) resolve(JSON.parse(request.responseText));
      else APIError.from(response).then(reject, reject);
    });
    if (signal?.aborted) return reject(new DOMException("", "AbortError"));
    signal?.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}
