const FIRST_BYTES = 4_096;

/** Collects the chunks of a body in one growing buffer: kept apart, a body of single bytes would take a hundred times its size. */
export type BodyBuffer = {
  /** False where the chunk would exceed the ceiling; it is then not taken. */
  add(chunk: Uint8Array): boolean;
  bytes(): Buffer;
};

/** @param maxBytes the ceiling */
export function createBodyBuffer(maxBytes: number): BodyBuffer {
  let buffer = Buffer.alloc(0);
  let size = 0;
  return {
    add(chunk) {
      const needed = size + chunk.length;
      if (needed > maxBytes) return false;
      if (needed > buffer.length) {
        const grown = Buffer.allocUnsafe(
          Math.min(maxBytes, Math.max(FIRST_BYTES, needed, buffer.length * 2)),
        );
        buffer.copy(grown, 0, 0, size);
        buffer = grown;
      }
      buffer.set(chunk, size);
      size = needed;
      return true;
    },
    bytes: () => buffer.subarray(0, size),
  };
}
