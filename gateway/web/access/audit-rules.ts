import { fields, fieldsOf, named, ofCamera, ofProject, ofSnapshot, pick } from './audit-rule.ts';
import type { AuditExemption, AuditRule } from './audit-rule.ts';

const users = named('user', 'username');
const tokens = named('token');
const projects = named('project');
const searches = named('search');
const credentialSets = named('credentialSet');
const films = named('timelapse');
const shares = named('share');
const channels = named('notificationChannel');
const notificationRules = named('notificationRule');
const incidents = named('incident', 'subjectName');

const access: Record<string, AuditRule | AuditExemption> = {
  'post /api/v1/session': { exempt: 'SignIn writes each sign-in and each refusal itself' },
  'delete /api/v1/session': { action: 'session.signed-out' },
  'post /api/v1/users': {
    action: 'user.created',
    subject: users.made,
    detail: ({ body }) => pick(body, ['role', 'projectIds']),
  },
  'patch /api/v1/users/{id}': {
    action: 'user.changed',
    subject: users.meant,
    detail: ({ body }) => ({
      fields: fieldsOf(body),
      ...pick(body, ['displayName', 'role', 'projectIds']),
    }),
  },
  'delete /api/v1/users/{id}': { action: 'user.removed', subject: users.meant },
  'post /api/v1/tokens': {
    action: 'token.created',
    subject: tokens.made,
    detail: ({ body }) => pick(body, ['role', 'projectIds', 'expiresAt']),
  },
  'delete /api/v1/tokens/{id}': { action: 'token.removed', subject: tokens.meant },
  'post /api/v1/shares': {
    action: 'share.created',
    subject: shares.made,
    detail: ({ body }) => pick(body, ['target', 'expiresAt', 'note']),
  },
  'delete /api/v1/shares/{id}': { action: 'share.revoked', subject: shares.meant },
  'get /api/v1/audit': {
    action: 'audit.exported',
    detail: ({ query }) => query,
    when: ({ query }) => query['format'] === 'csv',
  },
};

const plainCameraFields = [
  'name',
  'projectId',
  'position',
  'enabled',
  'maintenanceUntil',
  'ingestMode',
  'schedule',
];

const fleet: Record<string, AuditRule | AuditExemption> = {
  'post /api/v1/projects': { action: 'project.created', subject: projects.made, detail: fields },
  'patch /api/v1/projects/{id}': {
    action: 'project.changed',
    subject: ofProject,
    detail: ({ body }) => ({
      fields: fieldsOf(body),
      ...pick(body, ['name', 'stage', 'leader', 'archived']),
    }),
  },
  'delete /api/v1/projects/{id}': { action: 'project.removed', subject: ofProject },
  'post /api/v1/cameras': {
    action: 'camera.created',
    subject: named('camera').made,
    projectId: ({ body }) => body['projectId'],
    detail: ({ body }) => ({ fields: fieldsOf(body), ...pick(body, plainCameraFields) }),
  },
  'patch /api/v1/cameras/{id}': {
    action: 'camera.changed',
    subject: ofCamera,
    detail: ({ body, camera }) => ({
      fields: fieldsOf(body),
      before: pick({ ...camera }, Object.keys(pick(body, plainCameraFields))),
      after: pick(body, plainCameraFields),
    }),
  },
  'delete /api/v1/cameras/{id}': {
    action: 'camera.removed',
    subject: ofCamera,
    detail: ({ query }) => pick(query, ['records']),
  },
  'post /api/v1/cameras/{id}/check': { action: 'camera.checked', subject: ofCamera },
  'post /api/v1/camera-checks': { action: 'camera.checked', detail: fields },
  'post /api/v1/cameras/{id}/ptz': {
    action: 'camera.moved',
    subject: ofCamera,
    detail: ({ body }) => pick(body, ['pan', 'tilt', 'zoom', 'ms', 'preset']),
  },
  'post /api/v1/cameras/{id}/clock': { action: 'camera.clock-set', subject: ofCamera },
  'post /api/v1/cameras/{id}/certificate': {
    action: 'camera.certificate-accepted',
    subject: ofCamera,
    detail: ({ body }) => pick(body, ['sha256']),
  },
  'post /api/v1/cameras/import': {
    action: 'camera.imported',
    detail: ({ query, result }) => ({
      ...pick(query, ['dryRun', 'partial']),
      ...pick(result, ['total', 'created', 'failed']),
    }),
  },
  'get /api/v1/cameras/export.xlsx': { action: 'camera.exported', detail: ({ query }) => query },
  'post /api/v1/credential-sets': {
    action: 'credential-set.created',
    subject: credentialSets.made,
    detail: fields,
  },
  'patch /api/v1/credential-sets/{id}': {
    action: 'credential-set.changed',
    subject: credentialSets.meant,
    detail: fields,
  },
  'delete /api/v1/credential-sets/{id}': {
    action: 'credential-set.removed',
    subject: credentialSets.meant,
  },
  'post /api/v1/discovery': {
    action: 'discovery.started',
    subject: searches.made,
    detail: ({ body }) => ({
      ...pick(body, ['method', 'cidr', 'hosts', 'ports', 'credentialSetIds']),
      credentials: Array.isArray(body['credentials']) ? body['credentials'].length : 0,
    }),
  },
  'delete /api/v1/discovery/{id}': { action: 'discovery.cancelled', subject: searches.meant },
};

