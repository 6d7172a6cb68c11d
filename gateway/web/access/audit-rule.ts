import type { AuditSubject } from '../../contract/audit.ts';
import type { CameraRecord } from '../../fleet/camera-record.ts';
import type { ProjectRecord } from '../../fleet/project-record.ts';
import type { Snapshot } from '../../contract/snapshot.ts';

/** What of a request and its reply an entry is made of. */
export interface AuditFacts {
  params: Record<string, string>;
  query: Record<string, unknown>;
  body: Record<string, unknown>;
  headers: Record<string, string | string[] | undefined>;
  /** What the handler gave; empty where it gave nothing or failed. */
  result: Record<string, unknown>;
  /** As they were before the change. */
  camera?: CameraRecord;
  project?: ProjectRecord;
  snapshot?: Snapshot;
}

/** How the use of a route is written down: which fields are told is listed, so that a secret cannot slip in. */
export interface AuditRule {
  action: string;
  subject?: (facts: AuditFacts) => AuditSubject | null;
  /** Where the project is not that of what the scope loaded. */
  projectId?: (facts: AuditFacts) => unknown;
  detail?: (facts: AuditFacts) => Record<string, unknown>;
  /** Written only when true; without it always. */
  when?: (facts: AuditFacts) => boolean;
}

/** Why a route that changes something needs no entry of its own. */
export interface AuditExemption {
  exempt: string;
}

/** How things of a kind are named in entries: as the reply made them, or as the path means them. */
export const named = (kind: string, key = 'name') => ({
  made: ({ result }: AuditFacts): AuditSubject => ({
    kind,
    id: text(result['id']) ?? '',
    name: text(result[key]),
  }),
  meant: ({ params, result }: AuditFacts): AuditSubject => ({
    kind,
    id: params['id'] ?? '',
    name: text(result[key]),
  }),
});

/** The camera that the scope loaded, else the one of the path. */
export const ofCamera = ({ camera, params }: AuditFacts): AuditSubject => ({
  kind: 'camera',
  id: camera?.id ?? params['id'] ?? params['cameraId'] ?? '',
  name: camera?.name ?? null,
});
/** The picture that the scope loaded, else the one of the path. */
export const ofSnapshot = ({ snapshot, params }: AuditFacts): AuditSubject => ({
  kind: 'snapshot',
  id: snapshot?.id ?? params['id'] ?? '',
  name: snapshot?.takenAt ?? null,
});
/** The project that the scope loaded, else the one of the path. */
export const ofProject = ({ project, params }: AuditFacts): AuditSubject => ({
  kind: 'project',
  id: project?.id ?? params['id'] ?? '',
  name: project?.name ?? null,
});
/** Detail of an entry: which fields were set. */
export const fields = ({ body }: AuditFacts) => ({ fields: fieldsOf(body) });

/** Names of the fields that a body sets; never their values. */
export function fieldsOf(body: Record<string, unknown>): string[] {
  return Object.entries(body).flatMap(([name, value]) => {
    const inner = typeof value === 'object' && value !== null && !Array.isArray(value);
    return inner ? Object.keys(value).map((key) => `${name}.${key}`) : [name];
  });
}

/** The fields named, where they are given. */
export function pick(from: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]])));
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
