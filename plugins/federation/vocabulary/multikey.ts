const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** Longest multibase text that is read; that of a 4,096-bit RSA key has about 720 characters. */
const MAX_MULTIBASE_LENGTH = 1_500;

/**
 * A Multikey's `publicKeyMultibase` (base58btc; Ed25519 or RSA) as PEM, or null for what is not one.
 *
 * Source: W3C Controlled Identifiers, section 2.2.2 (Multikey) and 2.4 (multibase); multicodec table (`ed25519-pub`,
 * `rsa-pub`); RFC 8410, section 4 (Ed25519 in SPKI); RFC 8017, appendix A.1.1.
 */
export function spkiPem(multibase: string | null): string | null {
  if (multibase === null || multibase.length > MAX_MULTIBASE_LENGTH || !multibase.startsWith('z'))
    return null;
  const bytes = fromBase58(multibase.slice(1));
  if (bytes === null) return null;
  if (bytes[0] === 0xed && bytes[1] === 0x01 && bytes.length === 34) {
    return pem('PUBLIC KEY', Buffer.concat([ed25519Prefix, bytes.subarray(2)]));
  }
  if (bytes[0] === 0x85 && bytes[1] === 0x24) return pem('RSA PUBLIC KEY', bytes.subarray(2));
  return null;
}

/** The SPKI structure around the 32 bytes of an Ed25519 key. */
const ed25519Prefix = Buffer.from('302a300506032b6570032100', 'hex');

function pem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

function fromBase58(written: string): Buffer | null {
  let number = 0n;
  for (const char of written) {
    const digit = ALPHABET.indexOf(char);
    if (digit < 0) return null;
    number = number * 58n + BigInt(digit);
  }
  const hex = number.toString(16);
  const zeros = /^1*/.exec(written)?.[0].length ?? 0;
  return Buffer.concat([Buffer.alloc(zeros), Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')]);
}
