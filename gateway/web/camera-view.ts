import { toRfc3339 } from '../base/clock.ts';
import type { Camera } from '../contract/camera.ts';
import type { CameraHealth } from '../contract/health.ts';
import type { CameraRecord } from '../fleet/camera-record.ts';

/** A camera's wire form: the record with its light; grey without reasons before the first look at it. */
export function cameraView(record: CameraRecord, health: CameraHealth | undefined): Camera {
  const { createdAtMs, maintenanceUntilMs, snapshotUri: _, ...shared } = record;
  return {
    ...shared,
    maintenanceUntil: maintenanceUntilMs === null ? null : toRfc3339(maintenanceUntilMs),
    light: health?.light ?? 'grey',
    reasons: health?.reasons ?? [],
    createdAt: toRfc3339(createdAtMs),
  };
}
