import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import type { Deps } from '../deps.ts';
import { InvalidError, NotFoundError } from '../errors.ts';
import { addMedia } from '../media/add-media.ts';
import type { Post, PostInput, PostStatus, PostType } from '../posts/post.ts';
import { findPost, listPosts } from '../posts/post-store.ts';
import {
  deletePost,
  publishPost,
  publishPrivately,
  restorePost,
  schedulePost,
  submitPost,
  trashPost,
  unpublishPost,
} from '../posts/publish-post.ts';
import { createPost, updatePost } from '../posts/write-post.ts';
import { readFieldWords } from './post-fields.ts';
import { presentPost, presentPostWithFields } from './present.ts';
import { asList, collect, print, readList, userNamed, withBlog } from './run.ts';
import { UsageError } from './usage-error.ts';

type WriteOptions = {
  author?: string;
  title?: string;
  file?: string;
  excerpt?: string;
  tag?: string[];
  category?: string[];
  slug?: string;
  image?: string;
  publish?: boolean;
  private?: boolean;
  review?: boolean;
  schedule?: string;
  quiet?: boolean;
  field?: string[];
};

const statuses: readonly PostStatus[] = ['draft', 'review', 'scheduled', 'published', 'private', 'trash'];

function writeOptions(command: Command): Command {
  return command
    .option('--title <title>', 'may be empty')
    .option('--file <file>', 'the text, Markdown; - or nothing for standard input')
    .option('--excerpt <text>', 'a summary in plain words')
    .option('--tag <name>', 'may be given several times', collect)
    .option('--category <name>', 'may be given several times', collect)
    .option('--slug <slug>', 'the last part of the address')
    .option('--image <file>', 'a picture to stand above the text')
    .option('--field <plugin.name=value>', 'what a plugin asks about it; may be given several times', collect)
    .option('--publish', 'publish it at once')
    .option('--private', 'show it to those alone who may change it')
    .option('--review', 'submit the draft for review')
    .option('--schedule <time>', 'publish it then; ISO 8601');
}

