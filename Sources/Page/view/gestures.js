import { PenNearness } from "./pen-nearness.js";

/** @typedef {import("./slice-view.js").SliceView} SliceView */

/** What pointers and the wheel do in a view: its tool, or panning, zooming and turning over slices. */
export class Gestures {
  /** Whether Space is down: then dragging pans. */
  static isPanning = false;
  /** Of all views: a hand may lie in another than the pen. */
  static pen = new PenNearness();

  /** @param {SliceView} view */
  constructor(view) {
    this.view = view;
    /** @type {Map<number, {x: number, y: number, isTouch: boolean}>} */
    this.pointers = new Map();
    /** @type {"tool"|"pan"|"point"|null} */
    this.mode = null;
    this.wheeled = 0;
    this.stop = new AbortController();
    const { canvas } = view, { signal } = this.stop;
    canvas.style.touchAction = "none";
    canvas.addEventListener("pointerdown", (event) => this.down(event), { signal });
    canvas.addEventListener("pointermove", (event) => this.move(event), { signal });
    canvas.addEventListener("pointerup", (event) => this.up(event), { signal });
    canvas.addEventListener("pointercancel", (event) => this.cancel(event), { signal });
    canvas.addEventListener("pointerleave", () => this.leave(), { signal });
    canvas.addEventListener("contextmenu", (event) => event.preventDefault(), { signal });
    canvas.addEventListener("wheel", (event) => this.wheel(event), { passive: false, signal });
  }

  /** @param {PointerEvent} event */
  down(event) {
    const { view } = this;
    event.preventDefault();
    Gestures.pen.note(event);
    if (Gestures.pen.isPalm(event)) return;
    if (event.pointerType === "pen") this.dropTouches();
    view.canvas.focus({ preventScroll: true });
    try {
      view.canvas.setPointerCapture(event.pointerId);
    } catch {
      // The pointer is gone already.
    }
    this.pointers.set(event.pointerId, { x: event.clientX, y: event.clientY, isTouch: event.pointerType === "touch" });
    if (this.pointers.size === 2) {
      if (this.mode === "tool") view.tool?.cancel(view);
      this.mode = "pan";
    }
    if (this.pointers.size > 1) return;
    if (event.button === 1 || Gestures.isPanning) this.mode = "pan";
    else if (event.button === 0 || event.button === 2 || event.button === 5) {
      // 5 is the other end of a pen, which erases.
      this.mode = view.tool ? "tool" : "point";
      const place = view.toVoxel(event.clientX, event.clientY);
      view.isCursorByKeys = false;
      view.cursor = place;
      if (view.tool) view.tool.down(event, place, view);
      else this.pointOut(event);
    }
  }

  /** A pen comes down: the hand that lay there before it was no finger that paints or pans. */
  dropTouches() {
    const touches = [...this.pointers].filter(([, { isTouch }]) => isTouch);
    if (touches.length === 0) return;
    for (const [id] of touches) this.pointers.delete(id);
    if (this.mode === "tool") this.view.tool?.cancel(this.view);
    this.mode = null;
  }

  /** @param {PointerEvent} event */
  move(event) {
    const { view } = this;
    Gestures.pen.note(event);
    if (!this.pointers.has(event.pointerId) && Gestures.pen.isPalm(event)) return;
    const before = this.pointers.get(event.pointerId);
    if (before && this.mode === "pan") return this.drag(event, before);
    if (this.pointers.size > 1) return;
    view.isCursorByKeys = false;
    const place = view.toVoxel(event.clientX, event.clientY);
    view.point(place);
    if (this.mode === "point" || (event.shiftKey && this.mode === null)) this.pointOut(event);
    const events = event.getCoalescedEvents?.() ?? [];
    if (this.mode !== "point") view.tool?.move(events.length > 0 ? events : [event], place, view);
  }

  /**
   * One pointer pans; two pan and zoom.
   * @param {PointerEvent} event
   * @param {{x: number, y: number, isTouch: boolean}} before
   */
  drag(event, before) {
    const { view } = this;
    const after = { ...before, x: event.clientX, y: event.clientY };
    const other = [...this.pointers].find(([id]) => id !== event.pointerId)?.[1];
    this.pointers.set(event.pointerId, after);
    const share = other ? 0.5 : 1;
    view.pan((after.x - before.x) * share, (after.y - before.y) * share);
    if (!other) return;
    const distance = (/** @type {{x: number, y: number}} */ at) => Math.hypot(at.x - other.x, at.y - other.y);
    const box = view.canvas.getBoundingClientRect();
    const factor = Math.max(1, distance(after)) / Math.max(1, distance(before));
    view.zoom(factor, (after.x + other.x) / 2 - box.left, (after.y + other.y) / 2 - box.top);
  }

  /** @param {PointerEvent} event */
  up(event) {
    Gestures.pen.note(event);
    if (!this.pointers.delete(event.pointerId)) return;
    if (this.pointers.size > 0) return;
    const { mode, view } = this;
    this.mode = null;
    if (mode === "tool") view.tool?.up(event, view);
  }

  /** @param {PointerEvent} event */
  cancel(event) {
    Gestures.pen.note(event);
    if (!this.pointers.delete(event.pointerId)) return;
    if (this.mode === "tool") this.view.tool?.cancel(this.view);
    if (this.pointers.size === 0) this.mode = null;
  }

  leave() {
    if (this.mode === null) this.view.point(null);
  }

  /** @param {PointerEvent} event */
  pointOut(event) {
    const place = this.view.toVoxel(event.clientX, event.clientY);
    this.view.dispatchEvent(new CustomEvent("crosshair", { detail: place }));
  }

  /** @param {WheelEvent} event */
  wheel(event) {
    event.preventDefault();
    const { view } = this;
    const delta = event.deltaY || event.deltaX;
    if (event.ctrlKey || event.metaKey) {
      const box = view.canvas.getBoundingClientRect();
      const pixels = event.deltaMode === 0 ? delta : delta * 33;
      view.zoom(Math.exp(-pixels / 400), event.clientX - box.left, event.clientY - box.top);
      return;
    }
    const steps = this.steps(event, delta);
    if (steps === 0) return;
    if (event.shiftKey) view.tool?.resize?.(-steps);
    else view.index += steps * (event.altKey ? 10 : 1);
  }

  /**
   * Notches of the wheel; touch pads give many small parts of one.
   * @param {WheelEvent} event
   * @param {number} delta
   */
  steps(event, delta) {
    if (event.deltaMode !== 0 || Math.abs(delta) >= 50) {
      this.wheeled = 0;
      return Math.sign(delta);
    }
    this.wheeled += delta;
    const steps = Math.trunc(this.wheeled / 30);
    this.wheeled -= steps * 30;
    return steps;
  }

  close() {
    this.stop.abort();
  }
}
