import { text } from "./text.js";

/** A refusal by the server, with what it says is wrong and what would be right. */
export class APIError extends Error {
  /**
   * @param {number} status
   * @param {string} detail
   * @param {string|null} field The parameter or field at fault.
   * @param {any} body The whole answer: an object where it was JSON, otherwise null.
   * @param {number} retryAfter Seconds after which the server may answer otherwise; 0 where it says nothing.
   */
  constructor(status, detail, field = null, body = null, retryAfter = 0) {
    super(detail);
    this.name = "APIError";
    this.status = status;
    this.detail = detail;
    this.field = field;
    this.body = body;
    this.retryAfter = retryAfter;
  }

  /** Whether the same request may succeed later without a change. */
  get isPassing() {
    return this.status >= 500 || this.status === 429;
  }

  /** @param {Response} response */
  static async from(response) {
    const text = await response.text().catch(() => "");
    let body = null;
    try {
      body = JSON.parse(text);
    } catch {
      // A proxy in between answers with a page of its own; its status is all there is to tell.
    }
    const detail = body?.detail ?? body?.title ?? `${response.status} ${response.statusText}`.trim();
    const wait = Number(response.headers.get("Retry-After")) || 0;
    return new APIError(response.status, detail, body?.field ?? null, body, wait);
  }
}

/** There was no answer: no network, no server, or a connection that broke. */
export class OfflineError extends Error {
  /** @param {unknown} cause */
  constructor(cause) {
    super(text.faults.noAnswer);
    this.name = "OfflineError";
    this.cause = cause;
  }
}
