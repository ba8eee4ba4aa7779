import './confirm.js';
import { keepText } from './autosave.js';
import './mentions.js';
import { takeBackError, say as tell } from './notice.js';
import { takePictures } from './picture-dialog.js';
import { showPreviewsHere } from './preview-dialog.js';

const form = document.querySelector('#post-form');
const { title, bodyMarkdown: body, slug } = form.elements;
const saving = document.querySelector('#saving');
const previewButton = document.querySelector('[data-preview]');

function say(text, trouble = false) {
  if (saving.textContent !== text) saving.textContent = text;
  saving.classList.toggle('wrong', trouble);
}

/** Browsers that cannot let a field grow with its text are helped. */
if (!CSS.supports('field-sizing', 'content')) {
  const grow = (field) => {
    field.style.height = 'auto';
    field.style.height = `${field.scrollHeight}px`;
  };
  for (const field of [title, body]) {
    field.addEventListener('input', () => grow(field));
    grow(field);
  }
}

const counter = document.querySelector('[data-words]');
function countWords() {
  const words = body.value.match(/[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu)?.length ?? 0;
  const minutes = Math.max(1, Math.round(words / 220));
  counter.textContent =
    words === 0
      ? ''
      : `${words.toLocaleString('en')} ${words === 1 ? 'word' : 'words'} · ${minutes} min to read`;
}
body.addEventListener('input', countWords);
countWords();

/** A title has one line: Enter goes on to the text. */
title.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.isComposing) return;
  event.preventDefault();
  body.focus();
});
title.addEventListener('input', () => {
  if (title.value.includes('\n')) title.value = title.value.replace(/\s*\n\s*/g, ' ');
});

const shownSlug = document.querySelector('[data-slug-shown]');
slug.addEventListener('input', () => {
  shownSlug.textContent = slug.value || '…';
});

const text = keepText(form, say, (answer) => {
  form.elements.version.value = String(answer.version);
  document.querySelector('[data-state]').textContent = answer.statusText;
  // A draft's address follows its title; the field must not hold on to an older one.
  if (document.activeElement !== slug) {
    slug.value = answer.slug;
    shownSlug.textContent = answer.slug;
  }
  if (form.dataset.id === answer.id) return;
  form.dataset.id = answer.id;
  form.dataset.autosave = answer.urls.autosave;
  form.action = answer.urls.save;
  previewButton.formAction = answer.urls.preview;
  history.replaceState(null, '', answer.urls.save);
});

/** What this browser kept of an earlier visit is offered, not put in by itself. */
const recover = document.querySelector('[data-recover]');
const kept = text.unsaved();
if (kept && !document.querySelector('[data-drop-local]')) {
  const when = new Date(kept.savedAt).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  recover.querySelector('[data-recover-text]').textContent =
    `This browser kept a text from ${when} that was never saved. It has ${kept.bodyMarkdown.length.toLocaleString('en')} characters.`;
  recover.hidden = false;
  recover.querySelector('[data-recover-use]').addEventListener('click', (event) => {
    event.preventDefault();
    title.value = kept.title;
    body.value = kept.bodyMarkdown;
    body.dispatchEvent(new Event('input', { bubbles: true }));
    recover.hidden = true;
    body.focus();
  });
  recover.querySelector('[data-recover-drop]').addEventListener('click', (event) => {
    event.preventDefault();
    text.forget();
    recover.hidden = true;
    body.focus();
  });
}
document.querySelector('[data-drop-local]')?.addEventListener('click', () => text.forget());

if (form.dataset.upload) {
  takePictures(body, form.dataset.upload, {
    refused: (text) => tell(text, { kind: 'error' }),
    taken: takeBackError,
  });
}
showPreviewsHere(previewButton);

/** A save that is under way is waited for, so that the form does not overtake it. */
let sent = false;
form.addEventListener('submit', async (event) => {
  const button = event.submitter;
  if (button === previewButton) return;
  if (sent) {
    event.preventDefault();
    return;
  }
  if (!text.isBusy()) {
    sent = true;
    text.handOver();
    return;
  }
  event.preventDefault();
  await text.handOver();
  form.requestSubmit(button);
});
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});

document.addEventListener('keydown', (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== 's') return;
  event.preventDefault();
  form.requestSubmit(form.querySelector('.bar [name="intent"][value="save"]') ?? undefined);
});

if (title.value === '' && body.value === '') title.focus();
