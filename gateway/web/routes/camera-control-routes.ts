import { certificateAcceptance, clockSet, ptzOrder, ptzState } from '../../contract/camera-control.ts';
import { roles } from '../access/roles.ts';
import { emptyRoute, jsonRoute } from '../route.ts';
import type { Route } from '../route.ts';
import type { WebServices } from '../web-services.ts';
import { idParam } from './path-params.ts';

const path = '/api/v1/cameras/{id}';
const shared = {
  tag: 'cameras',
  access: roles.technician,
  params: idParam,
  scope: { in: 'camera', param: 'id', foreign: 'not-found' },
} as const;

/** What a camera does on request: turn, set its clock; and which certificate of it is trusted. */
export function cameraControlRoutes({ control }: Pick<WebServices, 'control'>): Route[] {
  return [
    jsonRoute({
      ...shared,
      method: 'get',
      path: `${path}/ptz`,
      summary: 'Whether the camera can be turned, and its presets',
      reply: ptzState,
      handle: ({ params }) => control.ptz(params.id),
    }),
    emptyRoute({
      ...shared,
      method: 'post',
      path: `${path}/ptz`,
      summary: 'Move for a moment and stop, or turn to a preset; answered when the camera has confirmed',
      body: ptzOrder,
      handle: ({ params, body }) => control.move(params.id, body),
    }),
    jsonRoute({
      ...shared,
      method: 'post',
      path: `${path}/clock`,
      summary: 'Set the camera’s clock to the gateway’s',
      reply: clockSet,
      handle: ({ params }) => control.setClock(params.id),
    }),
    emptyRoute({
      ...shared,
      method: 'post',
      path: `${path}/certificate`,
      summary: 'Trust the certificate that the camera shows now',
      body: certificateAcceptance,
      handle: ({ params, body }) => control.acceptCertificate(params.id, body.sha256),
    }),
  ];
}
