/** Selecting in lists: all at once, a range with the shift key, and how many. */
for (const list of document.querySelectorAll('[data-list]')) {
  const boxes = [...list.querySelectorAll('.row-check input:not(:disabled)')];
  const all = list.querySelector('[data-list-all]');
  const allBox = all.querySelector('input');
  const count = list.querySelector('[data-list-count]');
  let last = -1;

  const tell = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    count.textContent = chosen === 0 ? '' : `${chosen} selected`;
    allBox.checked = chosen === boxes.length && chosen > 0;
    allBox.indeterminate = chosen > 0 && chosen < boxes.length;
  };

  all.hidden = boxes.length === 0;
  allBox.addEventListener('change', () => {
    for (const box of boxes) box.checked = allBox.checked;
    tell();
  });
  boxes.forEach((box, index) => {
    box.addEventListener('click', (event) => {
      if (event.shiftKey && last >= 0) {
        const [from, to] = last < index ? [last, index] : [index, last];
        for (const between of boxes.slice(from, to + 1)) between.checked = box.checked;
      }
      last = index;
      tell();
    });
  });
  tell();
}
