import { generateKeyPairSync, type KeyObject } from 'node:crypto';

/** A key pair as nearly every server has it. */
export function makeKeyPair(): { publicPem: string; privateKey: KeyObject; privatePem: string } {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    privateKey,
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

const paragraph =
  'A letter takes three days to the coast, and the answer takes four, because the boat waits for the mail and the mail waits for nobody. ' +
  'What is written in the meantime is a **second letter**, and it crosses the first one on the way.\n\n';

/** A post of usual length, in Markdown: about eight hundred words, a list, a quote, code. */
export const sampleMarkdown = `${paragraph.repeat(6)}## What one needs\n\n- paper\n- a pen\n- [a stamp](https://example.com/stamps)\n\n> The sea is not in a hurry.\n\n${paragraph.repeat(6)}\`\`\`js\nconst letter = await write({ to: 'the coast' });\n\`\`\`\n\n${paragraph.repeat(4)}`;

/** The same as it travels, in HTML. */
export const sampleHtml = `${`<p>${paragraph.trim().replace('**second letter**', '<strong>second letter</strong>')}</p>`.repeat(16)}<h2>What one needs</h2><ul><li>paper</li><li>a pen</li><li><a href="https://example.com/stamps">a stamp</a></li></ul><blockquote><p>The sea is not in a hurry.</p></blockquote>`;
