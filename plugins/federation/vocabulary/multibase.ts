const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** Longest text that is read; that of an 8,192-bit RSA key has about 1,430 characters. Reading it is quadratic. */
const MAX_LENGTH = 1_500;

/**
 * The bytes of a multibase text: base58btc (`z…`) or base64url without padding (`u…`). Null for anything else.
 * Source: W3C Controlled Identifiers, section 2.4 (Multibase)
 */
export function readMultibase(text: string): Buffer | null {
  if (text.length > MAX_LENGTH) return null;
  if (text.startsWith('z')) return fromBase58(text.slice(1));
  if (text.startsWith('u') && /^u[A-Za-z0-9_-]*$/.test(text)) return Buffer.from(text.slice(1), 'base64url');
  return null;
}

/**
 * Bytes as multibase in base58btc, the form that every reader of keys and proofs knows.
 * Source: W3C Controlled Identifiers, section 2.4 (Multibase)
 */
export function writeMultibase(bytes: Uint8Array): string {
  let number = BigInt(`0x0${Buffer.from(bytes).toString('hex')}`);
  let digits = '';
  while (number > 0n) {
    digits = ALPHABET.charAt(Number(number % 58n)) + digits;
    number /= 58n;
  }
  const zeros = bytes.findIndex((byte) => byte !== 0);
  return `z${'1'.repeat(zeros < 0 ? bytes.length : zeros)}${digits}`;
}

function fromBase58(text: string): Buffer | null {
  let number = 0n;
  for (const character of text) {
    const digit = ALPHABET.indexOf(character);
    if (digit < 0) return null;
    number = number * 58n + BigInt(digit);
  }
  const zeros = /^1*/.exec(text)?.[0].length ?? 0;
  const hex = number === 0n ? '' : number.toString(16);
  return Buffer.concat([Buffer.alloc(zeros), Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')]);
}
