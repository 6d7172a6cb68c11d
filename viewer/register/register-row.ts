import type { Camera } from '../../gateway/contract/camera.ts';
import type { SnapshotSchedule } from '../../gateway/contract/schedule.ts';
import { ApiError } from '../api/api-error.ts';
import { gateway } from '../api/gateway.ts';
import { onvifSource } from './onvif-source.ts';
import type { Row } from './batch.ts';

/** Registers one camera and gives its id; one that is registered already (an answer was lost on the way) counts as done. */
export async function registerRow(
  { found, name, position }: Row,
  projectId: string,
  schedule: SnapshotSchedule | null,
): Promise<string> {
  try {
    const body = {
      name: (name ?? '').trim(),
      projectId,
      position: position.trim(),
      schedule,
      onvif: onvifSource(found),
    };
    const camera: Camera = await gateway.createCamera(body);
    return camera.id;
  } catch (error) {
    const there =
      error instanceof ApiError && error.code === 'conflict' ? error.members['cameraId'] : undefined;
    if (typeof there === 'string') return there;
    throw error;
  }
}
