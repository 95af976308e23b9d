/** @typedef {Node|string|number|null|undefined|false} Child Text is only ever text, never markup. */
/** @typedef {Record<string, any>} Attributes Functions named `on…` listen; true is an empty attribute; null and false are none. */

/**
 * @param {Element} element
 * @param {Attributes} attributes
 */
function assign(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked") Reflect.set(element, name, value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
}

/** @param {Child[]} children */
function kept(children) {
  return children
    .filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => (child instanceof Node ? child : String(child)));
}

/**
 * An element of the page.
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Attributes} [attributes]
 * @param {...Child} children
 */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  // The value of a list is one of its children's.
  element.append(...kept(children));
  assign(element, attributes);
  return element;
}

/**
 * An element of a drawing.
 * @param {string} name
 * @param {Attributes} [attributes]
 * @param {...Child} children
 */
export function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  element.append(...kept(children));
  assign(element, attributes);
  return element;
}

/**
 * @param {Element} parent
 * @param {...Child} children
 */
export function fill(parent, ...children) {
  parent.replaceChildren(...kept(children));
}

/**
 * Fills it anew. A control in it that has the focus keeps it, by its name; if it is gone, the first one gets it.
 * @param {Element} parent
 * @param {...Child} children
 */
export function refill(parent, ...children) {
  const { activeElement } = document;
  const held = activeElement !== parent && parent.contains(activeElement) ? (activeElement?.getAttribute("aria-label") ?? "") : null;
  fill(parent, ...children);
  if (held === null) return;
  const controls = [...parent.querySelectorAll("[aria-label]")].filter((control) => control instanceof HTMLElement && control.tabIndex >= 0);
  const next = controls.find((control) => control.getAttribute("aria-label") === held) ?? controls[0];
  if (next instanceof HTMLElement) next.focus({ preventScroll: true });
}

let labels = 0;

/**
 * A control with its label before it.
 * @param {string} label
 * @param {HTMLElement} control
 * @param {string|null} [hint] Below it.
 */
export function field(label, control, hint = null) {
  control.id ||= `field-${++labels}`;
  const note = hint ? h("small", { id: `${control.id}-hint` }, hint) : null;
  if (note) control.setAttribute("aria-describedby", note.id);
  return h("div", { class: "field" }, h("label", { for: control.id }, label), control, note);
}

/**
 * @param {string} label
 * @param {boolean} checked
 * @param {(checked: boolean) => void} onChange
 * @param {Attributes} [attributes]
 */
export function checkbox(label, checked, onChange, attributes = {}) {
  const input = h("input", { type: "checkbox", checked, ...attributes });
  input.addEventListener("change", () => onChange(input.checked));
  return h("label", { class: "check" }, input, h("span", {}, label));
}

/**
 * A list to choose from.
 * @param {string} label For screen readers; `field` shows one to all.
 * @param {[string, string][]} options Values and what is shown of them.
 * @param {string} value
 * @param {(value: string) => void} [onChange]
 */
export function choice(label, options, value, onChange) {
  const list = h("select", { "aria-label": label, value },
    ...options.map(([value, text]) => h("option", { value }, text)));
  if (onChange) list.addEventListener("change", () => onChange(list.value));
  return list;
}

/**
 * @param {string} label
 * @param {(event: MouseEvent) => void} onClick
 * @param {Attributes} [attributes]
 */
export function button(label, onClick, attributes = {}) {
  return h("button", { type: "button", onclick: onClick, ...attributes }, label);
}

/**
 * Does what a button is for once, however often it is pressed meanwhile. The button keeps the focus.
 * @param {HTMLElement} control
 * @param {() => Promise<unknown>} work
 */
export async function once(control, work) {
  if (control.getAttribute("aria-busy") === "true") return;
  control.setAttribute("aria-busy", "true");
  try {
    await work();
  } finally {
    control.removeAttribute("aria-busy");
  }
}

/**
 * @param {string[]} head
 * @param {(Child|{number: Child})[][]} rows
 * @param {string} label
 */
export function table(head, rows, label) {
  const cell = (/** @type {Child|{number: Child}} */ content) =>
    content !== null && typeof content === "object" && "number" in content
      ? h("td", { class: "number" }, content.number) : h("td", {}, content);
  const isNumber = (/** @type {number} */ column) => {
    const content = rows[0]?.[column];
    return content !== null && typeof content === "object" && "number" in content;
  };
  return h("div", { class: "scrolled", tabindex: 0, role: "region", "aria-label": label },
    h("table", {},
      h("thead", {}, h("tr", {}, ...head.map((title, column) =>
        h("th", { scope: "col", class: isNumber(column) ? "number" : null }, title)))),
      h("tbody", {}, ...rows.map((row) => h("tr", {}, ...row.map(cell))))));
}
