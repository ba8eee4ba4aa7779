/* Lets the page of a post's deliveries fill while they run. Without it the page is as it was when it was opened. */
const live = document.querySelector('[data-live]');

function show(bar) {
  for (const name of ['total', 'done', 'waiting', 'failed', 'abandoned']) {
    const place = live.querySelector(`[data-bar-count="${name}"]`);
    if (place) place.textContent = String(bar[name]);
  }
  const meter = live.querySelector('[data-bar]');
  meter.max = Math.max(bar.total, 1);
  meter.value = bar.done;
}

async function renew() {
  const answer = await fetch(location.href, { headers: { accept: 'text/html' } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const list = page.querySelector('[data-list]');
  if (list) document.querySelector('[data-list]')?.replaceWith(list);
}

if (live?.hasAttribute('data-moving')) {
  const source = new EventSource(live.dataset.live);
  let renewedAt = 0;
  source.addEventListener('message', (event) => {
    show(JSON.parse(event.data));
    if (Date.now() - renewedAt < 2000) return;
    renewedAt = Date.now();
    void renew();
  });
  source.addEventListener('done', () => {
    source.close();
    void renew();
  });
}
