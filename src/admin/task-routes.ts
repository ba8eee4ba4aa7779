import type { Request, Response, Router } from 'express';
import { NotFoundError } from '../errors.ts';
import { requireDeed } from '../http/visitor.ts';
import { countDeadJobs, type DeadJob, deadJobs, dropJob, reviveJob } from '../jobs/job-store.ts';
import type { AdminDeps } from './admin-deps.ts';
import { paramOf } from './admin-request.ts';
import { leaveNotice } from './notice.ts';
import type { TimePrinter } from './present-time.ts';
import { pageFacts, renderAdmin } from './render-admin.ts';
import type { TasksView } from './view-models.ts';

const tasksPath = '/admin/tasks';
const mostListed = 200;
/** More than this are tried again by asking again: each is one statement. */
const mostAtOnce = 10_000;

const coreNames: Readonly<Record<string, string>> = {
  event: 'Telling the plugins what has happened',
  mail: 'Sending mail',
  publish: 'Publishing a scheduled post',
};

function nameOf({ kind }: DeadJob, pluginName: (id: string) => string): string {
  const [origin = '', id = '', work = ''] = kind.split(':');
  if (origin === 'action') return `${pluginName(id)}: hearing what has happened`;
  if (origin === 'plugin') return `${pluginName(id)}: ${work.replaceAll('-', ' ')}`;
  return coreNames[kind] ?? kind.replaceAll('-', ' ');
}

/** What a task is about, as far as it says so itself. */
function subjectOf({ subject, payload }: DeadJob): string {
  const event = typeof payload === 'object' && payload !== null && 'name' in payload ? payload.name : null;
  return [typeof event === 'string' ? event : null, subject].filter((part) => part !== null).join(' · ');
}

function presentTask(
  job: DeadJob,
  pluginName: (id: string) => string,
  print: TimePrinter,
): TasksView['rows'][number] {
  return {
    id: job.id,
    name: nameOf(job, pluginName),
    subject: subjectOf(job),
    error: job.lastError === '' ? 'It did not say why.' : job.lastError.slice(0, 1000),
    attempts: job.attempts,
    created: print(job.createdAt),
  };
}

async function showTasks(deps: AdminDeps, req: Request, res: Response): Promise<void> {
  requireDeed(req, 'site.manage');
  const { print } = await pageFacts(deps);
  const names = new Map(deps.plugins.active().map(({ definition }) => [definition.id, definition.name]));
  const jobs = await deadJobs(deps.db, mostListed);
  const data: TasksView = {
    rows: jobs.map((job) => presentTask(job, (id) => names.get(id) ?? id, print)),
    total: await countDeadJobs(deps.db),
  };
  await renderAdmin(deps, req, res, {
    view: 'tasks',
    heading: 'Tasks that were given up',
    section: 'tasks',
    data,
  });
}

/** Does something with one task; somebody else may have done it first. */
async function withTask(
  deps: AdminDeps,
  req: Request,
  res: Response,
  { work, text }: { work: (id: string) => Promise<boolean>; text: string },
): Promise<void> {
  requireDeed(req, 'site.manage');
  if (!(await work(paramOf(req, 'id'))))
    throw new NotFoundError(
      'task.not_found',
      'This task is not there any more: it was tried again, or dropped.',
    );
  deps.jobs.wake();
  leaveNotice(deps, req, res, { text });
  res.redirect(303, tasksPath);
}

/** What the queue has given up, for the owner to look at. */
export function addTaskRoutes(router: Router, deps: AdminDeps): void {
  router.get(tasksPath, (req, res) => showTasks(deps, req, res));
  router.post(`${tasksPath}/retry-all`, async (req, res) => {
    requireDeed(req, 'site.manage');
    const jobs = await deadJobs(deps.db, mostAtOnce);
    for (const { id } of jobs) await reviveJob(deps.db, id, deps.clock.iso());
    deps.jobs.wake();
    leaveNotice(deps, req, res, { text: `Being tried again: ${jobs.length}.` });
    res.redirect(303, tasksPath);
  });
  router.post(`${tasksPath}/:id/retry`, (req, res) =>
    withTask(deps, req, res, {
      work: (id) => reviveJob(deps.db, id, deps.clock.iso()),
      text: 'It is being tried again.',
    }),
  );
  router.post(`${tasksPath}/:id/drop`, (req, res) =>
    withTask(deps, req, res, { work: (id) => dropJob(deps.db, id), text: 'Dropped.' }),
  );
}
