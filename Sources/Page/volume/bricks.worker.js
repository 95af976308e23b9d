import { brickFrames } from "./brick-frames.js";

// Unpacks answers beside the page, so that it stays smooth.
self.addEventListener("message", ({ data: { id, answer, size, shape, edge } }) => {
  const post = /** @type {(message: unknown, transfer?: Transferable[]) => void} */ (self.postMessage.bind(self));
  try {
    const frames = brickFrames(answer, size, shape, edge);
    post({ id, frames }, frames.map(({ bytes }) => bytes.buffer));
  } catch (error) {
    post({ id, error: error instanceof Error ? error.message : String(error) });
  }
});
