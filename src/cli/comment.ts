import type { Command } from 'commander';
import type { CommentStatus } from '../comments/comment.ts';
import { listComments } from '../comments/comment-store.ts';
import {
  editOwnComment,
  moderateComments,
  moderationDeeds,
  replyToComment,
} from '../comments/moderate-comments.ts';
import { presentComment } from './present.ts';
import { asList, print, readList, userNamed, withBlog } from './run.ts';
import { UsageError } from './usage-error.ts';

const statuses: readonly CommentStatus[] = ['pending', 'approved', 'spam', 'trash'];

const abouts: Readonly<Record<(typeof moderationDeeds)[number], string>> = {
  approve: 'make them public',
  hold: 'have them wait again',
  spam: 'put them with the spam',
  trash: 'move them to the trash',
  restore: 'put them back where they were before',
  delete: 'remove them for good',
};

/** `outpost comment …` */
export function addCommentCommands(program: Command): void {
  const comment = program.command('comment').description('what readers say');
  asList(
    comment
      .command('list')
      .description('comments, newest first; without --status all but spam and trash')
      .option('--status <status>', `one of ${statuses.join(', ')}`)
      .option('--post <id>', 'only those of one post'),
  ).action((options: { limit: string; after?: string; status?: string; post?: string }, command: Command) =>
    withBlog(async (deps) => {
      const status = statuses.find((known) => known === options.status);
      if (options.status !== undefined && !status)
        throw new UsageError(`There is no status ${options.status}; give one of ${statuses.join(', ')}.`);
      const comments = await listComments(deps.db, {
        ...readList(options),
        status: status ?? ['pending', 'approved'],
        postId: options.post,
      });
      print(command, await Promise.all(comments.map((one) => presentComment(deps, one))));
    }),
  );
  for (const deed of moderationDeeds) {
    comment
      .command(`${deed} <id...>`)
      .description(abouts[deed])
      .action((ids: string[], _: object, command: Command) =>
        withBlog(async (deps) => {
          const moderated = await moderateComments(deps, ids, deed);
          print(command, await Promise.all(moderated.map((one) => presentComment(deps, one))));
        }),
      );
  }
  comment
    .command('reply <id>')
    .description('answer a comment; one that waits is approved by it')
    .requiredOption('--author <username>', 'who answers')
    .requiredOption('--text <text>', 'the answer, Markdown')
    .action((id: string, { author, text }: { author: string; text: string }, command: Command) =>
      withBlog(async (deps) => {
        const user = await userNamed(deps, author);
        print(
          command,
          await presentComment(
            deps,
            await replyToComment(deps, { commentId: id, userId: user.id, markdown: text }),
          ),
        );
      }),
    );
  comment
    .command('edit <id>')
    .description('change the text of an answer of your own')
    .requiredOption('--author <username>', 'who wrote it')
    .requiredOption('--text <text>', 'the new text, Markdown')
    .action((id: string, { author, text }: { author: string; text: string }, command: Command) =>
      withBlog(async (deps) => {
        const user = await userNamed(deps, author);
        const changed = await editOwnComment(deps, { commentId: id, userId: user.id, markdown: text });
        print(command, await presentComment(deps, changed));
      }),
    );
}
