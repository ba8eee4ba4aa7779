import { isId } from './ids.ts';
import { plainLine } from './plain-text.ts';
import { malformed, type Refused } from './refusal.ts';
import { count, entries, firstNode, flag, text } from './shapes.ts';
import { asNode } from './terms.ts';

/** What a server says about itself. Nothing in it is to be trusted. */
export type ForeignServer = {
  /** The software's name in lower case, as `mastodon`; at most 50 characters. */
  software: string;
  /** As it was sent, at most 50 characters. */
  version: string | null;
  /** In lower case: `activitypub`, `diaspora`. Friendica and GNU social list them by direction. */
  protocols: string[];
  openRegistrations: boolean;
  usersTotal: number | null;
  localPosts: number | null;
};

const schema = /^https?:\/\/nodeinfo\.diaspora\.software\/ns\/schema\/(\d+\.\d+)$/;

/** The actor that a server signs by (FEP-2677) stands in the same list. */
const APPLICATION_REL = 'https://www.w3.org/ns/activitystreams#Application';

/**
 * The addresses of a server's NodeInfo documents, the newest version first, those of an unknown one last.
 * Source: NodeInfo protocol, section 4 (discovery).
 */
export function readNodeInfoLinks(json: unknown): { kind: 'links'; addresses: string[] } | Refused {
  const node = asNode(json);
  if (!node) return malformed('The NodeInfo links are not a JSON object.');
  const found: { version: number; href: string }[] = [];
  for (const entry of entries(node.links, 20)) {
    const link = asNode(entry);
    const rel = text(link?.rel) ?? '';
    if (!link || !isId(link.href) || rel === APPLICATION_REL) continue;
    found.push({ version: Number(schema.exec(rel)?.[1] ?? 0), href: link.href });
  }
  if (found.length === 0) return malformed('The NodeInfo links name no document.');
  found.sort((a, b) => b.version - a.version);
  return { kind: 'links', addresses: found.map(({ href }) => href) };
}

/**
 * Reads a NodeInfo document, 1.0 to 2.1.
 * Source: NodeInfo protocol, section 5; schemas 1.0 (protocols by direction), 2.0 and 2.1.
 */
export function readNodeInfo(json: unknown): { kind: 'server'; server: ForeignServer } | Refused {
  const node = asNode(json);
  const software = firstNode(node?.software);
  const name = plainLine(software?.name, MAX_SOFTWARE_LENGTH)?.toLowerCase();
  if (!node || !software || !name)
    return malformed('The NodeInfo document does not say what software it is of.');
  const usage = firstNode(node.usage);
  const server: ForeignServer = {
    software: name,
    version: plainLine(software.version, MAX_SOFTWARE_LENGTH),
    protocols: protocolsOf(node.protocols),
    openRegistrations: flag(node.openRegistrations),
    usersTotal: count(firstNode(usage?.users)?.total),
    localPosts: count(usage?.localPosts),
  };
  return { kind: 'server', server };
}

/** Longest name and version of a software that are kept, in code points. */
const MAX_SOFTWARE_LENGTH = 50;

function protocolsOf(value: unknown): string[] {
  const listed = asNode(value);
  const names = listed
    ? [...entries(listed.inbound, 20), ...entries(listed.outbound, 20)]
    : entries(value, 20);
  return [...new Set(names.flatMap((name) => text(name)?.toLowerCase() ?? []))];
}
