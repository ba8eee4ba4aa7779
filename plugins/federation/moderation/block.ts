import { InvalidError } from 'outpost/plugin';
import { isId } from '../vocabulary/ids.ts';

/** `block` keeps everything out; `silence` lets people follow and read, and shows nothing of theirs. */
export type BlockLevel = 'block' | 'silence';

/** What a block is about: a server with all its subdomains, or one account. */
export type BlockTarget = { kind: 'host' | 'actor'; value: string };

/** The stricter of several blocks; null where there is none. */
export function levelFor(blocks: readonly { level: BlockLevel }[]): BlockLevel | null {
  if (blocks.some(({ level }) => level === 'block')) return 'block';
  return blocks.length > 0 ? 'silence' : null;
}

/** Every value by which a server can be blocked: itself, without its port, and each domain above it. */
export function blockableNames(host: string): string[] {
  const lower = host.toLowerCase();
  const name = lower.replace(/:\d+$/, '');
  if (name.startsWith('[') || /^[\d.]+$/.test(name)) return [...new Set([lower, name])];
  const labels = name.split('.').slice(-20);
  const above = labels.map((_, index) => labels.slice(index).join('.'));
  return [...new Set([lower, ...above])];
}

/**
 * Reads what somebody typed to block: a domain (also as an address or with `*.` before it), or an account's id.
 * @throws InvalidError `federation.block` for what is neither, and for this site itself
 */
export function readBlockTarget(typed: string, origin: string): BlockTarget {
  const written = typed.trim();
  const ownHost = new URL(origin).host;
  if (isId(written) && new URL(written).pathname !== '/') {
    if (new URL(written).host === ownHost) throw ownSite();
    return { kind: 'actor', value: written };
  }
  const bare = written
    .replace(/^https?:\/\//i, '')
    .replace(/^\*\./, '')
    .replace(/\/+$/, '');
  const url = /^[^\s/@?#\\]+$/.test(bare) ? URL.parse(`https://${bare}`) : null;
  if (
    !url ||
    url.hostname === '' ||
    (!url.hostname.includes('.') && !bare.includes(':') && bare !== 'localhost')
  ) {
    throw new InvalidError(
      'federation.block',
      `“${written.slice(0, 100)}” is neither a domain such as spam.example nor the address of an account.`,
    );
  }
  const value = url.port === '' && /:\d+$/.test(bare) ? bare.toLowerCase() : url.host;
  if (blockableNames(ownHost).includes(value)) throw ownSite();
  return { kind: 'host', value };
}

function ownSite(): InvalidError {
  return new InvalidError('federation.block', 'This is your own site; it cannot be blocked.');
}
