import { toRfc3339 } from '../../base/clock.ts';
import type { Timelapse, TimelapseState } from '../../contract/timelapse.ts';

/** A time-lapse as its table holds it. */
export interface TimelapseRow {
  id: string;
  camera_id: string;
  from_ms: number;
  to_ms: number;
  every_min: number | null;
  hour: number | null;
  fps: number;
  width: number;
  height: number;
  state: TimelapseState;
  /** Times that it was begun; a gateway that ends in the middle begins it again. */
  attempts: number;
  pictures: number;
  skipped: number;
  bytes: number | null;
  error: string | null;
  created_at_ms: number;
  finished_at_ms: number | null;
}

/** The wire form; `progress` is 0 to 1. */
export function toTimelapse(row: TimelapseRow, progress: number): Timelapse {
  return {
    id: row.id,
    cameraId: row.camera_id,
    from: toRfc3339(row.from_ms),
    to: toRfc3339(row.to_ms),
    everyMin: row.every_min,
    hour: row.hour,
    fps: row.fps,
    width: row.width,
    height: row.height,
    state: row.state,
    progress: row.state === 'done' ? 1 : progress,
    pictures: row.pictures,
    skipped: row.skipped,
    bytes: row.bytes,
    url: row.state === 'done' ? `/api/v1/timelapses/${row.id}/video.mp4` : null,
    error: row.error,
    createdAt: toRfc3339(row.created_at_ms),
    finishedAt: row.finished_at_ms === null ? null : toRfc3339(row.finished_at_ms),
  };
}
