/** The line at the bottom that says what has just happened and offers to take it back. */
const place = document.querySelector('#notices');

function closeButton(notice) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'button button-quiet notice-close';
  button.setAttribute('aria-label', 'Close this message');
  button.textContent = '×';
  button.addEventListener('click', () => notice.remove());
  return button;
}

for (const notice of place?.querySelectorAll('.notice') ?? []) notice.append(closeButton(notice));

/**
 * Says something; it stays until the next message or until it is closed.
 * @param {string} text
 * @param {{ kind?: 'done' | 'error', undo?: (() => void) | null }} [options]
 */
export function say(text, { kind = 'done', undo = null } = {}) {
  if (!place) return;
  const notice = document.createElement('div');
  notice.className = `notice notice-${kind}`;
  if (kind === 'error') notice.setAttribute('role', 'alert');
  const line = document.createElement('p');
  line.textContent = text;
  notice.append(line);
  if (undo) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'button button-quiet';
    button.textContent = 'Undo';
    button.addEventListener('click', undo);
    notice.append(button);
  }
  notice.append(closeButton(notice));
  place.replaceChildren(notice);
}

/** Takes an error away again, because the same thing has gone well since. */
export function takeBackError() {
  place?.querySelector('.notice-error')?.remove();
}
