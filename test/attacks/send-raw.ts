import { createHash, type KeyObject, sign } from 'node:crypto';
import { type IncomingHttpHeaders, request } from 'node:http';
import type { WildActor } from './wild-peer.ts';

/** An answer, with how long it took. */
export type RawAnswer = { status: number; headers: IncomingHttpHeaders; text: string; ms: number };

/** Header lines as they are written, names twice where they are given twice. */
export type Lines = readonly (readonly [name: string, value: string])[];

/** Sends one request on a connection of its own, header by header as it is given; nothing is added but lengths. */
export function sendRaw(
  url: string,
  { method = 'POST', lines, body }: { method?: string; lines: Lines; body?: string | Buffer },
): Promise<RawAnswer> {
  const start = performance.now();
  const bytes = body === undefined ? undefined : Buffer.from(body);
  const target = new URL(url);
  const names = new Set(lines.map(([name]) => name.toLowerCase()));
  const headers = lines.flat();
  if (!names.has('host')) headers.unshift('Host', target.host);
  if (bytes && !names.has('content-length') && !names.has('transfer-encoding'))
    headers.push('Content-Length', String(bytes.length));
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers, agent: false }, async (response) => {
      const parts: Buffer[] = [];
      try {
        for await (const part of response) parts.push(part);
      } catch {
        // The other side closed early: what was said until then is the answer.
      }
      const text = Buffer.concat(parts).toString();
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        text,
        ms: performance.now() - start,
      });
    });
    outgoing.on('error', reject);
    outgoing.end(bytes);
  });
}

/** How a request to an inbox is signed and what is wrong with it. */
export type SigningOptions = {
  keyId?: string;
  key?: KeyObject;
  date?: Date;
  /** The names that are signed; the usual four where absent. */
  covered?: readonly string[];
  /** What is signed as `(request-target)`, and as `host`, where it is not what is asked for. */
  target?: string;
  host?: string;
  algorithm?: string;
  path?: string;
  body?: string | Buffer;
  contentType?: string;
  /** Changes the lines after they were signed. */
  tamper?: (lines: Lines) => Lines;
};

const usual = ['(request-target)', 'host', 'date', 'digest'] as const;

/** Signs an activity as other servers do, without any code of ours, and sends it to an inbox. */
export function sendSigned(
  blogUrl: string,
  actor: Pick<WildActor, 'keyId' | 'key'>,
  activity: unknown,
  options: SigningOptions = {},
): Promise<RawAnswer> {
  const path = options.path ?? '/ap/inbox';
  const body = options.body ?? JSON.stringify(activity);
  const lines = signedLines(blogUrl, actor, body, options);
  return sendRaw(`${blogUrl}${path}`, { lines: options.tamper?.(lines) ?? lines, body });
}

function signedLines(
  blogUrl: string,
  actor: Pick<WildActor, 'keyId' | 'key'>,
  body: string | Buffer,
  options: SigningOptions,
): Lines {
  const { covered = usual, algorithm = 'rsa-sha256', path = '/ap/inbox' } = options;
  const values: Record<string, string> = {
    host: new URL(blogUrl).host,
    date: (options.date ?? new Date()).toUTCString(),
    digest: `SHA-256=${createHash('sha256').update(body).digest('base64')}`,
    'content-type': options.contentType ?? 'application/activity+json',
  };
  const text = covered
    .map((name) => {
      if (name === '(request-target)') return `${name}: post ${options.target ?? path}`;
      if (name === 'host') return `${name}: ${options.host ?? values.host}`;
      return `${name}: ${values[name]}`;
    })
    .join('\n');
  const key = options.key ?? actor.key;
  const hash = key.asymmetricKeyType === 'rsa' ? 'sha256' : null;
  const signature = sign(hash, Buffer.from(text), key).toString('base64');
  const keyId = options.keyId ?? actor.keyId;
  return [
    ['Host', values.host ?? ''],
    ['Date', values.date ?? ''],
    ['Digest', values.digest ?? ''],
    ['Content-Type', values['content-type'] ?? ''],
    [
      'Signature',
      `keyId="${keyId}",algorithm="${algorithm}",headers="${covered.join(' ')}",signature="${signature}"`,
    ],
  ];
}

/** The lines without those of a name, or with a name's value exchanged. */
export function withLine(lines: Lines, name: string, value: string | null): Lines {
  const others = lines.filter(([one]) => one.toLowerCase() !== name.toLowerCase());
  return value === null ? others : [...others, [name, value]];
}
