/**
 * People for `@` and some letters, in every field that asks for them with `data-mentions`. Arrow keys choose, Enter or Tab
 * takes, Escape closes; without JavaScript a handle is simply typed.
 */
const typed = /(?:^|[\s(])@([\p{L}\p{N}_.-]{1,60}(?:@[\p{L}\p{N}.-]{0,60})?)$/u;

const list = document.createElement('ul');
list.id = 'mention-list';
list.className = 'mentions';
list.role = 'listbox';
list.ariaLabel = 'People';
list.hidden = true;
const told = document.createElement('p');
told.className = 'visually-hidden';
told.role = 'status';
const mirror = document.createElement('div');
mirror.className = 'mentions-mirror';
mirror.ariaHidden = 'true';

let field = null;
let asking = null;
let chosen = -1;

const options = () => [...list.children];

function close() {
  asking?.abort();
  list.hidden = true;
  chosen = -1;
  field?.removeAttribute('aria-activedescendant');
  told.textContent = '';
}

function choose(index) {
  chosen = index;
  for (const [at, option] of options().entries()) {
    option.ariaSelected = String(at === index);
    if (at === index) option.scrollIntoView({ block: 'nearest' });
  }
  field.setAttribute('aria-activedescendant', options()[index].id);
}

/** What stands between `@` and the cursor, or null. */
function queryIn(area) {
  if (area.selectionStart !== area.selectionEnd) return null;
  return typed.exec(area.value.slice(Math.max(0, area.selectionEnd - 200), area.selectionEnd))?.[1] ?? null;
}

function take(handle) {
  const end = field.selectionEnd;
  const start = end - queryIn(field).length - 1;
  field.setRangeText(`${handle} `, start, end, 'end');
  field.dispatchEvent(new Event('input', { bubbles: true }));
  close();
  field.focus();
}

/** Below the line of the cursor: a field does not say where that is, a box of the same measures does. */
function place() {
  const style = getComputedStyle(field);
  for (const name of ['width', 'padding', 'border', 'font', 'lineHeight', 'letterSpacing', 'direction'])
    mirror.style[name] = style[name];
  mirror.textContent = field.value.slice(0, field.selectionEnd);
  const mark = document.createElement('span');
  mark.textContent = '\u200b';
  mirror.append(mark);
  const box = field.getBoundingClientRect();
  const width = Math.min(list.offsetWidth, window.innerWidth - 16);
  const left = Math.min(box.left + mark.offsetLeft, window.innerWidth - width - 8);
  const top = box.top + mark.offsetTop - field.scrollTop + mark.offsetHeight + 4;
  const ground = (list.offsetParent ?? document.documentElement).getBoundingClientRect();
  list.style.left = `${Math.max(8, left) - ground.left}px`;
  list.style.top = `${top - ground.top}px`;
}

function show(people) {
  list.replaceChildren(
    ...people.map(({ handle, name, avatarUrl }, index) => {
      const option = document.createElement('li');
      option.id = `mention-${index}`;
      option.role = 'option';
      const face = document.createElement(avatarUrl ? 'img' : 'span');
      face.className = avatarUrl ? 'face' : 'face face-letter';
      if (avatarUrl) Object.assign(face, { src: avatarUrl, alt: '', width: 32, height: 32 });
      else Object.assign(face, { textContent: name.slice(0, 1).toUpperCase(), ariaHidden: 'true' });
      const words = document.createElement('span');
      const bold = document.createElement('bdi');
      const muted = document.createElement('bdi');
      bold.textContent = name;
      muted.textContent = handle;
      muted.className = 'muted';
      words.append(bold, ' ', muted);
      option.append(face, words);
      option.addEventListener('pointerdown', (event) => {
        event.preventDefault();
        take(handle);
      });
      option.dataset.handle = handle;
      return option;
    }),
  );
  list.hidden = people.length === 0;
  told.textContent = people.length === 0 ? '' : `${people.length} people, arrow keys choose.`;
  if (people.length === 0) return;
  place();
  choose(0);
}

async function suggest(area) {
  const query = queryIn(area);
  asking?.abort();
  if (query === null) return close();
  asking = new AbortController();
  const { signal } = asking;
  try {
    const answer = await fetch(`/admin/people?${new URLSearchParams({ q: query })}`, {
      headers: { accept: 'application/json' },
      signal,
    });
    if (!answer.ok) return close();
    const { people } = await answer.json();
    if (!signal.aborted && document.activeElement === area) show(people);
  } catch (error) {
    // Another letter was typed meanwhile, or there is no network: the handle can be typed all the same.
    if (error.name !== 'AbortError') close();
  }
}

const keys = {
  ArrowDown: () => choose((chosen + 1) % options().length),
  ArrowUp: () => choose((chosen - 1 + options().length) % options().length),
  Enter: () => take(options()[chosen].dataset.handle),
  Tab: () => take(options()[chosen].dataset.handle),
  Escape: close,
};

for (const area of document.querySelectorAll('textarea[data-mentions]')) {
  area.setAttribute('aria-autocomplete', 'list');
  area.setAttribute('aria-controls', list.id);
  area.addEventListener('input', () => {
    field = area;
    suggest(area);
  });
  area.addEventListener('blur', close);
  area.addEventListener(
    'keydown',
    (event) => {
      if (list.hidden || field !== area || event.isComposing || !Object.hasOwn(keys, event.key)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      keys[event.key]();
    },
    { capture: true },
  );
}
(document.querySelector('main') ?? document.body).append(list, told, mirror);
