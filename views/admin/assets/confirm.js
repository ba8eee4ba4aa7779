/**
 * Asks before what cannot be undone: a button with `data-confirm` does nothing until the question is answered.
 * Everything else happens at once and can be taken back.
 */
document.addEventListener(
  'click',
  (event) => {
    const button = event.target instanceof Element ? event.target.closest('[data-confirm]') : null;
    if (button instanceof HTMLElement && !window.confirm(button.dataset.confirm)) event.preventDefault();
  },
  { capture: true },
);
