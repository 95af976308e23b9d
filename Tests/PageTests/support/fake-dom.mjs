/**
 * As much of a browser's document as the page's panels need: elements, their attributes, what they hold, the focus. Nothing is
 * laid out or drawn; `make check-page` has a real browser.
 */
class FakeNode {
  parentNode = null;

  get isConnected() {
    return this === document.body || (this.parentNode?.isConnected ?? false);
  }

  remove() {
    const siblings = this.parentNode?.childNodes;
    if (siblings) siblings.splice(siblings.indexOf(this), 1);
    if (this.contains?.(document.activeElement)) document.activeElement = document.body;
    this.parentNode = null;
  }
}

class FakeText extends FakeNode {
  constructor(textContent) {
    super();
    this.textContent = textContent;
  }
}

class FakeElement extends FakeNode {
  childNodes = [];
  attributes = new Map();
  listeners = new Map();
  style = {};
  value = "";
  checked = false;

  constructor(tagName) {
    super();
    this.tagName = tagName;
    this.dataset = new Proxy({}, { get: (_, name) => this.getAttribute(`data-${String(name)}`) ?? undefined });
    this.tabIndex = ["button", "input", "select", "summary", "a"].includes(tagName) ? 0 : -1;
    const words = () => new Set((this.getAttribute("class") ?? "").split(" ").filter(Boolean));
    const change = (act) => (name) => {
      const all = words();
      all[act](name);
      this.setAttribute("class", [...all].join(" "));
    };
    this.classList = { add: change("add"), remove: change("delete"), contains: (name) => words().has(name) };
  }

  get children() {
    return this.childNodes.filter((node) => node instanceof FakeElement);
  }

  get firstElementChild() {
    return this.children[0] ?? null;
  }

  get textContent() {
    return this.childNodes.map((node) => node.textContent).join("");
  }

  set textContent(text) {
    this.replaceChildren(text);
  }

  append(...nodes) {
    for (const node of nodes) {
      const child = node instanceof FakeNode ? node : new FakeText(String(node));
      child.remove();
      child.parentNode = this;
      this.childNodes.push(child);
    }
  }

  replaceChildren(...nodes) {
    for (const node of [...this.childNodes]) node.remove();
    this.append(...nodes);
  }

  setAttribute(name, value) {
    this.attributes.set(name, String(value));
    if (name === "tabindex") this.tabIndex = Number(value);
  }

  getAttribute(name) {
    return this.attributes.get(name) ?? null;
  }

  removeAttribute(name) {
    this.attributes.delete(name);
  }

  toggleAttribute(name, isOn) {
    if (isOn) this.setAttribute(name, "");
    else this.removeAttribute(name);
  }

  addEventListener(type, listener) {
    this.listeners.set(type, [...(this.listeners.get(type) ?? []), listener]);
  }

  get valueAsNumber() {
    return this.value === "" ? NaN : Number(this.value);
  }

  /** Answers when all that listens is done. */
  async dispatch(type, more = {}) {
    const event = { type, currentTarget: this, target: this, preventDefault() {}, ...more };
    await Promise.all((this.listeners.get(type) ?? []).map((listen) => listen(event)));
  }

  /** As a person does: what is disabled does nothing. */
  async click() {
    if (this.disabled) return;
    this.focus();
    await this.dispatch("click");
  }

  async choose(value) {
    this.value = value;
    await this.dispatch("change");
  }

  focus() {
    document.activeElement = this;
  }

  contains(node) {
    return node === this || this.children.some((child) => child.contains(node));
  }

  /** Elements within by tag, `[name]` and `[name=value]`. */
  querySelectorAll(selector) {
    const [, tag, name, value] = /^(\w*)(?:\[([\w-]+)(?:=(.+))?\])?$/.exec(selector);
    const isMeant = (element) => (!tag || element.tagName === tag)
      && (!name || (value === undefined ? element.getAttribute(name) !== null : element.getAttribute(name) === value));
    return this.children.flatMap((child) => [...(isMeant(child) ? [child] : []), ...child.querySelectorAll(selector)]);
  }

  querySelector(selector) {
    return this.querySelectorAll(selector)[0] ?? null;
  }

  /** The controls of a name. */
  named(name) {
    return this.querySelectorAll("").filter((element) => ["button", "select", "input", "a"].includes(element.tagName)
      && (element.getAttribute("aria-label") ?? element.textContent) === name);
  }
}

for (const [property, name] of [["id", "id"], ["className", "class"], ["title", "title"]]) {
  Object.defineProperty(FakeElement.prototype, property, {
    get() { return this.getAttribute(name) ?? ""; },
    set(value) { this.setAttribute(name, value); },
  });
}
for (const name of ["hidden", "disabled", "open"]) {
  Object.defineProperty(FakeElement.prototype, name, {
    get() { return this.getAttribute(name) !== null; },
    set(isOn) { this.toggleAttribute(name, isOn); },
  });
}

const body = new FakeElement("body");
Object.assign(globalThis, {
  Node: FakeNode, Element: FakeElement, HTMLElement: FakeElement, HTMLInputElement: class {},
  document: {
    body, activeElement: body, hidden: false, createElement: (name) => new FakeElement(name),
    createElementNS: (_, name) => new FakeElement(name),
  },
});

/** Something of the page that is seen. */
export function shown(element) {
  body.replaceChildren(element);
  return element;
}

/**
 * What parts of the page get, with a server that answers by a function of the path, the query and the body.
 * @param {(method: string, path: string, query: object, body: unknown) => unknown} answer
 * @param {string} role
 */
export function fakeContext(answer, role = "admin") {
  const roles = ["viewer", "annotator", "trainer", "admin"], told = [];
  const call = async (method, path, query = {}, body = undefined) => {
    const sent = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== null && value !== undefined));
    return answer(method, path, sent, body);
  };
  return {
    told,
    session: { may: (least) => roles.indexOf(role) >= roles.indexOf(least), mayMakeProjects: role === "admin" },
    announcer: { say: (words) => told.push(words), tell: (words) => told.push(words), note: (words) => told.push(words),
      error: (error) => told.push(error.message) },
    api: {
      token: null,
      url: (path) => new URL(path, "http://server/"),
      get: (path, { query } = {}) => call("GET", path, query),
      json: (method, path, body, { query } = {}) => call(method, path, query, body),
      send: async (method, path, { query } = {}) => {
        await call(method, path, query);
        return new Response("x");
      },
      read: (response, body) => body(response),
    },
  };
}
