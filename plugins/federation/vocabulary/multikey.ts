import { readMultibase } from './multibase.ts';

/**
 * A Multikey's `publicKeyMultibase` (Ed25519 or RSA) as PEM, or null for what is not one.
 *
 * Source: W3C Controlled Identifiers, section 2.2.2 (Multikey) and 2.4 (multibase); multicodec table (`ed25519-pub`,
 * `rsa-pub`); RFC 8410, section 4 (Ed25519 in SPKI); RFC 8017, appendix A.1.1.
 */
export function spkiPem(multibase: string | null): string | null {
  const bytes = multibase === null ? null : readMultibase(multibase);
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
