import { setTimeout as delay } from 'node:timers/promises';

/**
 * Waits until a question is answered with something true, and gives the answer.
 * @param what said where it does not come true within the time
 */
export async function until<T>(
  what: string,
  ask: () => Promise<T> | T,
  timeoutMs = 10_000,
): Promise<NonNullable<T>> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`Not within ${timeoutMs} ms: ${what}`);
    await delay(25);
  }
}
