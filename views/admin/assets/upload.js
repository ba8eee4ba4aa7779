/** The token that proves that a request comes from this page. */
function csrfToken() {
  return document.querySelector('[data-csrf]').dataset.csrf;
}

/** What the server said in one sentence, or a sentence of our own where it said nothing readable. */
export function sentenceOf(status, body) {
  if (typeof body?.detail === 'string') return body.detail;
  if (typeof body?.title === 'string') return body.title;
  return status === 0
    ? 'There is no connection to the blog.'
    : `The blog answered with an error (${status}).`;
}

/**
 * Sends a form and reads the JSON answer.
 * @param {string} url
 * @param {Record<string, string | string[]>} fields
 * @returns {Promise<any>}
 * @throws Error with a sentence for people; `status` is 0 without a connection.
 */
export async function post(url, fields = {}) {
  const body = new URLSearchParams({ csrf: csrfToken() });
  for (const [name, value] of Object.entries(fields)) {
    for (const one of [value].flat()) body.append(name, one);
  }
  const answer = await fetch(url, { method: 'POST', body, headers: { accept: 'application/json' } }).catch(
    () => null,
  );
  const result = answer ? await answer.json().catch(() => null) : null;
  if (answer?.ok && result) return result;
  throw Object.assign(new Error(sentenceOf(answer?.status ?? 0, result)), {
    status: answer?.status ?? 0,
    result,
  });
}

/**
 * Uploads one file.
 * @param {string} url
 * @param {File} file
 * @param {{ alt?: string, onProgress?: (percent: number) => void, signal?: AbortSignal }} [options]
 * @returns {Promise<{ id: string, url: string, thumbUrl: string | null, alt: string, name: string }>}
 * @throws Error with a sentence for people.
 */
export function upload(url, file, { alt = '', onProgress = () => undefined, signal } = {}) {
  return new Promise((resolve, reject) => {
    const body = new FormData();
    body.append('csrf', csrfToken());
    body.append('alt', alt);
    body.append('file', file, file.name || 'picture.png');
    const request = new XMLHttpRequest();
    request.open('POST', url);
    request.setRequestHeader('accept', 'application/json');
    request.setRequestHeader('x-csrf-token', csrfToken());
    request.responseType = 'json';
    request.upload.addEventListener('progress', (event) => {
      if (event.lengthComputable) onProgress(Math.round((event.loaded / event.total) * 100));
    });
    request.addEventListener('load', () => {
      if (request.status < 300 && request.response) resolve(request.response);
      else reject(new Error(sentenceOf(request.status, request.response)));
    });
    request.addEventListener('error', () => reject(new Error(sentenceOf(0, null))));
    request.addEventListener('abort', () => reject(new DOMException('Cancelled', 'AbortError')));
    signal?.addEventListener('abort', () => request.abort());
    request.send(body);
  });
}

/** Whether a file is one that can stand in a post as a picture. */
export function isPicture(file) {
  return /^image\/(png|jpeg|webp|gif|avif)$/.test(file.type);
}

/** Whether a file is one that can be played in a post. */
export function isRecording(file) {
  return /^(audio\/(mpeg|mp3|ogg|flac|x-flac|wav|x-wav|mp4|x-m4a)|video\/(mp4|webm|ogg))$/.test(file.type);
}

/** A file as a data address, for showing it before it has arrived anywhere. */
export function dataUrl(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(String(reader.result)));
    reader.addEventListener('error', () => reject(reader.error));
    reader.readAsDataURL(file);
  });
}
