import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { fakeContext, shown } from "./fake-dom.mjs";
import { APIError } from "../../../Sources/Page/support/api.js";
import { DownloadList } from "../../../Sources/Page/support/download-list.js";
import { text } from "../../../Sources/Page/support/text.js";

/** Links that were followed: where to, and the name of the file. */
const followed = [];
/** What can be downloaded from an address of the page's own. */
const kept = new Map();
const create = document.createElement;
document.createElement = (name) => {
  const element = create(name);
  if (name === "a") element.click = () => followed.push([element.getAttribute("href"), element.getAttribute("download")]);
  return element;
};
globalThis.window = new EventTarget();
Object.assign(URL, {
  createObjectURL: (blob) => `blob:${kept.set(kept.size, blob).size - 1}`, revokeObjectURL() {},
});

beforeEach(() => {
  followed.length = FakeRequest.all.length = 0;
  kept.clear();
});

/** What the page fetches itself, as a browser does it. */
class FakeRequest extends EventTarget {
  static all = [];
  headers = {};

  open(method, url) {
    Object.assign(this, { method, url: String(url) });
  }

  setRequestHeader(name, value) {
    this.headers[name] = value;
  }

  getResponseHeader(name) {
    return name === "Content-Disposition" && this.status === 200 ? 'attachment; filename="a-b.nii"' : null;
  }

  send() {
    FakeRequest.all.push(this);
  }

  abort() {
    this.dispatchEvent(new Event("abort"));
  }

  come(loaded, total) {
    this.dispatchEvent(Object.assign(new Event("progress"), { loaded, total, lengthComputable: total !== undefined }));
  }

  end(status, body) {
    Object.assign(this, { status, statusText: "", response: new Blob([body]) });
    this.dispatchEvent(new Event("load"));
  }
}
globalThis.XMLHttpRequest = FakeRequest;

/** A list on a server whose answers to `HEAD` are given. */
function list(token, head = null) {
  const context = fakeContext(() => null), asked = [];
  Object.assign(context.api, {
    token, headers: () => (token ? { Authorization: `Bearer ${token}` } : {}),
    url: (path, query) => new URL(`${path}?${new URLSearchParams(query)}`, "http://server/"),
    send: async (method) => {
      asked.push(method);
      if (head === null) throw new APIError(404, "404 Not Found");
      return head;
    },
  });
  const made = new DownloadList(context);
  shown(made.element);
  /** A download that has begun, and the request that it made. */
  const save = async () => {
    const saved = made.save("v/image", { format: "nii" }, "image.nii");
    await new Promise(setImmediate);
    return { saved, request: FakeRequest.all.at(-1) };
  };
  return { made, asked, context, save };
}

test("where no token is wanted the browser fetches a file by itself, once it is there", async () => {
  const { made, asked, save } = list(null, new Response(null, { headers: { "Content-Disposition": 'attachment; filename="a-b.nii"' } }));
  await (await save()).saved;
  assert.deepEqual([asked, FakeRequest.all], [["HEAD"], []]);
  assert.deepEqual(followed, [["http://server/v/image?format=nii", "a-b.nii"]]);
  assert.equal(made.words.textContent, text.files.begun("a-b.nii"));
});

test("what the server refuses is said in its words", async () => {
  const { made, context, save } = list(null);
  const { saved, request } = await save();
  request.end(404, JSON.stringify({ detail: "there is no prediction yet" }));
  await saved;
  assert.deepEqual([followed, made.words.textContent, context.told], [[], "there is no prediction yet", ["there is no prediction yet"]]);
});

test("with a token a file comes through the page, which says how far it is, and no address has the token", async () => {
  const { made, asked, save } = list("slicewise_secret");
  const { saved, request } = await save();
  assert.deepEqual([asked, request.headers], [[], { Authorization: "Bearer slicewise_secret" }]);
  assert.equal(made.words.textContent, text.files.fetching);
  request.come(3e6, 6e6);
  assert.equal(made.rows.querySelector("progress").value, 0.5);
  assert.match(made.rows.textContent, /3.0 MB of 6.0 MB/);
  request.end(200, "all of it");
  await saved;
  assert.deepEqual(followed, [["blob:0", "a-b.nii"]]);
  assert.equal(await kept.get(0).text(), "all of it");
  assert.ok(!request.url.includes("secret"));
  assert.deepEqual([made.rows.textContent, made.words.textContent], ["", text.files.saved("a-b.nii")]);
});

test("of a file whose length nobody knows that is told which has come", async () => {
  const { made, save } = list("t");
  const { saved, request } = await save();
  request.come(25e6);
  assert.match(made.rows.textContent, /25 MB/);
  assert.ok(!/ of /.test(made.rows.textContent.replace("image.nii", "")) && !made.rows.querySelector("progress").value);
  request.end(200, "");
  await saved;
});

test("a download that is cancelled leaves no file, and is no fault", async () => {
  const { made, context, save } = list("t");
  const { saved } = await save();
  await made.rows.named(text.files.cancel("image.nii"))[0].click();
  await saved;
  assert.deepEqual([followed, context.told], [[], []]);
  assert.equal(made.words.textContent, text.files.cancelled("image.nii"));
  assert.equal(document.activeElement, made.words);
  assert.equal(made.rows.textContent, "");
});

test("whoever closes the page on a file that comes through it is asked first", async () => {
  const { save } = list("t");
  const isAsked = () => !window.dispatchEvent(new Event("beforeunload", { cancelable: true }));
  assert.ok(!isAsked());
  const { saved, request } = await save();
  assert.ok(isAsked());
  request.end(200, "");
  await saved;
  assert.ok(!isAsked());
});
