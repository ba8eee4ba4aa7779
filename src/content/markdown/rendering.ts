import type { Env } from 'markdown-it';

/** What is known about a picture before it loads. `srcset` as in the attribute. */
export type KnownImage = {
  width: number;
  height: number;
  srcset?: string | null;
};

/** A sound or film. */
export type KnownRecording = { kind: 'audio' | 'video' };

/** How a text is rendered. */
export type MarkdownOptions = {
  /** Gives headings an id and a link to themselves. Default true. */
  headingIds?: boolean;
  /** Put before every id, for pages that show several texts. Default none. */
  idPrefix?: string;
  /** Tells what is known about a picture of our own, or null. */
  image?: (url: string) => KnownImage | null;
  /** Tells that an address leads to a sound or film of our own, which then is played in place. */
  player?: (url: string) => KnownRecording | null;
};

/** One call of `renderMarkdown`, as its rules find it in markdown-it's environment. */
export class Rendering {
  readonly options: MarkdownOptions;
  /** Pictures met so far. */
  images = 0;
  /** Characters of code coloured so far. */
  highlighted = 0;

  constructor(options: MarkdownOptions) {
    this.options = options;
  }

  static in(env: Env | undefined): Rendering {
    if (env?.rendering instanceof Rendering) return env.rendering;
    throw new TypeError('Rules of this folder run inside renderMarkdown only.');
  }
}
