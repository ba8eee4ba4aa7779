/**
 * Keeps what is typed: at once in this browser, a moment later on the server. A browser that dies loses nothing: the
 * next visit offers what was kept. What happens is always said in words.
 */
import { post } from './upload.js';

const idleMs = 1200;
const retryMs = 15_000;
const newKeyOf = (form) => `outpost.text.new-${form.dataset.type}`;
const keyOf = (form) => (form.dataset.id ? `outpost.text.${form.dataset.id}` : newKeyOf(form));
const same = (a, b) =>
  a.title.trim() === b.title.trim() && a.bodyMarkdown.trimEnd() === b.bodyMarkdown.trimEnd();

function read(key) {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? 'null');
    return typeof kept?.bodyMarkdown === 'string' && typeof kept.title === 'string' ? kept : null;
  } catch (error) {
    console.warn('What this browser kept cannot be read.', error);
    return null;
  }
}

function keep(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
    return true;
  } catch (error) {
    console.warn('This browser keeps nothing.', error);
    return false;
  }
}

/** Every field of the form by name, as it would be sent. */
function fieldsOf(form) {
  const fields = {};
  for (const [name, value] of new FormData(form)) if (typeof value === 'string') fields[name] = value;
  return fields;
}

/**
 * @param {HTMLFormElement} form
 * @param {(text: string, trouble?: boolean) => void} say
 * @param {(answer: { id: string, version: number, urls?: Record<string, string> }) => void} onSaved
 */
export function keepText(form, say, onSaved) {
  const text = () => ({ title: form.elements.title.value, bodyMarkdown: form.elements.bodyMarkdown.value });
  const saved = { ...text() };
  // Sent before it was ever saved by itself, a text is here under its own key now, and would be offered to the next.
  const begun = form.dataset.id ? read(newKeyOf(form)) : null;
  if (begun && same(begun, saved)) localStorage.removeItem(newKeyOf(form));
  let changes = 0;
  let timer = 0;
  let running = null;
  let stopped = false;
  let keeps = true;

  const keepHere = (isSaved) => {
    keeps = keep(keyOf(form), { ...text(), savedAt: Date.now(), isSaved });
  };

  async function save() {
    const at = changes;
    try {
      const answer = await post(form.dataset.autosave, fieldsOf(form));
      const oldKey = keyOf(form);
      onSaved(answer);
      if (keyOf(form) !== oldKey) localStorage.removeItem(oldKey);
      keepHere(at === changes);
      if (at === changes) {
        changes = 0;
        say(answer.savedText);
      } else schedule();
    } catch (error) {
      const here = keeps ? 'kept in this browser' : 'copy your text to be safe';
      if (error.status === 409) {
        stopped = true;
        say(`Not saved: ${error.message} Save to see both; yours is ${here}.`, true);
        return;
      }
      if (error.status === 401 || error.status === 403)
        say(`Not saved: you are no longer signed in; ${here}.`, true);
      else if (error.status === 0) say(`Not saved: no connection; ${here}.`, true);
      else say(`Not saved: ${error.message} It is ${here}.`, true);
      schedule(retryMs);
    }
  }

  function flush() {
    clearTimeout(timer);
    if (stopped || changes === 0 || !form.dataset.autosave) return running;
    running ??= save().finally(() => {
      running = null;
    });
    return running;
  }

  function schedule(ms = idleMs) {
    clearTimeout(timer);
    timer = setTimeout(flush, ms);
  }

  form.addEventListener('input', (event) => {
    // A chosen file goes its own way; only what it brings into the text is to be saved.
    if (event.target.type === 'file') return;
    changes += 1;
    keepHere(false);
    if (stopped || !form.dataset.autosave) return;
    if (!running) say('Writing…');
    schedule();
  });
  addEventListener('online', () => flush());
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') flush();
  });
  addEventListener('beforeunload', (event) => {
    if (changes > 0 && !keeps && !stopped) event.preventDefault();
  });

  return {
    /** What this browser kept and the server never got, or null. */
    unsaved() {
      const kept = read(keyOf(form));
      if (!kept || kept.isSaved || same(kept, saved)) {
        localStorage.removeItem(keyOf(form));
        return null;
      }
      return kept;
    },
    forget: () => localStorage.removeItem(keyOf(form)),
    /** Stops saving by itself, because the form is on its way. Resolves when nothing is under way any more. */
    async handOver() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
    isBusy: () => running !== null,
  };
}
