/** Lets one choose a picture that is in the library already. */
import { sentenceOf } from './upload.js';

const dialog = document.querySelector('#library-dialog');
const list = dialog?.querySelector('[data-library-items]');
const state = dialog?.querySelector('[data-library-state]');
const more = dialog?.querySelector('[data-library-more]');

/** Whether this page has the dialog. */
export const hasLibrary = dialog !== null;

let chosen = null;
let after = '';

function show(medium) {
  const item = document.createElement('li');
  const button = Object.assign(document.createElement('button'), {
    type: 'button',
    className: 'library-item',
  });
  const image = Object.assign(document.createElement('img'), {
    src: medium.thumbUrl ?? medium.url,
    alt: '',
    loading: 'lazy',
  });
  const words = document.createElement('span');
  words.textContent = medium.alt || medium.name;
  words.classList.toggle('muted', !medium.alt);
  button.append(image, words);
  button.addEventListener('click', () => {
    chosen = medium;
    dialog.close();
  });
  item.append(button);
  list.append(item);
  return button;
}

async function load() {
  state.textContent = 'Loading…';
  more.hidden = true;
  const address = `/admin/media?${new URLSearchParams({ kind: 'picture', ...(after && { after }) })}`;
  const answer = await fetch(address, { headers: { accept: 'application/json' } }).catch(() => null);
  const result = answer ? await answer.json().catch(() => null) : null;
  if (!answer?.ok || !result) {
    state.textContent = sentenceOf(answer?.status ?? 0, result);
    return;
  }
  const [first] = result.items.map(show);
  after = result.next ?? '';
  more.hidden = after === '';
  state.textContent = list.children.length === 0 ? 'No pictures yet.' : '';
  first?.focus();
}

/** Resolves to the chosen picture, or null. */
export function chooseFromLibrary() {
  chosen = null;
  after = '';
  list.replaceChildren();
  dialog.showModal();
  load();
  return new Promise((resolve) => dialog.addEventListener('close', () => resolve(chosen), { once: true }));
}

if (dialog) {
  dialog.querySelector('[data-library-close]').addEventListener('click', () => dialog.close());
  more.addEventListener('click', load);
}
