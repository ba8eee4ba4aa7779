import { isPicture, post, upload } from './upload.js';

/** Adding files: several at once, from anywhere on the page, each with its progress and then its description. */
const drop = document.querySelector('[data-drop]');
const list = document.querySelector('[data-uploads]');

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function describe(item, medium) {
  const input = element('input', {
    type: 'text',
    id: `new-${medium.id}`,
    maxLength: 1500,
    value: medium.alt,
  });
  const state = element('span', { className: 'help', role: 'status', textContent: 'Uploaded.' });
  input.addEventListener('change', async () => {
    try {
      await post(`/admin/media/${medium.id}`, { alt: input.value });
      state.textContent = 'Description saved.';
    } catch (error) {
      state.textContent = `Not saved. ${error.message}`;
    }
  });
  const label = element('label', { htmlFor: input.id, textContent: `What does ${medium.name} show?` });
  item.replaceChildren(element('div', { className: 'field' }, label, input), state);
}

async function add(file, alt) {
  const bar = element('progress', { max: 100, value: 0 });
  bar.setAttribute('aria-label', `Upload of ${file.name}`);
  const item = element('li', {}, element('span', { textContent: file.name }), bar);
  list.append(item);
  try {
    const medium = await upload(drop.action, file, {
      alt,
      onProgress: (percent) => {
        bar.value = percent;
      },
    });
    describe(item, medium);
    return true;
  } catch (error) {
    item.replaceChildren(
      element('span', { className: 'wrong', textContent: `${file.name}: ${error.message}` }),
    );
    return false;
  }
}

async function addAll(files, alt = '') {
  document.querySelector('[data-uploads-done]')?.remove();
  let added = 0;
  for (const file of files) if (await add(file, files.length === 1 ? alt : '')) added += 1;
  if (added === 0) return;
  const done = element('a', {
    href: location.href,
    className: 'button',
    textContent: 'Done: show them below',
  });
  done.dataset.uploadsDone = '';
  list.after(done);
  list.querySelector('input')?.focus();
}

if (drop) {
  const file = drop.querySelector('input[type="file"]');
  const alt = drop.querySelector('#alt');
  drop.addEventListener('submit', (event) => {
    event.preventDefault();
    const files = [...file.files];
    if (files.length === 0) return;
    addAll(files, alt.value);
    drop.reset();
  });
  const hasFiles = (event) => event.dataTransfer?.types.includes('Files');
  document.addEventListener('dragover', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    drop.classList.add('is-over');
  });
  document.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) drop.classList.remove('is-over');
  });
  document.addEventListener('drop', (event) => {
    drop.classList.remove('is-over');
    if (!hasFiles(event)) return;
    event.preventDefault();
    addAll([...event.dataTransfer.files]);
  });
  document.addEventListener('paste', (event) => {
    const files = [...(event.clipboardData?.files ?? [])].filter(isPicture);
    if (files.length > 0) addAll(files);
  });
}
