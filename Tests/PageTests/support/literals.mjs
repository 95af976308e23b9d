/**
 * The texts in a module: what stands in quotes, without what is filled into it.
 *
 * Enough of JavaScript's grammar for the page's own modules: comments and regular expressions are gone by.
 * @param {string} source
 * @returns {{line: number, text: string, before: string}[]} `before` is what stands before it in its line.
 */
export function literals(source) {
  const found = [];
  let place = 0;
  const add = (start, text) => {
    const lineStart = source.lastIndexOf("\n", start) + 1;
    found.push({ line: source.slice(0, start).split("\n").length, text, before: source.slice(lineStart, start) });
  };
  const quoted = (quote) => {
    const start = place++;
    let text = "";
    while (source[place] !== quote) {
      if (source[place] === "\\") text += source[place++];
      else if (quote === "`" && source.startsWith("${", place)) {
        place += 2;
        code("}");
        text += "…";
        continue;
      }
      text += source[place++];
    }
    place++;
    add(start, text);
  };
  const code = (end) => {
    for (let depth = 0, last = ""; place < source.length;) {
      const sign = source[place];
      if (sign === end && depth === 0) return void place++;
      if (source.startsWith("//", place)) place = endOf("\n");
      else if (source.startsWith("/*", place)) place = endOf("*/");
      else if (`"'\``.includes(sign)) {
        quoted(sign);
        last = sign;
      } else if (sign === "/" && /[(,=:[!&|?{};\s]|^$/.test(last)) {
        place = expressionEnd();
        last = "/";
      } else {
        if (sign === "{") depth++;
        if (sign === "}") depth--;
        if (sign.trim()) last = sign;
        place++;
      }
    }
  };
  const endOf = (mark) => {
    const at = source.indexOf(mark, place + 2);
    return at < 0 ? source.length : at + mark.length;
  };
  const expressionEnd = () => {
    let at = place + 1;
    for (let isClass = false; source[at] !== "/" || isClass; at++) {
      if (source[at] === "\\") at++;
      else if (source[at] === "[") isClass = true;
      else if (source[at] === "]") isClass = false;
    }
    return at + 1;
  };
  code("");
  return found;
}
