/**
 * Why a request's signature is not accepted, in one plain sentence that the sender may read.
 * Stays inside this folder: `readSignature` turns it into a value.
 */
export class SignatureRefused extends Error {
  readonly status: 400 | 401;

  constructor(status: 400 | 401, reason: string) {
    super(reason);
    this.name = 'SignatureRefused';
    this.status = status;
  }
}

/** The request cannot be read: 400. */
export function malformed(reason: string): SignatureRefused {
  return new SignatureRefused(400, reason);
}

/** The request can be read and its signature does not prove enough: 401. */
export function unproven(reason: string): SignatureRefused {
  return new SignatureRefused(401, reason);
}
