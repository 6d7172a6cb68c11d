import type { Cameras } from './fleet/cameras.ts';
import type { Projects } from './fleet/projects.ts';
import type { CameraCommands } from './telemetry/command-inbox.ts';
import type { TrackerProjects } from './telemetry/tracker-inbox.ts';
import type { SnapshotService } from './snapshots/snapshot-service.ts';
import type { AuditLog } from './web/access/audit-log.ts';

/** Whoever may publish at the broker. */
const TRACKER = { kind: 'system', id: null, name: 'tracker (MQTT)' } as const;

/** The tracker's commands, each written down when it has been carried out. */
export function auditedCommands({
  audit,
  cameras,
  snapshots,
  check,
}: {
  audit: Pick<AuditLog, 'record'>;
  cameras: Pick<Cameras, 'get'>;
  snapshots: Pick<SnapshotService, 'takeNow'>;
  check: CameraCommands['check'];
}): CameraCommands {
  const record = (action: string, cameraId: string, detail: Record<string, unknown>): Promise<void> => {
    const camera = cameras.get(cameraId);
    const subject = { kind: 'camera', id: cameraId, name: camera?.name ?? null };
    return audit.record({ actor: TRACKER, action, subject, projectId: camera?.projectId ?? null, detail });
  };
  return {
    async snapshot(cameraId) {
      const taken = await snapshots.takeNow(cameraId);
      await record('snapshot.taken', cameraId, { snapshotId: taken.id });
      return taken;
    },
    async check(cameraId) {
      const found = await check(cameraId);
      await record('camera.checked', cameraId, {});
      return found;
    },
  };
}

/** The tracker's projects, each change written down. */
export function auditedTracker({
  audit,
  projects,
}: {
  audit: Pick<AuditLog, 'record'>;
  projects: Pick<Projects, 'upsertFromTracker' | 'archiveFromTracker'>;
}): TrackerProjects {
  const record = (action: string, externalId: string, detail: Record<string, unknown>): Promise<void> =>
    audit.record({
      actor: TRACKER,
      action,
      subject: { kind: 'project', id: externalId, name: null },
      detail,
    });
  return {
    async upsertFromTracker(externalId, body) {
      const changed = await projects.upsertFromTracker(externalId, body);
      if (changed) await record('project.changed', externalId, { fields: Object.keys(body) });
      return changed;
    },
    async archiveFromTracker(externalId) {
      const changed = await projects.archiveFromTracker(externalId);
      if (changed) await record('project.changed', externalId, { archived: true });
      return changed;
    },
  };
}
