import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeContext, shown } from "../support/fake-dom.mjs";
import { ShareLink } from "../../../Sources/Page/manage/share-link.js";
import { text } from "../../../Sources/Page/support/text.js";

/** What offers a link on a server below a prefix, and what the server was asked for. */
function share(token, role) {
  const asked = [];
  const context = fakeContext((method, path, query, body) => {
    asked.push([method, path, body]);
    return method === "POST" ? { id: 7, expires: "2026-01-31T12:00:00Z", paths: { "ome.zarr": "/v1/shares/slicewise_x/ome.zarr" } } : null;
  }, role);
  context.api.token = token;
  context.api.url = (path) => new URL(path, "http://server/a/b/");
  const made = new ShareLink(context, "p", "v");
  shown(made.element);
  return { made, asked };
}

test("a link is made for the volume, below the page's own address, and revoked", async () => {
  const { made, asked } = share("t", "annotator");
  await made.element.named(text.share.make)[0].click();
  assert.equal(made.element.querySelector("input").value, "http://server/a/b/v1/shares/slicewise_x/ome.zarr");
  await made.element.named(text.share.revoke)[0].click();
  assert.equal(made.element.querySelector("input"), null);
  assert.deepEqual(asked, [
    ["POST", "v1/projects/p/shares", { volume: "v", hours: 24 }], ["DELETE", "v1/projects/p/shares/7", undefined],
  ]);
});

test("links are offered to those who may make them, and only where they are needed", () => {
  const isOffered = (token, role) => !share(token, role).made.element.hidden;
  assert.deepEqual([isOffered("t", "annotator"), isOffered("t", "viewer"), isOffered(null, "admin")], [true, false, false]);
});
