/**
 * Whether a pen is near the screen: then what touches it is the hand that holds the pen.
 *
 * Pens are told from some millimetres away, before the hand comes down; they are away a moment after they were told last.
 */
export class PenNearness {
  /** Milliseconds after which a pen that tells nothing is away. */
  static moment = 700;

  /** @param {() => number} [now] Milliseconds. */
  constructor(now = () => performance.now()) {
    this.now = now;
    this.seen = -Infinity;
    this.isDown = false;
  }

  /**
   * Takes note of a pen's events.
   * @param {Pick<PointerEvent, "pointerType"|"type">} event
   */
  note({ pointerType, type }) {
    if (pointerType !== "pen") return;
    this.seen = this.now();
    if (type === "pointerdown") this.isDown = true;
    if (type === "pointerup" || type === "pointercancel") this.isDown = false;
  }

  /**
   * Whether an event is one of a hand at rest.
   * @param {Pick<PointerEvent, "pointerType">} event
   */
  isPalm({ pointerType }) {
    return pointerType === "touch" && (this.isDown || this.now() - this.seen < PenNearness.moment);
  }
}
