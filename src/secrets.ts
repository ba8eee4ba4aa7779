import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** What can be done with the site's secret; the secret itself stays inside. */
export type Secrets = {
  /** A signature over `text` for one purpose, of `[A-Za-z0-9_-]`. */
  sign(purpose: string, text: string): string;
  /** Whether the signature is ours for that purpose. Takes the same time for every wrong one. */
  verify(purpose: string, text: string, signature: string): boolean;
  /** Encrypts what is kept in the database, so that a copy of the database alone gives nothing away. */
  seal(purpose: string, text: string): string;
  /** @throws Error when it was sealed with another secret or was changed. */
  open(purpose: string, sealed: string): string;
};

/** The file in the data folder that holds the secret; mode 0600. */
export function secretFile(dataFolder: string): string {
  return path.join(dataFolder, 'secret.key');
}

/** Opens the site's secret, and makes it at the first start. */
export function openSecrets(dataFolder: string): Secrets {
  const file = secretFile(dataFolder);
  if (!existsSync(file)) createSecret(file);
  const master = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64url');
  if (master.length !== 32)
    throw new Error(`${file} does not hold a secret of 32 bytes; restore it from a backup.`);
  return createSecrets(master);
}

/** Two processes that start at once agree on one secret: linking fails where the file exists. */
function createSecret(file: string): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    if (!existsSync(file)) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** @param master 32 bytes */
export function createSecrets(master: Buffer): Secrets {
  const keys = new Map<string, Buffer>();
  const keyFor = (purpose: string) => {
    let key = keys.get(purpose);
    if (!key) {
      key = Buffer.from(hkdfSync('sha256', master, '', `outpost ${purpose}`, 32));
      keys.set(purpose, key);
    }
    return key;
  };
  const sign = (purpose: string, text: string) =>
    createHmac('sha256', keyFor(purpose)).update(text).digest('base64url');
  return {
    sign,
    verify(purpose, text, signature) {
      const expected = Buffer.from(sign(purpose, text));
      const given = Buffer.from(signature);
      return expected.length === given.length && timingSafeEqual(expected, given);
    },
    seal(purpose, text) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', keyFor(purpose), nonce);
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
    },
    open(purpose, sealed) {
      const bytes = Buffer.from(sealed, 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', keyFor(purpose), bytes.subarray(0, 12));
      decipher.setAuthTag(bytes.subarray(12, 28));
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
    },
  };
}
