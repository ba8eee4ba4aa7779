import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NextFunction, Request, Response, Router } from 'express';
import { NotFoundError, UnauthorizedError } from '../errors.ts';
import { errorHandler } from '../http/errors.ts';
import { mediaType } from '../http/read-body.ts';
import { isSameOrigin, renewSessionCookie, requireOwnForm } from '../http/visitor.ts';
import type { AdminDeps } from './admin-deps.ts';
import { textOf, wantsJson } from './admin-request.ts';
import { addAutosaveRoutes } from './autosave-routes.ts';
import { addCommentRoutes } from './comment-routes.ts';
import { adminErrorPage } from './error-page.ts';
import { takeForm } from './form-body.ts';
import { addHomeRoutes } from './home-routes.ts';
import { isEditorForm, readKeptForm, showFormOfOldSession } from './kept-form.ts';
import { addLoginRoutes, showLoginWith } from './login-routes.ts';
import { addMediaRoutes, uploadAction } from './media-routes.ts';
import { addPeopleRoutes } from './people-routes.ts';
import { addPluginPageRoutes } from './plugin-page-routes.ts';
import { addPluginRoutes } from './plugin-routes.ts';
import { addPostListRoutes } from './post-list-routes.ts';
import { addPostRoutes } from './post-routes.ts';
import { addPreviewRoutes } from './preview-routes.ts';
import { addProfileRoutes } from './profile-routes.ts';
import { addSettingsRoutes } from './settings-routes.ts';
import { addSetupRoutes } from './setup-routes.ts';
import { addTaskRoutes } from './task-routes.ts';
import { addUserRoutes } from './user-routes.ts';

const toolbarFile = fileURLToPath(import.meta.resolve('@github/markdown-toolbar-element'));

/** The one door of the admin: nobody comes in who is not signed in, and no change without the page's own token. */
function guard(deps: AdminDeps) {
  return async (req: Request, res: Response, next: NextFunction) => {
    res.setHeader('Cache-Control', 'no-store');
    const isRead = req.method === 'GET' || req.method === 'HEAD';
    if (!req.visitor.user) {
      if (!isRead && !wantsJson(req) && isEditorForm(req) && isSameOrigin(req, deps.config.origin)) {
        const kept = await readKeptForm(req);
        if (kept) return showLoginWith(deps, res, kept);
      }
      if (!isRead || wantsJson(req)) throw new UnauthorizedError('auth.required', 'Sign in first.');
      res.redirect(303, `/login?${new URLSearchParams({ next: req.originalUrl.slice(0, 1000) })}`);
      return;
    }
    if (isRead) {
      renewSessionCookie(req, res, deps.config.origin);
      return next();
    }
    // Where the request comes from is looked at before a byte of it is read.
    if (!isSameOrigin(req, deps.config.origin)) requireOwnForm(req, deps.config.origin, undefined);
    // A form with files is read by its route, which then looks for the token; no other route takes one.
    if (mediaType(req) === 'multipart/form-data' && req.originalUrl === uploadAction) return next();
    const body = await takeForm(req);
    const token = textOf(body, 'csrf');
    const isOld = token !== '' && token !== req.visitor.session?.csrfToken;
    if (isOld && isEditorForm(req) && !wantsJson(req)) {
      // A form of the session before: what was typed is shown, and nothing is done.
      return showFormOfOldSession(deps, req, res);
    }
    requireOwnForm(req, deps.config.origin, token);
    next();
  };
}

/** Adds the back office, signing in and the set-up. */
export function addAdminRoutes(router: Router, deps: AdminDeps): void {
  addSetupRoutes(router, deps);
  addLoginRoutes(router, deps);
  // From a root: else a folder above that begins with a dot would hide the file.
  const toolbar = { root: path.dirname(toolbarFile), maxAge: '1d' };
  router.get('/assets/markdown-toolbar.js', (_req, res) => res.sendFile(path.basename(toolbarFile), toolbar));

  router.use('/admin', guard(deps));
  addHomeRoutes(router, deps);
  addPostListRoutes(router, deps);
  addAutosaveRoutes(router, deps);
  addPreviewRoutes(router, deps);
  addPeopleRoutes(router, deps);
  addPostRoutes(router, deps);
  addMediaRoutes(router, deps);
  addCommentRoutes(router, deps);
  addProfileRoutes(router, deps);
  addUserRoutes(router, deps);
  addSettingsRoutes(router, deps);
  addTaskRoutes(router, deps);
  addPluginRoutes(router, deps);
  addPluginPageRoutes(router, deps);
  router.use('/admin', () => {
    throw new NotFoundError('page.not_found', 'There is nothing at this address.');
  });
  router.use(['/admin', '/login', '/setup', '/logout'], errorHandler(deps.log, adminErrorPage(deps)));
}
