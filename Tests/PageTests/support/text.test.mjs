import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { literals } from "./literals.mjs";

const folder = new URL("../../../Sources/Page/", import.meta.url);
const modules = readdirSync(folder, { recursive: true }).map((path) => path.replaceAll("\\", "/"))
  .filter((path) => path.endsWith(".js") && path !== "support/text.js");

/** Words that no person reads: names of keys, of fonts, of classes of elements. */
const names = new Set(["Enter", "Escape", "11px system-ui, sans-serif", "button, a, summary, [role=tab]", "quiet zoom", "note fault", "warning: …"]);

test("what stands in quotes is found, and nothing else", () => {
  const source = "import a from \"./a.js\"; // \"no\"\n/* 'no' */ const b = /\"[/\"]/.test('x') ? `y ${c(\"z\")} w` : \"a \\\" b\";";
  assert.deepEqual(literals(source).map(({ text }) => text), ["./a.js", "x", "z", "y … w", "a \\\" b"]);
  assert.equal(literals("\n  a(1 / 2, \"b\")")[0].line, 2);
});

test("all that people read stands in one table, so that a translation is one file", () => {
  assert.ok(modules.length > 80);
  for (const path of modules) {
    for (const { text, before, line } of literals(readFileSync(new URL(path, folder), "utf8"))) {
      const isRead = /[A-Za-z]{2,} [A-Za-z]{2,}/.test(text) || /^[A-Z][a-z]+$/.test(text);
      assert.ok(!isRead || before.endsWith("class: ") || names.has(text), `${path}:${line}: “${text}” belongs into support/text.js`);
    }
  }
});
