/** What a kind of server gets instead of the canonical object. Everything that is not named stays as it is. */
export type Form = {
  name: string;
  /** The summary would fold the text away: it goes, unless it is a warning. */
  withoutSummary?: true;
  /** The name is not shown, or folds the text: it goes, and stands above the text. */
  titleInContent?: true;
  /** More characters than are kept there: the beginning goes, with a link to the rest. */
  maxTextLength?: number;
  /** Articles are not shown there: a Note with title, beginning, link and pictures is. */
  asNote?: true;
  /** The first attachment becomes the post's link: it is the post's page. */
  pageFirst?: true;
};

/** Which software gets which form. */
type FormRow = {
  /** Names as in NodeInfo, lower case; a host for those that have none. */
  software: readonly string[];
  form: Form;
  /** What would go wrong with the canonical object. */
  why: string;
  /** Where that is seen. */
  source: string;
};

/**
 * The one place that says which software gets which form, and why. Whoever is not here gets the canonical object, which is
 * also what the id answers to everybody.
 * Source: each row's own
 */
export const forms: readonly FormRow[] = [
  {
    software: [
      ...['misskey', 'sharkey', 'firefish', 'calckey', 'foundkey', 'cherrypick', 'iceshrimp', 'iceshrimp-js'],
      ...['catodon', 'magnetar', 'groundpolis', 'dolphin', 'hajkey', 'neko', 'nexkey', 'yojo-art'],
    ],
    form: { name: 'misskey', withoutSummary: true, titleInContent: true, maxTextLength: 8_000 },
    why: 'The summary becomes a warning that folds the text, the name is not drawn, and the text is cut at 8,192 characters.',
    source: 'Misskey: ApNoteService (cw = summary), const.ts (DB_MAX_NOTE_TEXT_LENGTH), NoteCreateService',
  },
  {
    software: ['pleroma', 'akkoma'],
    form: { name: 'pleroma', withoutSummary: true },
    why: 'The summary becomes the subject, which folds the text; the name is drawn above it.',
    source: 'Pleroma: StatusView (summary as spoiler_text, render_content with name)',
  },
  {
    software: ['gotosocial'],
    form: { name: 'gotosocial', withoutSummary: true, titleInContent: true },
    why: 'The summary, or else the name, becomes a content warning.',
    source: 'GoToSocial: internal/ap/extract.go (ExtractContentWarning)',
  },
  {
    software: ['friendica'],
    form: { name: 'friendica', withoutSummary: true },
    why: 'The summary is taken for a content warning.',
    source: 'Friendica: ActivityPub/Processor (content-warning from summary)',
  },
  {
    software: ['lemmy', 'piefed'],
    form: { name: 'lemmy', pageFirst: true },
    why: 'The first attachment becomes the link of the post, which would be a bare picture.',
    source: 'Lemmy: apub objects/post.rs (first attachment as url)',
  },
  {
    software: [
      'pixelfed',
      'iceshrimp.net',
      'threads',
      'threads.net',
      'www.threads.net',
      'threads.com',
      'www.threads.com',
    ],
    form: { name: 'note', asNote: true },
    why: 'An Article is dropped; a Note is shown, by Pixelfed where it has a picture.',
    source:
      'Pixelfed: Inbox (handleNoteCreate); Iceshrimp.NET: Create of ASNote only; Threads: reports of its users',
  },
];

const bySoftware = new Map(
  forms.flatMap(({ software, form }) => software.map((name) => [name, form] as const)),
);

/**
 * The form that a server shows best; null for the canonical one, which also goes to servers that do not say what they run.
 * @param host.software as NodeInfo said: the name, a space, and the version
 */
export function formFor(host: { host: string; software: string | null }): Form | null {
  const name = (host.software ?? '').toLowerCase().split(' ')[0] ?? '';
  return bySoftware.get(name) ?? bySoftware.get(host.host.toLowerCase().replace(/:\d+$/, '')) ?? null;
}
