import type { PostInput } from '../posts/post.ts';
import type { User } from '../users/user.ts';

/** The draft that waits for a new owner and explains itself. */
export function firstPost(user: Pick<User, 'name'>): PostInput {
  return {
    title: 'A first post',
    bodyMarkdown: `Hello. This draft is yours, ${user.name}: change it, or throw it away and begin with an empty page.

Write in Markdown, or use the buttons above the text. **Bold**, *italic*, [links](https://example.com), lists and quotes work as you would expect.

> A quotation begins with a sign like this.

Put a picture in by pasting it, dragging it here, or choosing a file. Say in a few words what it shows, for those who cannot see it.

What you type is kept as you go. Nobody sees it until you press *Publish*; then it stands on your page, in your feeds, and with everybody who follows you.
`,
    tags: [],
  };
}