async function readText(file: string | undefined, fromInput: boolean): Promise<string | undefined> {
  if (file !== undefined && file !== '-') {
    try {
      return await readFile(file, 'utf8');
    } catch (error) {
      throw new InvalidError(
        'cli.file',
        `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
      );
    }
  }
  if (file === '-') return text(process.stdin);
  return fromInput && !process.stdin.isTTY ? readInputSoon() : undefined;
}

const inputPatienceMs = 3000;

/**
 * The text on standard input. A program that starts this one often leaves a pipe open into which it never
 * writes; that is not waited for, and it is said.
 */
async function readInputSoon(): Promise<string | undefined> {
  const begins = new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(false), inputPatienceMs);
    const begin = () => {
      clearTimeout(timer);
      resolve(true);
    };
    process.stdin.once('readable', begin).once('end', begin).once('error', begin);
  });
  if (await begins) return text(process.stdin);
  process.stdin.destroy();
  process.stderr.write(
    'No text came on standard input, so the post has none. Say --file - to wait for it.\n',
  );
  return undefined;
}

async function addImage(deps: Deps, file: string, userId: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw new InvalidError(
      'cli.file',
      `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
  return (await addMedia(deps, { bytes, alt: '', userId })).id;
}

async function readInput(
  deps: Deps,
  options: WriteOptions,
  { userId, postId }: { userId: string; postId: string | null },
): Promise<PostInput> {
  const fields = await readFieldWords(deps, options.field ?? [], postId);
  const bodyMarkdown = await readText(options.file, postId === null);
  return {
    ...(options.title !== undefined && { title: options.title }),
    ...(bodyMarkdown !== undefined && { bodyMarkdown }),
    ...(options.excerpt !== undefined && { excerpt: options.excerpt }),
    ...(options.tag && { tags: options.tag }),
    ...(options.category && { categories: options.category }),
    ...(options.slug !== undefined && { slug: options.slug }),
    ...(options.field && { fields }),
    ...(options.image !== undefined && { imageId: await addImage(deps, options.image, userId) }),
  };
}

function readTime(value: string): Date {
  const time = new Date(value);
  if (Number.isNaN(time.getTime()))
    throw new UsageError(`--schedule ${value} is no time; give one such as 2030-01-31T09:00:00Z.`);
  return time;
}

/** Publishes or schedules a post where the options ask for it. */
async function release(deps: Deps, post: Post, options: WriteOptions): Promise<Post> {
  if (options.schedule !== undefined) return schedulePost(deps, post.id, readTime(options.schedule));
  if (options.private) return publishPrivately(deps, post.id);
  if (options.review) return submitPost(deps, post.id);
  return options.publish ? publishPost(deps, post.id) : post;
}

/** `outpost post …` and `outpost page …` */
export function addPostCommands(program: Command, type: PostType): void {
  const noun = program.command(type).description(type === 'post' ? 'posts' : 'pages');
  const find = async (deps: Deps, id: string) => {
    const post = await findPost(deps.db, id);
    if (post?.type !== type) throw new NotFoundError('post.not_found', `There is no ${type} ${id}.`);
    return post;
  };

  writeOptions(
    noun
      .command('create')
      .description(`write a ${type}`)
      .requiredOption('--author <username>', 'who writes it'),
  ).action((options: WriteOptions & { author: string }, command: Command) =>
    withBlog(async (deps) => {
      const author = await userNamed(deps, options.author);
      if (options.schedule !== undefined) readTime(options.schedule);
      const input = await readInput(deps, options, { userId: author.id, postId: null });
      const post = await createPost(deps, { ...input, authorId: author.id, type });
      print(command, await presentPostWithFields(deps, await release(deps, post, options)));
    }),
  );
  asList(
    noun
      .command('list')
      .description(`${type}s, newest first`)
      .option('--status <status>', `one of ${statuses.join(', ')}`)
      .option('--author <username>', 'only theirs'),
  ).action((options: { limit: string; after?: string; status?: string; author?: string }, command: Command) =>
    withBlog(async (deps) => {
      const status = statuses.find((known) => known === options.status);
      if (options.status !== undefined && !status)
        throw new UsageError(`There is no status ${options.status}; give one of ${statuses.join(', ')}.`);
      const author = options.author === undefined ? null : await userNamed(deps, options.author);
      const { limit, after } = readList(options);
      const posts = await listPosts(deps.db, {
        type,
        limit,
        order: 'created',
        ...(after !== undefined && { after }),
        ...(status && { status }),
        ...(author && { authorId: author.id }),
      });
      print(command, await Promise.all(posts.map((post) => presentPost(deps, post))));
    }),
  );
  noun
    .command('show <id>')
    .description(`one ${type}`)
    .action((id: string, _: object, command: Command) =>
      withBlog(async (deps) => print(command, await presentPostWithFields(deps, await find(deps, id)))),
    );
  writeOptions(
    noun.command('update <id>').description(`change a ${type}`).option('--quiet', 'tell no follower'),
  ).action((id: string, options: WriteOptions, command: Command) =>
    withBlog(async (deps) => {
      const post = await find(deps, id);
      const input = await readInput(deps, options, { userId: post.authorId, postId: id });
      const changed = await updatePost(deps, id, { ...input, quiet: options.quiet ?? false });
      print(command, await presentPostWithFields(deps, await release(deps, changed, options)));
    }),
  );
  const deeds: [name: string, about: string, deed: (deps: Deps, id: string) => Promise<Post>][] = [
    ['publish', 'make it public', publishPost],
    ['unpublish', 'take it back to a draft', unpublishPost],
    ['trash', 'move it to the trash', trashPost],
    ['restore', 'take it out of the trash, as a draft', restorePost],
    [
      'delete',
      'remove it for good',
      async (deps, id) => {
        await trashPost(deps, id);
        return deletePost(deps, id);
      },
    ],
  ];
  for (const [name, about, deed] of deeds) {
    noun
      .command(`${name} <id>`)
      .description(about)
      .action((id: string, _: object, command: Command) =>
        withBlog(async (deps) => {
          await find(deps, id);
          print(command, await presentPost(deps, await deed(deps, id)));
        }),
      );
  }
}
