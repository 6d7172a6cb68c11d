import { z } from 'zod';
import { GatewayError } from '../../base/gateway-error.ts';
import { page, pageQuery } from '../../contract/common.ts';
import { project, projectCreate, projectPatch } from '../../contract/project.ts';
import type { ProjectPatch } from '../../contract/project.ts';
import type { Role } from '../../contract/user.ts';
import type { Principal } from '../access/principal.ts';
import { roles } from '../access/roles.ts';
import type { Route } from '../route.ts';
import { emptyRoute, jsonRoute } from '../route.ts';
import type { ProjectViews, WebProjects } from '../web-services.ts';
import { loaded } from './loaded.ts';
import { idParam } from './path-params.ts';

const tag = 'projects';
const path = '/api/v1/projects';
const one = { tag, path: `${path}/{id}`, params: idParam, scope: { in: 'project', param: 'id' } } as const;

const listQuery = z.strictObject({
  ...pageQuery.shape,
  archived: z.enum(['true', 'false']).default('false').describe('true: the archived ones instead'),
});

/** The office tends the steps; what a project is, its site says. */
const officeFields: ReadonlySet<string> = new Set(['milestones', 'stage', 'leader']);

/** What project routes need. */
export interface ProjectRouteServices {
  projects: WebProjects;
  projectViews: ProjectViews;
  /** Lets the founder see the new project. */
  grantProject: (principal: Principal, projectId: string) => Promise<void>;
}

/** Key projects with their steps. */
export function projectRoutes(services: ProjectRouteServices): Route[] {
  return [...readingRoutes(services), ...writingRoutes(services)];
}

function readingRoutes({ projects, projectViews }: ProjectRouteServices): Route[] {
  return [
    jsonRoute({
      method: 'get',
      path,
      summary: 'Projects that one may see',
      tag,
      access: roles.everyone,
      scope: { in: 'list' },
      query: listQuery,
      reply: page(project),
      async handle({ query: { archived, ...query }, principal }) {
        const { projectIds } = loaded(principal);
        const found = await projects.list({ ...query, projectIds, archived: archived === 'true' });
        return { ...found, items: found.items.map((record) => projectViews.view(record)) };
      },
    }),
    jsonRoute({
      ...one,
      method: 'get',
      summary: 'One project',
      access: roles.everyone,
      reply: project,
      handle: (context) => projectViews.view(loaded(context.project)),
    }),
  ];
}

function writingRoutes({ projects, projectViews, grantProject }: ProjectRouteServices): Route[] {
  return [
    jsonRoute({
      method: 'post',
      path,
      summary: 'A new project; whoever founds it sees it',
      tag,
      access: roles.technician,
      scope: { in: 'nothing' },
      body: projectCreate,
      reply: project,
      statuses: [201],
      async handle({ body, principal }) {
        const record = await projects.create(body);
        await grantProject(loaded(principal), record.id);
        return projectViews.view(record);
      },
    }),
    jsonRoute({
      ...one,
      method: 'patch',
      summary: 'Change a project; staff only its steps, stage and leader; only an admin archives it',
      access: roles.technicianOrStaff,
      body: projectPatch,
      reply: project,
      async handle({ params, body, principal }) {
        refuseFields(loaded(principal).role, body);
        return projectViews.view(await projects.patch(params.id, body));
      },
    }),
    emptyRoute({
      ...one,
      method: 'delete',
      summary: 'Remove a project that has no cameras',
      access: roles.admin,
      handle: ({ params }) => projects.remove(params.id),
    }),
  ];
}

function refuseFields(role: Role, body: ProjectPatch): void {
  if (role === 'admin') return;
  const refused = Object.keys(body).filter(
    (field) => field === 'archived' || (role === 'staff' && !officeFields.has(field)),
  );
  if (refused.length > 0)
    throw new GatewayError('forbidden', `a user with the role ${role} may not change ${refused.join(', ')}`);
}
