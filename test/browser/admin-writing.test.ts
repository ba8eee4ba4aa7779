import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addMedia } from '../../src/media/add-media.ts';
import { ownerLogin, startTestBlog, type TestBlog } from '../../src/plugin-host/testing.ts';
import { listPosts } from '../../src/posts/post-store.ts';
import { removeSessionsOf } from '../../src/users/session-store.ts';
import { closeBrowser, openContext } from '../support/browser.ts';
import { signInOnPage } from './sign-in-page.ts';

let blog: TestBlog;

beforeAll(async () => {
  blog = await startTestBlog({ plugins: [] });
});
afterAll(async () => {
  await closeBrowser();
  await blog.close();
});

/** A page of somebody who is signed in, in a profile of its own. */
async function openSignedIn(): Promise<Page> {
  const context = await openContext();
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  await signInOnPage(page, blog.url);
  return page;
}

async function openNewPost(page: Page): Promise<void> {
  await page.goto(`${blog.url}/admin/posts/new`);
  await page.locator('markdown-toolbar:defined').waitFor();
}

const title = (page: Page) => page.getByRole('textbox', { name: 'Title' });
const text = (page: Page) => page.getByRole('textbox', { name: 'Text', exact: true });
/** Waits until the state of saving is said in such words. */
const untilSaid = (page: Page, words: RegExp) => page.locator('#saving').filter({ hasText: words }).waitFor();

/** Puts a picture onto the clipboard's event, as a browser does when somebody pastes one. */
async function pastePicture(page: Page): Promise<void> {
  const bytes = await sharp({ create: { width: 640, height: 400, channels: 3, background: '#8899aa' } })
    .png()
    .toBuffer();
  await text(page).evaluate((field, base64) => {
    const binary = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File([binary], 'ferry.png', { type: 'image/png' }));
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, bytes.toString('base64'));
}

