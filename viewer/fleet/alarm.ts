import type { Camera } from '../../gateway/contract/camera.ts';
import type { CameraHealth, Light, ReasonCode } from '../../gateway/contract/health.ts';
import { severity } from './light-shape.ts';

/** One line of the alarm ticker: a camera's light changed for the worse, or it came back. */
export interface Alarm {
  at: number;
  cameraId: string;
  light: Light;
  code: ReasonCode | null;
}

const KEPT = 50;

/** The alarms that the present lights stand for, newest first. */
export function standingAlarms(cameras: readonly Camera[]): Alarm[] {
  return cameras
    .filter((camera) => severity(camera.light) > 1)
    .map((camera) => {
      const reason = camera.reasons[0];
      const at = Date.parse(reason?.since ?? camera.createdAt);
      return { at, cameraId: camera.id, light: camera.light, code: reason?.code ?? null };
    })
    .sort((a, b) => b.at - a.at)
    .slice(0, KEPT);
}

/** The alarms after a health report: one more in front when the light changed between fine and not. */
export function withHealth(alarms: readonly Alarm[], before: Light, health: CameraHealth): Alarm[] {
  const changed = before !== health.light && Math.max(severity(before), severity(health.light)) > 1;
  if (!changed) return [...alarms];
  const alarm = {
    at: Date.parse(health.since),
    cameraId: health.cameraId,
    light: health.light,
    code: health.reasons[0]?.code ?? null,
  };
  return [alarm, ...alarms].slice(0, KEPT);
}
