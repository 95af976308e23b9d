/**
 * @typedef {object} Key
 * @property {string} keys What is pressed, with commas between ways: `ctrl+z`, `shift+arrowleft`, `pageup`, `?`, `space`.
 * @property {string} text What it does.
 * @property {(event: KeyboardEvent) => boolean|void} run False if it does nothing now, so that the browser may.
 */

/**
 * The name of what was pressed, as in `Key.keys`.
 * @param {KeyboardEvent} event
 */
export function pressed(event) {
  const key = event.key === " " ? "space" : event.key.toLowerCase();
  const isSign = event.key.length === 1 && !/[a-z0-9 ]/i.test(event.key);
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push("ctrl");
  if (event.altKey) parts.push("alt");
  // Signs such as ? already tell what Shift does.
  if (event.shiftKey && !isSign) parts.push("shift");
  return [...parts, key].join("+");
}

/**
 * Whether what has the focus takes the key for itself.
 * @param {KeyboardEvent} event
 */
function isTaken(event) {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  if (target instanceof HTMLInputElement) {
    if (["checkbox", "radio", "color", "button", "file"].includes(target.type)) return event.key === " ";
    if (target.type === "range") return /^(Arrow|Page|Home|End)/.test(event.key);
    return !(event.key === "Escape");
  }
  if (target.closest("dialog")) return true;
  const isButton = target.closest("button, a, summary, [role=tab]") !== null;
  return isButton && (event.key === " " || event.key === "Enter");
}

/** The keys of a page, which whoever adds them also takes away. */
export class Keys {
  constructor() {
    /** @type {Map<string, Key[]>} */
    this.groups = new Map();
    document.addEventListener("keydown", (event) => this.down(event));
  }

  /**
   * @param {string} group Its title in the list of keys.
   * @param {Key[]} keys Replace those of the group.
   */
  set(group, keys) {
    if (keys.length === 0) this.groups.delete(group);
    else this.groups.set(group, keys);
  }

  /** @param {KeyboardEvent} event */
  down(event) {
    if (event.defaultPrevented || event.isComposing || isTaken(event)) return;
    const name = pressed(event);
    for (const keys of this.groups.values()) {
      for (const key of keys) {
        if (!key.keys.split(/, ?/).includes(name)) continue;
        if (key.run(event) === false) continue;
        event.preventDefault();
        return;
      }
    }
  }
}
