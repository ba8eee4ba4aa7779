import './confirm.js';
import './notice.js';

/** Copies an address and says so on the button itself. */
for (const button of document.querySelectorAll('[data-copy]')) {
  if (!navigator.clipboard) break;
  button.hidden = false;
  button.addEventListener('click', async () => {
    const label = button.querySelector('span');
    await navigator.clipboard.writeText(button.dataset.copy);
    label.textContent = 'Copied';
    setTimeout(() => {
      label.textContent = 'Copy';
    }, 2000);
  });
}

/** A form that came back wrong begins at what is wrong. */
document.querySelector('.summary[tabindex]')?.focus();

/** On a narrow screen a row of tabs is wider than the page: the one that is open is brought into view. */
for (const tab of document.querySelectorAll('.tabs [aria-current]')) {
  tab.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}
