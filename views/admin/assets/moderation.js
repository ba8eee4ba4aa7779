/**
 * Moderating by keyboard and without waiting: what is decided leaves the page at once, and can be taken back at once.
 * Every key presses a button that is there to be seen, and every button is a plain form without JavaScript.
 */
import './mentions.js';
import { say } from './notice.js';
import { post } from './upload.js';

const queue = document.querySelector('[data-queue]');
const bulk = document.querySelector('#bulk');
const status = queue?.dataset.status;
/** What was done on this page, newest last: where the cards stood and how to take it back. */
const done = [];

const cards = () => [...(queue?.querySelectorAll('.card') ?? [])];
const current = () => queue?.querySelector('.card.is-current') ?? null;

function moveTo(card, { focus = true } = {}) {
  if (!card) return;
  current()?.classList.remove('is-current');
  card.classList.add('is-current');
  if (focus) {
    card.focus({ preventScroll: true });
    card.scrollIntoView({ block: 'nearest' });
  }
}

function step(by) {
  const all = cards();
  const at = all.indexOf(current());
  moveTo(all[Math.min(all.length - 1, Math.max(0, at + by))]);
}

function showCounts(counts) {
  for (const [name, count] of Object.entries(counts)) {
    for (const place of document.querySelectorAll(`[data-count="${name}"]`))
      place.textContent = String(count);
  }
  const badge = document.querySelector('[data-badge="comments"]');
  if (badge) {
    badge.firstChild.textContent = String(counts.pending);
    badge.hidden = counts.pending === 0;
  }
  const end = document.querySelector('[data-queue-end]');
  if (!end) return;
  end.hidden = cards().length > 0;
  if (!end.hidden && counts[status] > 0) {
    const more = document.createElement('a');
    more.href = location.href;
    more.textContent = 'Show the next ones';
    end.replaceChildren('That was the last one here. ', more);
  }
}

const selected = () => cards().filter((card) => card.querySelector('.row-check input').checked);

function tellSelected() {
  const boxes = cards().map((card) => card.querySelector('.row-check input'));
  const chosen = boxes.filter((box) => box.checked).length;
  const all = document.querySelector('#all');
  document.querySelector('[data-queue-count]').textContent = chosen === 0 ? '' : `${chosen} selected`;
  all.checked = chosen > 0 && chosen === boxes.length;
  all.indeterminate = chosen > 0 && chosen < boxes.length;
}

/** Takes the cards out and remembers where each stood. */
function takeOut(leaving) {
  const next =
    leaving.at(-1)?.nextElementSibling ??
    cards()
      .filter((card) => !leaving.includes(card))
      .at(-1) ??
    null;
  const places = leaving.map((card) => ({ card, before: card.nextElementSibling }));
  const hadFocus = leaving.some(
    (card) => card.contains(document.activeElement) || card.classList.contains('is-current'),
  );
  for (const card of leaving) {
    card.classList.remove('is-current');
    card.querySelector('.row-check input').checked = false;
    card.remove();
  }
  if (hadFocus) moveTo(next?.isConnected ? next : cards()[0]);
  tellSelected();
  return places;
}

function putBack(places) {
  for (const { card, before } of [...places].reverse()) {
    if (before?.isConnected) before.before(card);
    else queue.append(card);
  }
  moveTo(places[0]?.card);
  tellSelected();
}

async function undoLast() {
  const last = done.pop();
  if (!last) {
    const form = document.querySelector('#notices form');
    if (form) form.requestSubmit();
    else say('There is nothing to undo.');
    return;
  }
  try {
    const answer = await post(last.undo.action, groupFields(last.undo.fields));
    // What somebody else has decided about meanwhile stays where they put it.
    putBack(last.places.filter(({ card }) => answer.left.includes(card.dataset.comment)));
    showCounts(answer.counts);
    say(answer.text);
  } catch (error) {
    done.push(last);
    say(`That was not taken back. ${error.message}`, { kind: 'error' });
  }
}

function groupFields(fields) {
  const grouped = {};
  for (const { name, value } of fields) grouped[name] = [...(grouped[name] ?? []), value];
  return grouped;
}

/** Sends what was decided about some cards; they leave when the server has agreed. */
async function decide(url, fields, chosen, button) {
  button?.setAttribute('aria-busy', 'true');
  try {
    const answer = await post(url, fields);
    const leaving = chosen.filter((card) => answer.left.includes(card.dataset.comment));
    const places = takeOut(leaving);
    if (answer.undo) done.push({ places, undo: answer.undo });
    showCounts(answer.counts);
    say(answer.text, { undo: answer.undo ? undoLast : null });
    return true;
  } catch (error) {
    say(`Nothing was changed. ${error.message}`, { kind: 'error' });
    return false;
  } finally {
    button?.removeAttribute('aria-busy');
  }
}

document.addEventListener('submit', (event) => {
  const form = event.target;
  const button = event.submitter;
  if (form === bulk) {
    event.preventDefault();
    const chosen = selected();
    const ids = chosen.map((card) => card.dataset.comment);
    if (ids.length > 0) decide(form.action, { ids, do: button.value }, chosen, button);
    return;
  }
  const card = form.closest('.card');
  if (!card || form.matches('[data-plain]')) return;
  event.preventDefault();
  if (form.matches('[data-deeds]')) {
    decide(form.action, { do: button.value }, [card], button);
    return;
  }
  const details = form.closest('details');
  const field = form.elements.text;
  decide(form.action, { text: field.value }, [card], button).then((went) => {
    if (!went) return;
    field.value = '';
    details.open = false;
    if (card.isConnected) moveTo(card);
  });
});

function openAnswer(card) {
  const details = card.querySelector('[data-answer]');
  if (!details) return;
  details.open = true;
  details.querySelector('textarea').focus();
}

/** The button that a key presses: for everything that is selected, or else for the comment one stands on. */
function buttonFor(key) {
  const [chosen] = selected();
  const deed = (chosen ?? current())?.querySelector(`[data-deeds] [aria-keyshortcuts="${CSS.escape(key)}"]`);
  return deed && chosen ? bulk.querySelector(`[name="do"][value="${deed.value}"]`) : deed;
}

const keys = {
  j: () => step(1),
  k: () => step(-1),
  r: () => current() && openAnswer(current()),
  u: () => undoLast(),
  x: () => current()?.querySelector('.row-check input').click(),
  '?': () => document.querySelector('#keys').togglePopover(),
};

document.addEventListener('keydown', (event) => {
  const target = event.target;
  const typing = target.matches('input:not([type="checkbox"]), textarea, select');
  if (typing) {
    if (event.key === 'Escape') moveTo(target.closest('.card'));
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) target.form?.requestSubmit();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const key = event.key.toLowerCase();
  const deed = buttonFor(key);
  if (!keys[key] && !deed) return;
  event.preventDefault();
  if (keys[key]) keys[key]();
  else deed.click();
});

if (queue) {
  queue.addEventListener('focusin', (event) => moveTo(event.target.closest('.card'), { focus: false }));
  queue.addEventListener('change', tellSelected);
  for (const details of queue.querySelectorAll('[data-answer]')) {
    details.querySelector('summary').addEventListener('click', (event) => {
      if (details.open) return;
      event.preventDefault();
      openAnswer(details.closest('.card'));
    });
  }
  const all = document.querySelector('[data-queue-all]');
  all.hidden = false;
  all.querySelector('input').addEventListener('change', (event) => {
    for (const card of cards()) card.querySelector('.row-check input').checked = event.target.checked;
    tellSelected();
  });
  moveTo(cards()[0], { focus: location.hash === '' });
}
