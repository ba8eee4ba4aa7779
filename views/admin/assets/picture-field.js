import { chooseFromLibrary, hasLibrary } from './library-dialog.js';
import { isPicture, post, upload } from './upload.js';

/** A picture that belongs to something: the lead picture of a post, a face, a header. */
for (const field of document.querySelectorAll('[data-picture]')) {
  const hidden = field.querySelector('input[type="hidden"]');
  const file = field.querySelector('input[type="file"]');
  const frame = field.querySelector('.picture-frame');
  const remove = field.querySelector('[data-picture-remove]');
  const describe = field.querySelector('[data-picture-describe]');
  const alt = describe.querySelector('input');
  const state = field.querySelector('.picture-state');
  const changed = () => hidden.dispatchEvent(new Event('input', { bubbles: true }));

  field.querySelector('.picture-buttons').hidden = false;
  describe.hidden = hidden.value === '';

  file.addEventListener('change', async () => {
    const chosen = file.files[0];
    file.value = '';
    if (!chosen) return;
    if (!isPicture(chosen)) {
      state.textContent = 'That is no picture that can be shown: choose a PNG, JPEG, WebP, GIF or AVIF.';
      return;
    }
    try {
      const medium = await upload(field.dataset.library, chosen, {
        onProgress: (percent) => {
          state.textContent = percent < 100 ? `Uploading, ${percent} %` : 'Uploaded, being made ready…';
        },
      });
      put(medium);
      state.textContent = 'Uploaded. Say in a sentence what it shows.';
      alt.focus();
    } catch (error) {
      state.textContent = error.message;
    }
  });

  function put(medium) {
    const image = document.createElement('img');
    image.src = medium.url;
    image.alt = '';
    frame.replaceChildren(image);
    hidden.value = medium.id;
    alt.value = medium.alt;
    remove.hidden = false;
    describe.hidden = false;
    changed();
  }

  const library = field.querySelector('[data-picture-library]');
  library.hidden = !hasLibrary;
  library.addEventListener('click', async () => {
    const medium = await chooseFromLibrary();
    if (medium) put(medium);
    state.textContent = '';
    library.focus();
  });

  alt.addEventListener('change', async () => {
    try {
      await post(`/admin/media/${hidden.value}`, { alt: alt.value });
      state.textContent = 'Description saved.';
    } catch (error) {
      state.textContent = `Description not saved. ${error.message}`;
    }
  });
  // The description is saved by itself; it is no part of the form around it.
  alt.addEventListener('input', (event) => event.stopPropagation());

  remove.addEventListener('click', () => {
    hidden.value = '';
    remove.hidden = true;
    describe.hidden = true;
    const none = document.createElement('span');
    none.className = 'muted';
    none.textContent = 'None';
    frame.replaceChildren(none);
    state.textContent = '';
    changed();
    file.focus();
  });
}
