const limit = 0xffffffff;

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/**
 * CRC-32, as zip archives have it.
 * @param {Uint8Array} bytes
 */
export function checksum(bytes) {
  let value = limit;
  for (const byte of bytes) value = (table[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8);
  return (value ^ limit) >>> 0;
}

/**
 * Little-endian numbers, each with its count of bytes.
 * @param {...[number, number]} numbers
 */
function packed(...numbers) {
  const bytes = new Uint8Array(numbers.reduce((sum, [, count]) => sum + count, 0));
  let place = 0;
  for (const [number, count] of numbers) {
    for (let byte = 0; byte < count; byte++) bytes[place++] = Math.floor(number / 256 ** byte) % 256;
  }
  return bytes;
}

/**
 * A zip archive of files as they are, none of 4 GB or more.
 * @param {{name: string, file: Blob}[]} files By their names within.
 * @param {string} name
 */
export async function storedZip(files, name) {
  /** @type {BlobPart[]} */
  const parts = [];
  /** @type {BlobPart[]} */
  const list = [];
  let [offset, listSize] = [0, 0];
  for (const { name, file } of files) {
    const title = new TextEncoder().encode(name);
    const sum = checksum(new Uint8Array(await file.arrayBuffer()));
    // 0x800: names are UTF-8.
    const facts = packed([20, 2], [0x800, 2], [0, 2], [0, 2], [0x21, 2], [sum, 4], [file.size, 4], [file.size, 4], [title.length, 2]);
    const front = packed([0x04034b50, 4]);
    parts.push(front, facts, packed([0, 2]), title, file);
    // Places that four bytes don't hold stand behind the name.
    const far = offset < limit ? new Uint8Array() : packed([1, 2], [8, 2], [offset, 8]);
    const entry = [packed([0x02014b50, 4], [20, 2]), facts, packed([far.length, 2], [0, 2], [0, 2], [0, 2], [0, 4], [Math.min(offset, limit), 4]), title, far];
    list.push(...entry);
    listSize += entry.reduce((all, part) => all + part.length, 0);
    offset += 4 + facts.length + 2 + title.length + file.size;
  }
  const count = Math.min(files.length, 0xffff);
  const end = packed([0x06054b50, 4], [0, 2], [0, 2], [count, 2], [count, 2], [listSize, 4], [Math.min(offset, limit), 4], [0, 2]);
  const isLarge = files.length >= 0xffff || offset >= limit;
  const largeEnd = packed([0x06064b50, 4], [44, 8], [45, 2], [45, 2], [0, 4], [0, 4], [files.length, 8], [files.length, 8], [listSize, 8], [offset, 8]);
  const locator = packed([0x07064b50, 4], [0, 4], [offset + listSize, 8], [1, 4]);
  return new File([...parts, ...list, ...(isLarge ? [largeEnd, locator] : []), end], name, { type: "application/zip" });
}
