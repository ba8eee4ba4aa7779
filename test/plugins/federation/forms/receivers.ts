import { textOf } from '../../../../src/content/sanitise.ts';

/** An object as it arrives. */
type Arrived = Record<string, unknown>;

/** What somebody who reads a post there sees. `well`: title or text, unfolded, whole or with a link to the rest. */
export type Seen =
  | 'well'
  | 'folded'
  | 'cut off'
  | 'title and link only'
  | 'without its title'
  | 'a bare picture'
  | 'nothing';

/** How a kind of server shows what it receives from somebody who is followed there: facts, as data and as few rules as they need. */
export type Receiver = {
  /** As in NodeInfo. */
  software: string;
  host?: string;
  /** The types that are shown at all. */
  types: readonly string[];
  /** What is said of a summary. */
  summary: 'shown' | 'folds' | 'ignored';
  /** What becomes of a name. */
  name: 'shown' | 'folds' | 'not drawn';
  /** Whether the content is shown, or of an Article only title, summary and link. */
  content: 'shown' | 'of notes only';
  /** Characters of text that are kept. */
  maxText?: number;
  /** A Note without a picture is not shown. */
  needsPicture?: true;
  /** The first attachment becomes the post's link. */
  linkIsFirstAttachment?: true;
};

const usual = { types: ['Article', 'Note'], summary: 'ignored', name: 'shown', content: 'shown' } as const;
const blind = { types: [], summary: 'ignored', name: 'shown', content: 'shown' } as const;

/** Every system that the interoperability page names, each once. */
export const receivers: readonly Receiver[] = [
  { ...usual, software: 'mastodon', summary: 'shown', content: 'of notes only' },
  { ...usual, software: 'misskey', summary: 'folds', name: 'not drawn', maxText: 8192 },
  { ...usual, software: 'sharkey', summary: 'folds', name: 'not drawn', maxText: 8192 },
  { ...usual, software: 'iceshrimp.net', types: ['Note'] },
  { ...usual, software: 'pleroma', summary: 'folds' },
  { ...usual, software: 'akkoma', summary: 'folds' },
  { ...usual, software: 'gotosocial', summary: 'folds', name: 'folds' },
  { ...usual, software: 'friendica', summary: 'folds' },
  { ...usual, software: 'pixelfed', types: ['Note'], needsPicture: true },
  { ...usual, software: 'lemmy', linkIsFirstAttachment: true },
  { ...usual, software: 'mbin' },
  { ...usual, software: 'kbin' },
  { ...usual, software: 'wordpress' },
  { ...usual, software: 'ghost' },
  { ...usual, software: 'nodebb' },
  { ...usual, software: 'discourse' },
  { ...usual, software: 'hubzilla' },
  { ...usual, software: 'mitra' },
  { ...usual, software: 'hollo' },
  { ...usual, software: 'snac', name: 'shown' },
  { ...usual, software: 'bridgy-fed' },
  { ...usual, software: 'flipboard' },
  { ...usual, software: 'threads', host: 'www.threads.net', types: ['Note'] },
  { ...blind, software: 'peertube' },
  { ...blind, software: 'funkwhale' },
  { ...blind, software: 'writefreely' },
  { ...blind, software: 'mobilizon' },
  { ...blind, software: 'bookwyrm' },
  { ...blind, software: 'tumblr' },
];

/** What is seen of an object there. A warning that the writer asked for is meant to fold. */
export function seenAt(receiver: Receiver, object: Arrived): Seen {
  const type = String(object.type);
  if (!receiver.types.includes(type)) return 'nothing';
  const attachments = [object.attachment].flat().filter(Boolean) as Arrived[];
  if (receiver.needsPicture && !attachments.some((one) => one.type === 'Image')) return 'nothing';
  const isWarned = object.sensitive === true;
  if (!isWarned && receiver.summary === 'folds' && object.summary !== undefined) return 'folded';
  if (!isWarned && receiver.name === 'folds' && object.name !== undefined) return 'folded';
  if (receiver.content === 'of notes only' && type !== 'Note')
    return object.summary === undefined ? 'title and link only' : 'well';
  const text = textOf(String(object.content));
  if (receiver.maxText !== undefined && text.length > receiver.maxText) return 'cut off';
  const isTitled = (receiver.name === 'shown' && object.name !== undefined) || text.includes('Bread');
  if (!isTitled) return 'without its title';
  if (receiver.linkIsFirstAttachment && attachments[0]?.type === 'Image') return 'a bare picture';
  return 'well';
}
