/** @typedef {{id: string, type: string, data: string}} ServerEvent */

/** The lines of a stream of server-sent events, as `text/event-stream` defines them. */
export class EventStreamParser {
  /** @param {(event: ServerEvent) => void} onEvent */
  constructor(onEvent) {
    this.onEvent = onEvent;
    this.rest = "";
    this.id = "";
    this.type = "";
    /** @type {string[]} */
    this.data = [];
  }

  /** @param {string} text What came next, cut anywhere. */
  push(text) {
    const lines = (this.rest + text).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? "";
    for (const line of lines) this.line(line);
  }

  /** @param {string} line */
  line(line) {
    if (line === "") return this.dispatch();
    const colon = line.indexOf(":");
    if (colon === 0) return;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "id") this.id = value;
    else if (field === "event") this.type = value;
    else if (field === "data") this.data.push(value);
  }

  dispatch() {
    if (this.data.length > 0) {
      this.onEvent({ id: this.id, type: this.type || "message", data: this.data.join("\n") });
    }
    this.type = "";
    this.data = [];
  }
}
