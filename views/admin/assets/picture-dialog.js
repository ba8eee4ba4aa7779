/**
 * Puts pictures, sound and film into the text: pasted, dropped or chosen. While the file travels, the writer says what it shows.
 */
import { chooseFromLibrary } from './library-dialog.js';
import { dataUrl, isPicture, isRecording, post, upload } from './upload.js';

const dialog = document.querySelector('#picture-dialog');
const preview = dialog.querySelector('[data-picture-preview]');
const question = dialog.querySelector('#picture-title');
const alt = dialog.querySelector('textarea');
const progress = dialog.querySelector('progress');
const state = dialog.querySelector('[data-picture-state]');
const insert = dialog.querySelector('[data-picture-insert]');

/** Writes at the cursor so that the browser's own undo takes it back. */
function write(textarea, text) {
  if (!document.execCommand('insertText', false, text)) {
    textarea.setRangeText(text, textarea.selectionStart, textarea.selectionEnd, 'end');
    textarea.dispatchEvent(new Event('input', { bubbles: true }));
  }
}

/** The picture as a paragraph of its own. */
function markdownFor(textarea, url, description) {
  const before = textarea.value.slice(0, textarea.selectionStart);
  const after = textarea.value.slice(textarea.selectionEnd);
  const lead = before === '' || before.endsWith('\n\n') ? '' : before.endsWith('\n') ? '\n' : '\n\n';
  const tail = after.startsWith('\n') ? '' : '\n\n';
  const safe = description
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[[\]\\]/g, '\\$&');
  return `${lead}![${safe}](${url})${tail}`;
}

function answer() {
  return new Promise((resolve) =>
    dialog.addEventListener('close', () => resolve(dialog.returnValue), { once: true }),
  );
}

/** Resolves to whether the picture went into the text. */
async function place(textarea, file, uploadUrl) {
  // A modal dialog takes the cursor away; it is put back where the picture was dropped in.
  const cursor = [textarea.selectionStart, textarea.selectionEnd];
  const cancelled = new AbortController();
  dialog.returnValue = 'cancel';
  alt.value = '';
  progress.value = 0;
  state.textContent = 'Uploading…';
  insert.disabled = false;
  preview.parentElement.hidden = !isPicture(file);
  question.textContent = isPicture(file) ? 'What does the picture show?' : 'What is heard or seen?';
  if (isPicture(file)) preview.src = await dataUrl(file);
  dialog.showModal();
  alt.focus();
  const arriving = upload(uploadUrl, file, {
    signal: cancelled.signal,
    onProgress: (percent) => {
      progress.value = percent;
      state.textContent = percent < 100 ? `Uploading, ${percent} %` : 'Uploaded, being made ready…';
    },
  });
  arriving.then(
    () => {
      state.textContent = 'Uploaded.';
    },
    (error) => {
      state.textContent = error.message;
      insert.disabled = true;
    },
  );
  const choice = await answer();
  preview.removeAttribute('src');
  if (choice === 'cancel') {
    cancelled.abort();
    // What had arrived already is not wanted any more.
    await arriving.then(
      (medium) => post(`/admin/media/${medium.id}/delete`),
      () => null,
    );
    textarea.focus();
    textarea.setSelectionRange(...cursor);
    return false;
  }
  const medium = await arriving;
  const description = choice === 'decorative' ? '' : alt.value;
  if (description.trim() !== '') await post(`/admin/media/${medium.id}`, { alt: description });
  textarea.focus();
  textarea.setSelectionRange(...cursor);
  write(textarea, markdownFor(textarea, medium.url, description));
  return true;
}

/**
 * @param {HTMLTextAreaElement} textarea where pictures go
 * @param {string} uploadUrl
 * @param {{ refused: (text: string) => void, taken: () => void }} tell
 */
export function takePictures(textarea, uploadUrl, tell) {
  document.querySelector('[data-pick-library]')?.addEventListener('click', async () => {
    const cursor = [textarea.selectionStart, textarea.selectionEnd];
    const medium = await chooseFromLibrary();
    textarea.focus();
    textarea.setSelectionRange(...cursor);
    if (medium) write(textarea, markdownFor(textarea, medium.url, medium.alt));
  });
  let queue = Promise.resolve();
  const take = (files) => {
    const pictures = files.filter((file) => isPicture(file) || isRecording(file));
    for (const file of pictures) {
      queue = queue
        .then(() => place(textarea, file, uploadUrl))
        .then((isIn) => {
          if (isIn && pictures.length === files.length) tell.taken();
        })
        .catch((error) => {
          if (error.name !== 'AbortError') tell.refused(`It was not added: ${error.message}`);
        });
    }
    if (pictures.length < files.length)
      tell.refused(
        'Only pictures (PNG, JPEG, WebP, GIF, AVIF), sound (MP3, Ogg, FLAC, WAV, M4A) and film (MP4, WebM, Ogg) can stand in a post.',
      );
  };
  const filesIn = (transfer) => [...(transfer?.files ?? [])];

  textarea.addEventListener('paste', (event) => {
    const files = filesIn(event.clipboardData);
    if (files.length === 0 || event.clipboardData.getData('text/plain') !== '') return;
    event.preventDefault();
    take(files);
  });
  for (const type of ['dragenter', 'dragover']) {
    textarea.addEventListener(type, (event) => {
      if (!event.dataTransfer.types.includes('Files')) return;
      event.preventDefault();
      textarea.classList.add('is-over');
    });
  }
  textarea.addEventListener('dragleave', () => textarea.classList.remove('is-over'));
  textarea.addEventListener('drop', (event) => {
    textarea.classList.remove('is-over');
    const files = filesIn(event.dataTransfer);
    if (files.length === 0) return;
    event.preventDefault();
    take(files);
  });

  const chooser = document.querySelector('#picture-file');
  document.querySelector('[data-pick-picture]')?.addEventListener('click', () => chooser.click());
  chooser.addEventListener('change', () => {
    const files = [...chooser.files];
    chooser.value = '';
    take(files);
  });
}
