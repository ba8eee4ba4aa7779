import type { Router } from 'express';
import type { WebDeps } from '../http/server.ts';
import { addCommentRoutes } from './comment-routes.ts';
import { addListRoutes } from './list-routes.ts';
import { addMachineRoutes } from './machine-routes.ts';
import { addPictureRoutes } from './picture-routes.ts';
import { addPostRoutes } from './post-routes.ts';
import { addSearchRoutes } from './search-routes.ts';

export { errorPage, notSetUpPage } from './error-page.ts';

/** All of the public site. Added after every other route: a post may have any address that is not taken. */
export function addWebRoutes(router: Router, deps: WebDeps): void {
  addMachineRoutes(router, deps);
  addPictureRoutes(router, deps);
  addListRoutes(router, deps);
  addSearchRoutes(router, deps);
  addCommentRoutes(router, deps);
  addPostRoutes(router, deps);
}
