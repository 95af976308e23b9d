import { APIError, OfflineError } from "./api-error.js";
import { EventStreamParser } from "./event-stream.js";

export { APIError, OfflineError };

/** @typedef {import("./event-stream.js").ServerEvent} ServerEvent */
/** @typedef {{signal?: AbortSignal, headers?: Record<string, string>}} RequestOptions */
/** @typedef {Record<string, string|number|boolean|null|undefined>} Query Parameters; null and undefined are left out. */

/**
 * The calls of the server. A path is relative to the server's root, as in `v1/projects`, with its parts encoded (`path`).
 *
 * Every call throws `APIError` for a refusal and `OfflineError` where there is no answer.
 */
export class API {
  /**
   * @param {string|URL} root The address of the page's folder, with a slash at its end.
   * @param {string|null} token
   */
  constructor(root, token = null) {
    this.root = new URL(root);
    this.token = token;
  }

  /**
   * A path of its parts, each encoded: `API.path("v1", "projects", name)`.
   * @param {...(string|number)} parts
   */
  static path(...parts) {
    return parts.map((part) => encodeURIComponent(String(part))).join("/");
  }

  /**
   * @param {string} path
   * @param {Query} [query]
   */
  url(path, query = {}) {
    const url = new URL(path, this.root);
    for (const [name, value] of Object.entries(query)) {
      if (value !== null && value !== undefined) url.searchParams.set(name, String(value));
    }
    return url;
  }

  /** @param {Record<string, string>} [headers] */
  headers(headers = {}) {
    return this.token ? { Authorization: `Bearer ${this.token}`, ...headers } : headers;
  }

  /**
   * The answer itself, if it is a 2xx or a 304.
   * @param {string} method
   * @param {string} path
   * @param {RequestOptions & {query?: Query, body?: BodyInit|null, keepalive?: boolean}} [options]
   */
  async send(method, path, options = {}) {
    const { query, headers, body, signal, keepalive } = options;
    let response;
    try {
      response = await fetch(this.url(path, query), {
        method, body, signal, keepalive, headers: this.headers(headers), credentials: "omit",
      });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new OfflineError(error);
    }
    if (!response.ok && response.status !== 304) throw await APIError.from(response);
    return response;
  }

  /**
   * The JSON at a path.
   * @param {string} path
   * @param {RequestOptions & {query?: Query}} [options]
   * @returns {Promise<any>}
   */
  async get(path, options = {}) {
    const headers = { Accept: "application/json", ...options.headers };
    return this.read(await this.send("GET", path, { ...options, headers }), (response) => response.json());
  }

  /**
   * Sends a value as JSON; the answer's JSON, or null where it is empty.
   * @param {string} method
   * @param {string} path
   * @param {unknown} [value]
   * @param {RequestOptions & {query?: Query}} [options]
   * @returns {Promise<any>}
   */
  async json(method, path, value, options = {}) {
    /** @type {Record<string, string>} */
    const headers = { Accept: "application/json", ...options.headers };
    if (value !== undefined) headers["Content-Type"] = "application/json";
    const body = value === undefined ? null : JSON.stringify(value);
    return this.answer(await this.send(method, path, { ...options, body, headers }));
  }

  /**
   * The bytes at a path.
   * @param {string} path
   * @param {RequestOptions & {query?: Query}} [options]
   * @returns {Promise<Uint8Array>}
   */
  async bytes(path, options = {}) {
    const headers = { Accept: "application/octet-stream", ...options.headers };
    const response = await this.send("GET", path, { ...options, headers });
    return new Uint8Array(await this.read(response, (response) => response.arrayBuffer()));
  }

  /**
   * Posts bytes; the answer's JSON, or null where it is empty.
   * @param {string} path
   * @param {BodyInit|Uint8Array|null} body
   * @param {RequestOptions & {query?: Query, keepalive?: boolean}} [options]
   * @returns {Promise<any>}
   */
  async post(path, body, options = {}) {
    /** @type {Record<string, string>} */
    const headers = { Accept: "application/json", ...options.headers };
    if (body instanceof Uint8Array) headers["Content-Type"] ??= "application/octet-stream";
    const sent = /** @type {BodyInit|null} */ (body);
    return this.answer(await this.send("POST", path, { ...options, body: sent, headers }));
  }

  /**
   * Reads server-sent events until the stream ends; returns the last event's number, to resume after.
   * @param {string} path
   * @param {RequestOptions & {query?: Query, after?: string, onEvent: (event: ServerEvent) => void}} options
   */
  async events(path, { signal, query, after, onEvent }) {
    /** @type {Record<string, string>} */
    const headers = { Accept: "text/event-stream" };
    if (after) headers["Last-Event-ID"] = after;
    const response = await this.send("GET", path, { signal, query, headers });
    const parser = new EventStreamParser(onEvent);
    parser.id = after ?? "";
    const reader = response.body?.getReader();
    const decoder = new TextDecoder();
    try {
      while (reader) {
        const { done, value } = await reader.read();
        if (done) break;
        parser.push(decoder.decode(value, { stream: true }));
      }
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new OfflineError(error);
    }
    return parser.id;
  }

  /** @param {Response} response */
  async answer(response) {
    const text = await this.read(response, (response) => response.text());
    return text.trim() === "" ? null : JSON.parse(text);
  }

  /**
   * A connection that breaks within the body is no answer either.
   * @template T
   * @param {Response} response
   * @param {(response: Response) => Promise<T>} body
   */
  async read(response, body) {
    try {
      return await body(response);
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") throw error;
      throw new OfflineError(error);
    }
  }
}
