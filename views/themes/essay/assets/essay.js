// What makes reading a little nicer where scripts run. Everything here works without them, only less smoothly.

const root = document.documentElement;

function rememberScheme(scheme) {
  try {
    if (scheme === null) localStorage.removeItem('scheme');
    else localStorage.setItem('scheme', scheme);
  } catch (error) {
    console.info('The choice of colours is not remembered here:', error.message);
  }
}

/** Light or dark by hand; choosing what the system has anyway goes back to following it. */
function startSchemeSwitch() {
  const systemIsDark = matchMedia('(prefers-color-scheme: dark)');
  for (const button of document.querySelectorAll('[data-scheme-switch]')) {
    button.hidden = false;
    button.addEventListener('click', () => {
      const isDark = root.dataset.scheme ? root.dataset.scheme === 'dark' : systemIsDark.matches;
      const wanted = isDark ? 'light' : 'dark';
      const followsSystem = (wanted === 'dark') === systemIsDark.matches;
      if (followsSystem) delete root.dataset.scheme;
      else root.dataset.scheme = wanted;
      rememberScheme(followsSystem ? null : wanted);
    });
  }
}

/** Opens a footnote where it is referred to; the link to the list below stays what it is without this. */
function startFootnotes() {
  if (!('popover' in HTMLElement.prototype)) return;
  for (const [index, link] of [...document.querySelectorAll('a.footnote-ref, .footnote-ref > a')].entries()) {
    const note = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!note) continue;
    const popover = document.createElement('div');
    popover.className = 'footnote-popover prose';
    popover.id = `footnote-popover-${index}`;
    popover.setAttribute('popover', 'auto');
    popover.setAttribute('role', 'note');
    for (const child of note.childNodes) popover.append(child.cloneNode(true));
    for (const back of popover.querySelectorAll('.footnote-back')) back.remove();
    for (const element of popover.querySelectorAll('[id]')) element.removeAttribute('id');
    (link.closest('sup') ?? link).after(popover);
    link.setAttribute('aria-expanded', 'false');
    link.setAttribute('role', 'button');
    link.addEventListener('keydown', (event) => {
      if (event.key === ' ') {
        event.preventDefault();
        link.click();
      }
    });
    link.addEventListener('click', (event) => {
      event.preventDefault();
      popover.togglePopover();
      const at = link.getBoundingClientRect();
      const size = popover.getBoundingClientRect();
      const left = Math.min(
        Math.max(16, at.left + at.width / 2 - size.width / 2),
        innerWidth - size.width - 16,
      );
      const below = at.bottom + 8 + size.height < innerHeight;
      popover.style.left = `${left}px`;
      popover.style.top = `${below ? at.bottom + 8 : Math.max(16, at.top - size.height - 8)}px`;
    });
    popover.addEventListener('toggle', (event) =>
      link.setAttribute('aria-expanded', String(event.newState === 'open')),
    );
  }
}

/** Brings the form to the comment that is answered, instead of loading the page anew. */
function startAnswers() {
  const section = document.getElementById('comment-form');
  if (!section) return;
  const form = section.querySelector('form');
  const heading = section.querySelector('h3');
  const line = section.querySelector('[data-answering]');
  const [home, title] = [section.parentElement, heading.textContent];

  function answer(id, comment) {
    form.elements.parent_id.value = id;
    const name = comment?.querySelector('.comment-name')?.textContent.trim();
    heading.textContent = comment ? section.dataset.answerTitle.replace('{name}', () => name) : title;
    line.hidden = !comment;
    line.replaceChildren();
    if (comment) {
      const back = Object.assign(document.createElement('a'), {
        href: '#comment-form',
        textContent: section.dataset.answerPost,
      });
      back.addEventListener('click', () => answer('', null));
      line.append(back);
      comment.after(section);
    } else {
      home.append(section);
    }
  }

  for (const link of document.querySelectorAll('a[data-answer]')) {
    link.addEventListener('click', (event) => {
      event.preventDefault();
      answer(link.dataset.answer, link.closest('.comment'));
      form.elements.text.focus();
    });
  }
}

/** `data-copy="text"` on a button copies that text and says so. */
function startCopying() {
  for (const button of document.querySelectorAll('button[data-copy]')) {
    button.hidden = false;
    const words = button.textContent;
    button.setAttribute('aria-live', 'polite');
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(button.dataset.copy);
        button.textContent = button.dataset.copied ?? 'Copied';
      } catch (error) {
        console.info('Copying was refused:', error.message);
        button.textContent = button.dataset.refused ?? 'Copying was refused';
      }
      setTimeout(() => {
        button.textContent = words;
      }, 2000);
    });
  }
}

/** What scrolls sideways can be reached with the keyboard. */
function startScrollBoxes() {
  for (const box of document.querySelectorAll('.prose pre, .prose .table-scroll')) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
  }
}

startSchemeSwitch();
startScrollBoxes();
startFootnotes();
startAnswers();
startCopying();
