/** How far a request may be led: anywhere that the guard allows, not off its origin, or nowhere. */
export type RedirectPolicy = 'any-origin' | 'same-origin' | 'none';

/** What an answer asks the fetch to do. `leaves` is a redirect off the origin that the caller excluded. */
export type RedirectDecision =
  | { kind: 'answer' }
  | { kind: 'follow'; location: string }
  | { kind: 'leaves'; location: string }
  | { kind: 'too-many' };

/** What the decision hangs on. `followed` counts the redirects so far, `limit` is the most there may be. */
export type RedirectQuestion = {
  method: 'GET' | 'POST' | 'HEAD';
  status: number;
  location: string | undefined;
  from: URL;
  policy: RedirectPolicy;
  followed: number;
  limit: number;
};

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * Decides about one answer. A POST is sent again only after 307 or 308, only to its own origin and only once: elsewhere
 * its body and signature are nobody's business. In every other case its redirect is the answer.
 * Source: RFC 9110, section 15.4.
 */
export function decideRedirect(question: RedirectQuestion): RedirectDecision {
  const { method, status, location, from, policy, followed, limit } = question;
  if (policy === 'none' || location === undefined || !REDIRECTS.has(status)) return { kind: 'answer' };
  const staysHome = URL.parse(location, from)?.origin === from.origin;
  if (method === 'POST') {
    const again = (status === 307 || status === 308) && staysHome && followed < Math.min(limit, 1);
    return again ? { kind: 'follow', location } : { kind: 'answer' };
  }
  if (policy === 'same-origin' && !staysHome) return { kind: 'leaves', location };
  return followed < limit ? { kind: 'follow', location } : { kind: 'too-many' };
}
