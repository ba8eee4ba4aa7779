import type { Deps } from '../deps.ts';
import type { JobKind } from '../jobs/job.ts';
import { siteSettings } from '../settings/site-settings.ts';

/** A mail in plain text. Mails of one `key` that wait at the same time become one, the newest. */
export type Mail = { to: string; subject: string; text: string; key?: string | undefined };

/** One line without control characters, since it becomes a header field. */
function headerLine(text: string): string {
  return text
    .replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .trim()
    .slice(0, 200);
}

/** Queues a mail; false where the owner has set no mail server. The caller never waits for that server. */
export async function sendMail(deps: Pick<Deps, 'db' | 'jobs'>, mail: Mail): Promise<boolean> {
  const { smtpUrl, mailFrom } = await siteSettings(deps.db);
  if (smtpUrl === '' || mailFrom === '') return false;
  const { key, ...message } = mail;
  await deps.jobs.add(deps.db, {
    kind: 'mail',
    payload: { ...message, subject: headerLine(mail.subject) },
    uniqueKey: key,
    maxAttempts: 8,
  });
  return true;
}

/** The queue's way of sending mail. */
export function mailJob(deps: Pick<Deps, 'db' | 'log'>): JobKind {
  return {
    kind: 'mail',
    concurrency: 2,
    async handler(job) {
      const { smtpUrl, mailFrom, title } = await siteSettings(deps.db);
      if (smtpUrl === '' || mailFrom === '') {
        deps.log.warn(
          { job: job.id },
          'a mail was dropped, since there is no mail server in the settings any more',
        );
        return;
      }
      const { to, subject, text } = readMail(job.payload);
      // Read only where mail is sent: every command starts with what stands above.
      const { createTransport } = await import('nodemailer');
      const transport = createTransport({ url: smtpUrl, connectionTimeout: 10_000, socketTimeout: 20_000 });
      try {
        // The job's id makes the message's: a server that was slow to answer gets the same mail, not another.
        const messageId = `<${job.id}@${mailFrom.split('@')[1]}>`;
        await transport.sendMail({
          from: { name: headerLine(title), address: mailFrom },
          to,
          subject,
          text,
          messageId,
        });
      } finally {
        transport.close();
      }
    },
  };
}

function readMail(payload: unknown): { to: string; subject: string; text: string } {
  if (
    typeof payload === 'object' &&
    payload !== null &&
    'to' in payload &&
    'subject' in payload &&
    'text' in payload
  ) {
    return { to: String(payload.to), subject: String(payload.subject), text: String(payload.text) };
  }
  throw new Error('A mail in the queue cannot be read.');
}
