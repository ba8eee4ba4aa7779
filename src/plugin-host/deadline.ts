/**
 * Waits for work of a plugin, but not for ever; what comes later is nobody's any more.
 * @param what names the work in the error
 * @throws Error when nothing came within `ms` milliseconds, or what the work throws
 */
export async function withinDeadline<T>(what: string, ms: number, work: () => Promise<T> | T): Promise<T> {
  let timeout: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timeout = setTimeout(() => reject(new Error(`${what} took more than ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work(), deadline]);
  } finally {
    clearTimeout(timeout);
  }
}
