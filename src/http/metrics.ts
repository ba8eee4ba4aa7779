import { hash, timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import type { Deps } from '../deps.ts';
import { asError } from '../errors.ts';
import { queueDepth } from '../jobs/job-store.ts';
import { withinDeadline } from '../plugin-host/deadline.ts';
import type { PluginHost } from '../plugin-host/host.ts';
import type { Metric } from '../plugin-host/metric.ts';
import { siteSettings } from '../settings/site-settings.ts';

const pluginMs = 5000;
const forwarding = [
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
  'via',
];

/**
 * Numbers for whoever watches over the machine, as Prometheus reads them: of the queue, and those that plugins give. For
 * loopback, though not through a proxy on it, and for who has the token of the settings.
 */
export function metricsHandler(deps: Deps, plugins: Pick<PluginHost, 'active' | 'failed'>): RequestHandler {
  return async (req, res) => {
    res.setHeader('Cache-Control', 'no-store');
    if (!isFromHere(req) && !(await hasToken(deps, req))) {
      res
        .status(403)
        .type('text/plain')
        .send('Ask from this machine itself, or with the token of the settings.\n');
      return;
    }
    const metrics = [...(await queueMetrics(deps)), ...(await pluginMetrics(plugins))];
    res.type('text/plain; version=0.0.4; charset=utf-8').send(metrics.map(metricText).join(''));
  };
}

function isFromHere(req: Request): boolean {
  const address = req.socket.remoteAddress ?? '';
  const isLoopback = address === '::1' || /^(?:::ffff:)?127\./.test(address);
  return isLoopback && forwarding.every((name) => req.headers[name] === undefined);
}

async function hasToken({ db }: Deps, req: Request): Promise<boolean> {
  const [, given] = /^Bearer ([\w-]{20,200})$/i.exec(req.headers.authorization ?? '') ?? [];
  if (given === undefined) return false;
  const { metricsToken } = await siteSettings(db);
  const digest = (text: string) => hash('sha256', text, 'buffer');
  return metricsToken !== '' && timingSafeEqual(digest(given), digest(metricsToken));
}

async function queueMetrics({ db, clock }: Deps): Promise<Metric[]> {
  const { queued, running, dead, oldestDueAt } = await queueDepth(db);
  const ageMs = oldestDueAt === null ? 0 : clock.now().getTime() - Date.parse(oldestDueAt);
  const jobs = [
    { labels: { state: 'queued' }, value: queued },
    { labels: { state: 'running' }, value: running },
    { labels: { state: 'dead' }, value: dead },
  ];
  return [
    { name: 'outpost_jobs', about: 'Jobs in the queue.', values: jobs },
    {
      name: 'outpost_jobs_oldest_due_seconds',
      about: 'How long ago the oldest waiting job was due.',
      values: [{ value: Math.max(0, ageMs / 1000) }],
    },
  ];
}

async function pluginMetrics(plugins: Pick<PluginHost, 'active' | 'failed'>): Promise<Metric[]> {
  const metrics: Metric[] = [];
  for (const { definition, context } of plugins.active()) {
    const { id, metrics: give } = definition;
    if (!give) continue;
    try {
      metrics.push(...(await withinDeadline(`metrics of ${id}`, pluginMs, () => give(context as never))));
    } catch (error) {
      // The numbers of the others are given all the same.
      plugins.failed(id, 'metrics', asError(error));
    }
  }
  return metrics;
}

/** Source: Prometheus, "Exposition formats", text format 0.0.4 */
function metricText({ name, about, values }: Metric): string {
  const lines = values.map(({ labels, value }) => {
    const pairs = Object.entries(labels ?? {}).map(([key, text]) => `${key}="${escapeLabel(text)}"`);
    return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}\n`;
  });
  return `# HELP ${name} ${about.replaceAll('\n', ' ')}\n# TYPE ${name} gauge\n${lines.join('')}`;
}

function escapeLabel(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