const records: Record<string, AuditRule | AuditExemption> = {
  'post /api/v1/cameras/{id}/snapshots': {
    action: 'snapshot.taken',
    subject: ofCamera,
    detail: ({ result }) => ({ snapshotId: result['id'] }),
  },
  'put /api/v1/cameras/{id}/reference': {
    action: 'camera.view-confirmed',
    subject: ofCamera,
    detail: ({ body }) => pick(body, ['snapshotId']),
  },
  'delete /api/v1/cameras/{id}/reference': { action: 'camera.view-forgotten', subject: ofCamera },
  'patch /api/v1/snapshots/{id}': {
    action: 'snapshot.noted',
    subject: ofSnapshot,
    detail: ({ body, snapshot }) => ({
      before: pick({ ...snapshot }, Object.keys(body)),
      after: pick(body, ['note', 'milestoneId', 'picked']),
    }),
  },
  'get /api/v1/snapshots/{id}/image': {
    action: 'snapshot.downloaded',
    subject: ofSnapshot,
    when: ({ query, headers }) =>
      query['size'] === 'full' && query['watermark'] === '0' && headers['if-none-match'] === undefined,
  },
  'get /api/v1/cameras/{id}/snapshots/export.zip': {
    action: 'snapshot.exported',
    subject: ofCamera,
    detail: ({ query }) => query,
  },
  'post /api/v1/timelapses': {
    action: 'timelapse.requested',
    subject: films.made,
    detail: ({ body }) => pick(body, ['cameraId', 'from', 'to', 'everyMin', 'hour', 'fps', 'height']),
  },
  'delete /api/v1/timelapses/{id}': { action: 'timelapse.removed', subject: films.meant },
  'get /api/v1/timelapses/{id}/video.mp4': {
    action: 'timelapse.downloaded',
    subject: films.meant,
    when: ({ headers }) => /^(?:undefined|bytes=0-)/.test(String(headers['range'])),
  },
};

const warnings: Record<string, AuditRule | AuditExemption> = {
  'post /api/v1/notification-channels': {
    action: 'notification-channel.created',
    subject: channels.made,
    detail: ({ body, result }) => ({
      ...pick(body, ['kind', 'language', 'enabled']),
      ...pick(result, ['hostName']),
    }),
  },
  'patch /api/v1/notification-channels/{id}': {
    action: 'notification-channel.changed',
    subject: channels.meant,
    detail: ({ body, result }) => ({
      fields: fieldsOf(body),
      ...pick(body, ['name', 'language', 'enabled']),
      ...pick(result, ['hostName']),
    }),
  },
  'delete /api/v1/notification-channels/{id}': {
    action: 'notification-channel.removed',
    subject: channels.meant,
  },
  'post /api/v1/notification-channels/{id}/test': {
    action: 'notification-channel.tested',
    subject: channels.meant,
    detail: ({ result }) => pick(result, ['ok', 'code']),
  },
  'post /api/v1/notification-rules': {
    action: 'notification-rule.created',
    subject: notificationRules.made,
    detail: ({ body }) => body,
  },
  'patch /api/v1/notification-rules/{id}': {
    action: 'notification-rule.changed',
    subject: notificationRules.meant,
    detail: ({ body }) => body,
  },
  'delete /api/v1/notification-rules/{id}': {
    action: 'notification-rule.removed',
    subject: notificationRules.meant,
  },
  'post /api/v1/incidents/{id}/acknowledge': {
    action: 'incident.acknowledged',
    subject: incidents.meant,
    projectId: ({ result }) => result['projectId'],
    detail: ({ body }) => pick(body, ['note']),
  },
};

/** By `method path`, each route that changes something, and those that hand out what is worth knowing of. */
export const auditRules: Readonly<Record<string, AuditRule | AuditExemption>> = {
  ...access,
  ...fleet,
  ...records,
  ...warnings,
};

/** Names of the fields that a body gives, one level deep, never their values: `onvif.password`. */
