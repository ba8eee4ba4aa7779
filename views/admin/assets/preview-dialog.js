/**
 * Shows the page as it will look, made by the server with the real theme. Without JavaScript the same button opens it
 * in a new window.
 */
const dialog = document.querySelector('#preview-dialog');

/** Turns the preview button towards the dialog. */
export function showPreviewsHere(button) {
  button.formTarget = 'preview-frame';
  button.addEventListener('click', () => dialog.showModal());
  dialog.querySelector('[data-preview-close]').addEventListener('click', () => dialog.close());
  for (const width of dialog.querySelectorAll('[data-width]')) {
    width.addEventListener('click', () => {
      dialog.classList.toggle('is-phone', width.dataset.width === 'phone');
      for (const other of dialog.querySelectorAll('[data-width]'))
        other.ariaPressed = String(other === width);
    });
  }
}
