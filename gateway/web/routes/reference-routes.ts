import { referenceChoice, viewReference } from '../../contract/reference.ts';
import { roles } from '../access/roles.ts';
import type { Route } from '../route.ts';
import { jsonRoute } from '../route.ts';
import type { WebReferences } from '../web-services.ts';
import { idParam } from './path-params.ts';

const path = '/api/v1/cameras/{id}/reference';
const ofCamera = {
  tag: 'snapshots',
  path,
  params: idParam,
  scope: { in: 'camera', param: 'id', foreign: 'not-found' },
  access: roles.technician,
} as const;

/** The picture that a camera's view is held against to see whether it has moved. */
export function referenceRoutes(references: WebReferences): Route[] {
  return [
    jsonRoute({
      ...ofCamera,
      method: 'get',
      summary: 'The reference picture of a camera’s view: confirmed by a technician or learnt',
      reply: viewReference,
      handle: ({ params }) => references.get(params.id),
    }),
    jsonRoute({
      ...ofCamera,
      method: 'put',
      summary: 'Confirm the view that a picture shows; later pictures are held against it',
      body: referenceChoice,
      reply: viewReference,
      handle: ({ params, body }) => references.confirm(params.id, body.snapshotId),
    }),
    jsonRoute({
      ...ofCamera,
      method: 'delete',
      summary: 'Forget the reference pictures; the next good picture becomes the new one',
      reply: viewReference,
      async handle({ params }) {
        await references.forget(params.id);
        return references.get(params.id);
      },
    }),
  ];
}
