import { h } from "./dom.js";

/**
 * Fetches a file and gives it to the browser's downloads; returns its name.
 *
 * A link can't send a token, so that the file comes through the page.
 * @param {import("./api.js").API} api
 * @param {string} path
 * @param {import("./api.js").Query} query
 * @param {string} fallback The file's name, if the server gives none.
 */
export async function saveFile(api, path, query, fallback) {
  const response = await api.send("GET", path, { query });
  const name = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? fallback;
  const url = URL.createObjectURL(await api.read(response, (response) => response.blob()));
  const link = h("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60000);
  return name;
}
