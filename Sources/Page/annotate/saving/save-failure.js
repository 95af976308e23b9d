import { APIError } from "../../support/api.js";
import { text } from "../../support/text.js";
import { ReplacedError } from "./annotation-service.js";

/** @typedef {"again"|"conflict"|"newKey"|"refused"} FailureKind */
/** @typedef {{kind: FailureKind, wait: number, reason: string}} SaveFailure `wait`: milliseconds at least before the next try. */

/**
 * What it means that a post failed: whether it is worth trying again, or the slice has moved on, or it will never be taken.
 * @param {unknown} error
 * @returns {SaveFailure}
 */
export function saveFailure(error) {
  if (error instanceof ReplacedError) return { kind: "again", wait: 10000, reason: text.annotate.replaced };
  if (!(error instanceof APIError)) return { kind: "again", wait: 0, reason: text.annotate.offline };
  const { status, detail, field } = error;
  if (field === "Idempotency-Key") return { kind: status === 409 ? "again" : "newKey", wait: 1000, reason: detail };
  if (status === 409) return { kind: "conflict", wait: 0, reason: detail };
  if (status === 401) return { kind: "again", wait: 10000, reason: text.annotate.signedOut };
  if (status === 429) return { kind: "again", wait: 10000, reason: detail };
  if (status === 408 || status === 425 || status >= 500) return { kind: "again", wait: 0, reason: text.annotate.fault(detail) };
  return { kind: "refused", wait: 0, reason: detail };
}
