/**
 * The least that a delivery needs: sign with a key on the thread pool, POST over a connection that is kept, with
 * node:http and nothing else. And how fast this machine signs when it does nothing besides.
 */
import { createHash, createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { Agent, request } from 'node:http';
import { answerParent } from './child.ts';
import { makeKeyPair } from './sample.ts';

const key = createPrivateKey(makeKeyPair().privatePem);
const agent = new Agent({ keepAlive: true, maxSockets: 4, maxFreeSockets: 4 });

function signText(text: string, privateKey: KeyObject): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    sign('sha256', Buffer.from(text), privateKey, (error, signature) =>
      error ? reject(error) : resolve(signature),
    );
  });
}

async function deliver(inbox: string, body: Buffer, digest: string): Promise<void> {
  const { host, hostname, port, pathname } = new URL(inbox);
  const date = new Date().toUTCString();
  const text = `(request-target): post ${pathname}\nhost: ${host}\ndate: ${date}\ndigest: SHA-256=${digest}`;
  const signature = (await signText(text, key)).toString('base64');
  const headers = {
    host,
    date,
    digest: `SHA-256=${digest}`,
    signature: `keyId="http://localhost/ap/users/1#main-key",algorithm="rsa-sha256",headers="(request-target) host date digest",signature="${signature}"`,
    'content-type': 'application/activity+json',
    'content-length': body.length,
  };
  await new Promise<void>((resolve, reject) => {
    const req = request({ agent, method: 'POST', hostname, port, path: pathname, headers }, (res) => {
      res.resume();
      res.on('end', resolve);
    });
    req.on('error', reject);
    req.end(body);
  });
}

answerParent({
  /** Signs for that long and tells how many a second. */
  async signing({ seconds }: { seconds: number }) {
    const text = 'x'.repeat(250);
    const start = performance.now();
    let count = 0;
    const one = async () => {
      while (performance.now() - start < seconds * 1000) {
        await signText(text, key);
        count += 1;
      }
    };
    await Promise.all(Array.from({ length: 16 }, one));
    return count / ((performance.now() - start) / 1000);
  },
  async send({ inboxes, body: text }: { inboxes: string[]; body: string }) {
    const startedAt = Date.now();
    const body = Buffer.from(text);
    const digest = createHash('sha256').update(body).digest('base64');
    const rest = [...inboxes];
    const work = async () => {
      for (let inbox = rest.pop(); inbox; inbox = rest.pop()) await deliver(inbox, body, digest);
    };
    await Promise.all(Array.from({ length: 100 }, work));
    return startedAt;
  },
});
