import { OpenAPIRegistry, OpenApiGeneratorV31, zodToOpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import type { z } from 'zod';
import { camera, cameraCheck, cameraCreate, cameraPatch, streamInfo } from '../contract/camera.ts';
import { importResult } from '../contract/camera-import.ts';
import { problem } from '../contract/common.ts';
import { credentialSet, credentialSetCreate, credentialSetPatch } from '../contract/credential-set.ts';
import { discoveryJob, discoveryRequest } from '../contract/discovery.ts';
import { auditEntry } from '../contract/audit.ts';
import { share, shareCreate } from '../contract/share.ts';
import { cameraHealth, lightChange } from '../contract/health.ts';
import { incident } from '../contract/incident.ts';
import {
  channelCreate,
  channelPatch,
  notificationChannel,
  notificationDelivery,
  notificationRule,
  ruleCreate,
  rulePatch,
} from '../contract/notification.ts';
import { project, projectCreate, projectPatch } from '../contract/project.ts';
import { snapshot, snapshotGap } from '../contract/snapshot.ts';
import { pictureComparison, snapshotIndex, snapshotPatch, thumbSheet } from '../contract/timeline.ts';
import { timelapse, timelapseCreate } from '../contract/timelapse.ts';
import { apiToken, apiTokenCreate, user, userCreate, userPatch } from '../contract/user.ts';
import type { FileBody, HttpRoute, Route } from './route.ts';

/** Shapes that the document names once and refers to. */
const named: Record<string, z.ZodType> = {
  ApiToken: apiToken,
  ApiTokenCreate: apiTokenCreate,
  AuditEntry: auditEntry,
  Camera: camera,
  CameraCheck: cameraCheck,
  CameraCreate: cameraCreate,
  CameraHealth: cameraHealth,
  CameraImport: importResult,
  CameraPatch: cameraPatch,
  CredentialSet: credentialSet,
  CredentialSetCreate: credentialSetCreate,
  CredentialSetPatch: credentialSetPatch,
  DiscoveryJob: discoveryJob,
  DiscoveryRequest: discoveryRequest,
  Incident: incident,
  LightChange: lightChange,
  NotificationChannel: notificationChannel,
  NotificationChannelCreate: channelCreate,
  NotificationChannelPatch: channelPatch,
  NotificationDelivery: notificationDelivery,
  NotificationRule: notificationRule,
  NotificationRuleCreate: ruleCreate,
  NotificationRulePatch: rulePatch,
  PictureComparison: pictureComparison,
  Problem: problem,
  Project: project,
  ProjectCreate: projectCreate,
  ProjectPatch: projectPatch,
  Share: share,
  ShareCreate: shareCreate,
  Snapshot: snapshot,
  SnapshotGap: snapshotGap,
  SnapshotIndex: snapshotIndex,
  SnapshotPatch: snapshotPatch,
  StreamInfo: streamInfo,
  ThumbSheet: thumbSheet,
  Timelapse: timelapse,
  TimelapseCreate: timelapseCreate,
  User: user,
  UserCreate: userCreate,
  UserPatch: userPatch,
};

/** The OpenAPI 3.1 document of the routes, made from the very schemas that validate them. */
export function openApiDocument(routes: readonly Route[], version: string): Record<string, unknown> {
  const registry = new OpenAPIRegistry();
  for (const [refId, schema] of Object.entries(named)) {
    zodToOpenAPIRegistry.add(schema, { ...zodToOpenAPIRegistry.get(schema), _internal: { refId } });
  }
  registry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: 'gantry_session',
    description: 'Set by POST /api/v1/session',
  });
  registry.registerComponent('securitySchemes', 'token', {
    type: 'http',
    scheme: 'bearer',
    description: 'A secret from POST /api/v1/tokens',
  });
  for (const route of routes) registry.registerPath(operation(route));
  const document = new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Gantry',
      version,
      description: 'Video monitoring gateway for construction sites',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
  });
  return { ...document };
}

function operation(route: Route): RouteConfig {
  return {
    method: route.method,
    path: route.path,
    operationId: operationId(route),
    summary: route.summary,
    tags: [route.tag],
    security: route.access === 'public' ? [] : [{ session: [] }, { token: [] }],
    'x-roles': typeof route.access === 'string' ? route.access : [...route.access],
    'x-scope': route.scope.in,
    request: {
      ...(hasFields(route.params) && { params: route.params }),
      ...(hasFields(route.query) && { query: route.query }),
      ...(route.kind === 'http' &&
        route.body && { body: { required: true, content: { 'application/json': { schema: route.body } } } }),
      ...(route.kind === 'http' && route.file && { body: fileContent(route.file) }),
    },
    responses: {
      ...(route.kind === 'http'
        ? successes(route)
        : { 101: { description: 'The connection is a WebSocket from here on' } }),
      default: {
        description: 'What went wrong, RFC 9457',
        content: { 'application/problem+json': { schema: problem } },
      },
    },
  };
}

function fileContent({ contentTypes }: FileBody) {
  const file = { type: 'string', contentMediaType: 'application/octet-stream' } as const;
  const form = { type: 'object', properties: { file } } as const;
  const bare = [...contentTypes, 'application/octet-stream'].map((type) => [type, { schema: file }] as const);
  return {
    required: true,
    content: { ...Object.fromEntries(bare), 'multipart/form-data': { schema: form } },
  };
}

function successes({ reply, summary }: HttpRoute): RouteConfig['responses'] {
  switch (reply.kind) {
    case 'empty':
      return { 204: { description: summary } };
    case 'json':
      return Object.fromEntries(
        reply.statuses.map((status) => [
          status,
          { description: summary, content: { 'application/json': { schema: reply.schema } } },
        ]),
      );
    case 'bytes': {
      const schema = { type: 'string', contentMediaType: 'application/octet-stream' } as const;
      return {
        200: {
          description: summary,
          content: Object.fromEntries(
            reply.contentTypes.map((type) => [
              type,
              { schema: type === 'application/json' && reply.documents ? reply.documents : schema },
            ]),
          ),
        },
      };
    }
    default:
      return reply satisfies never;
  }
}

/** Such as `getCamerasHealth` for GET /api/v1/cameras/{id}/health. */
function operationId({ method, path }: Route): string {
  const words = path
    .replace('/api/v1', '')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '');
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function hasFields(schema: z.ZodObject): boolean {
  return Object.keys(schema.shape).length > 0;
}