test('a post is written, illustrated, previewed, published, changed, unpublished, thrown away and put back', async () => {
  const page = await openSignedIn();
  await openNewPost(page);
  await title(page).fill('On the ferry');
  await title(page).press('Enter');
  await page.keyboard.type('The ferry leaves on time.');
  await untilSaid(page, /^Saved at \d\d:\d\d$/);
  expect(page.url()).toMatch(/\/admin\/posts\/[\da-f-]{36}$/);
  expect(await page.locator('[data-state]').textContent()).toBe('Draft');

  await text(page).press('Control+a');
  await page.getByRole('button', { name: 'Bold' }).click();
  await expect.poll(() => text(page).inputValue()).toBe('**The ferry leaves on time.**');
  await text(page).press('End');

  await pastePicture(page);
  await page.getByRole('textbox', { name: 'Description of the picture' }).fill('A white ferry in fog');
  await page.getByRole('button', { name: 'Put it in' }).click();
  await expect
    .poll(() => text(page).inputValue())
    .toMatch(/\n\n!\[A white ferry in fog\]\(\/media\/\d{4}\/\d\d\/[\w-]+\.\w+\)\n\n$/);

  await page.getByRole('button', { name: 'Preview' }).click();
  const preview = page.frameLocator('iframe[name="preview-frame"]');
  await preview.getByRole('heading', { level: 1, name: 'On the ferry' }).waitFor();
  await preview.getByRole('img', { name: 'A white ferry in fog' }).waitFor();
  await page.getByRole('button', { name: 'Back to writing' }).click();

  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  await page.getByRole('button', { name: 'Publish now' }).click();
  await page.getByRole('link', { name: 'See it' }).click();
  await page.getByRole('img', { name: 'A white ferry in fog' }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/on-the-ferry');

  await page.goBack();
  await text(page).press('Control+End');
  await page.keyboard.type('And it comes back.');
  await untilSaid(page, /readers see it after Update/);
  await page.getByRole('button', { name: 'Update', exact: true }).click();
  await page.getByText('Updated.').waitFor();
  const readers = await (await fetch(`${blog.url}/on-the-ferry`)).text();
  expect(readers).toContain('And it comes back.');

  await page.getByRole('button', { name: 'Details' }).click();
  await page.getByRole('button', { name: 'Unpublish' }).click();
  await page.getByText('Unpublished. It is a draft again.').waitFor();
  expect((await fetch(`${blog.url}/on-the-ferry`)).status).toBe(404);

  await page.getByRole('button', { name: 'Details' }).click();
  await page.getByRole('button', { name: 'Move to the trash' }).click();
  await page.getByText('Moved “On the ferry” to the trash.').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('Put “On the ferry” back as a draft.').waitFor();
  await page.getByRole('link', { name: 'On the ferry' }).waitFor();
  await page.context().close();
});

test('a picture that is in the library already is put into the text, and stands above it', async () => {
  const bytes = await sharp({ create: { width: 640, height: 400, channels: 3, background: '#aa8866' } })
    .png()
    .toBuffer();
  const userId = blog.owner?.id ?? '';
  const medium = await addMedia(blog.app.deps, { bytes, alt: 'A quay at noon', userId });
  const page = await openSignedIn();
  await openNewPost(page);
  await text(page).fill('Before. ');
  await page.getByRole('button', { name: 'Picture from the library' }).click();
  await page.getByRole('button', { name: 'A quay at noon' }).click();
  await expect
    .poll(() => text(page).inputValue())
    .toBe(`Before. \n\n![A quay at noon](/media/${medium.file})\n\n`);

  await page.getByRole('button', { name: 'Details' }).click();
  await page.getByRole('button', { name: 'From the library… Lead picture' }).click();
  await page.getByRole('button', { name: 'A quay at noon' }).click();
  await untilSaid(page, /^Saved at/);
  await expect
    .poll(
      async () =>
        (await listPosts(blog.app.deps.db, { search: 'Before', limit: 1, order: 'updated' }))[0]?.imageId,
    )
    .toBe(medium.id);
  await page.context().close();
});

test('a browser that dies keeps what was typed, and offers it at the next visit', async () => {
  const page = await openSignedIn();
  const context = page.context();
  await openNewPost(page);
  await title(page).fill('Half a thought');
  await untilSaid(page, /^Saved at/);
  const address = page.url();

  await context.setOffline(true);
  await text(page).pressSequentially('Typed while the train was in the tunnel.');
  await untilSaid(page, /^Not saved: no connection; kept in this browser\.$/);
  await page.close({ runBeforeUnload: false });

  await context.setOffline(false);
  const later = await context.newPage();
  await later.goto(address);
  await later.getByText(/This browser kept a text from \d\d:\d\d that was never saved/).waitFor();
  expect(await text(later).inputValue()).toBe('');
  await later.getByRole('link', { name: 'Use it' }).click();
  expect(await text(later).inputValue()).toBe('Typed while the train was in the tunnel.');
  await untilSaid(later, /^Saved at/);
  const [post] = await listPosts(blog.app.deps.db, { search: 'tunnel', limit: 1, order: 'updated' });
  expect(post?.title).toBe('Half a thought');
  await context.close();
});

test('a text that was published before it was saved by itself is not offered to the next post', async () => {
  const page = await openSignedIn();
  await openNewPost(page);
  await text(page).fill('Out at once.');
  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  await page.getByRole('button', { name: 'Publish now' }).click();
  await page.getByRole('link', { name: 'See it' }).waitFor();
  await openNewPost(page);
  await page.locator('[data-words]').waitFor({ state: 'attached' });
  expect(await page.evaluate(() => localStorage.getItem('outpost.text.new-post'))).toBeNull();
  expect(await page.getByText('This browser kept a text').isVisible()).toBe(false);
  await page.context().close();
});

test('what was typed when the sign-in had run out is there again after signing in, and can be saved', async () => {
  const page = await openSignedIn();
  await openNewPost(page);
  await title(page).fill('Long evening');
  await untilSaid(page, /^Saved at/);
  await removeSessionsOf(blog.app.deps.db, blog.owner?.id ?? '');
  await text(page).fill('Typed after midnight.');
  await untilSaid(page, /no longer signed in; kept in this browser/);
  await page.keyboard.press('Control+s');
  await page.getByText('Sign in, and what you typed is there again.').waitFor();
  await page.getByLabel('Username or e-mail').fill(ownerLogin.username);
  await page.getByLabel('Password').fill(ownerLogin.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('Nothing is saved yet').waitFor();
  expect(await text(page).inputValue()).toBe('Typed after midnight.');
  await page.keyboard.press('Control+s');
  await page.getByText('Saved.').waitFor();
  const [post] = await listPosts(blog.app.deps.db, { search: 'midnight', limit: 1, order: 'updated' });
  expect(post?.title).toBe('Long evening');
  await page.context().close();
});

test('two windows on one post never overwrite each other', async () => {
  const page = await openSignedIn();
  await openNewPost(page);
  await title(page).fill('Shared');
  await untilSaid(page, /^Saved at/);
  const other = await page.context().newPage();
  await other.goto(page.url());
  await text(other).fill('From the other window.');
  await untilSaid(other, /^Saved at/);

  await text(page).fill('From this window.');
  await untilSaid(page, /^Not saved: .*kept in this browser\.$/);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('heading', { name: 'This was changed meanwhile' }).waitFor();
  expect(await text(page).inputValue()).toBe('From this window.');
  await page.getByText('The other version').click();
  await page.getByText('From the other window.').waitFor();
  await page.getByRole('button', { name: 'Save mine over it' }).click();
  await page.getByText('Saved.', { exact: true }).waitFor();
  const [post] = await listPosts(blog.app.deps.db, { search: 'Shared', limit: 1, order: 'updated' });
  expect(post?.bodyMarkdown).toBe('From this window.');
  await page.context().close();
});

test('the address of a draft follows its title until the writer chooses one', async () => {
  const page = await openSignedIn();
  await openNewPost(page);
  const slug = async () => (await listPosts(blog.app.deps.db, { limit: 1, order: 'created' }))[0]?.slug;
  for (const name of ['First thoughts', 'Second thoughts', 'Third thoughts']) {
    await title(page).fill(name);
    await expect.poll(slug, { timeout: 5000 }).toBe(name.toLowerCase().replace(' ', '-'));
  }
  await page.getByRole('button', { name: 'Details' }).click();
  await page.getByRole('textbox', { name: 'Address' }).fill('thoughts');
  await expect.poll(slug, { timeout: 5000 }).toBe('thoughts');
  await page.context().close();
});

test('a public post can be updated so that nobody is told', async () => {
  const page = await openSignedIn();
  await openNewPost(page);
  await title(page).fill('Quietly');
  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  await page.getByRole('button', { name: 'Publish now' }).click();
  await page.getByText('Published.').waitFor();
  await text(page).fill('A small correction.');
  await page.getByRole('button', { name: 'Other ways to update' }).click();
  await page.getByRole('button', { name: 'Update, tell nobody' }).click();
  await page.getByText('Updated; nobody was told.').waitFor();
  await page.context().close();
});

test('why a file was not taken stays to be read while the text is saved, until it is closed', async () => {
  const page = await openSignedIn();
  await openNewPost(page);
  const chooser = page.locator('#picture-file');
  const notes = { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('notes') };
  await chooser.setInputFiles(notes);
  const alert = page.getByRole('alert').filter({ hasText: 'Only pictures (PNG' });
  await alert.waitFor();
  expect(await page.locator('#saving').textContent()).toBe('Nothing to save yet');
  await text(page).fill('Typed while the message stands.');
  await untilSaid(page, /^Saved at/);
  expect(await alert.isVisible()).toBe(true);
  await alert.getByRole('button', { name: 'Close this message' }).click();
  await alert.waitFor({ state: 'detached' });

  await chooser.setInputFiles(notes);
  await alert.waitFor();
  await pastePicture(page);
  await page.getByRole('button', { name: 'It is only decoration' }).click();
  await alert.waitFor({ state: 'detached' });
  await page.context().close();
});
