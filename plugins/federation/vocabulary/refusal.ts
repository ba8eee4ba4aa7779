/** Why a document was not taken. `reason` is one sentence fit for its sender; the statuses are HTTP's. */
export type Refused = { kind: 'refused'; status: 400 | 403; reason: string };

/** The document is not what it should be. 400 */
export function malformed(reason: string): Refused {
  return { kind: 'refused', status: 400, reason };
}

/** The document is well formed, and says what its sender may not say. 403 */
export function notAllowed(reason: string): Refused {
  return { kind: 'refused', status: 403, reason };
}
