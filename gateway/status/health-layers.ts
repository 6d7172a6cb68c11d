import type { HealthLayers } from '../contract/health.ts';
import type { CameraState } from './camera-state.ts';
import { isPictureFault } from './condition-rules.ts';
import type { RecordFacts } from './record-facts.ts';
import type { FaultCode } from './reason-rules.ts';

/** How far a camera is well, layer by layer; `onvif` is how its device last answered. Pure. */
export function healthLayers(
  { profiles: { main, sub }, conditions, missed, lowDisk }: CameraState,
  record: RecordFacts,
  onvif: HealthLayers['onvif'],
): HealthLayers {
  const works = main.working || sub.working;
  const codes = [main, sub].flatMap(({ fault }) => (fault?.counts ? [fault.code] : []));
  const has = (...wanted: FaultCode[]): boolean => codes.some((code) => wanted.includes(code));
  const reads = (is: (code: string) => boolean): boolean =>
    conditions.some(({ code, counts }) => counts && is(code));
  const layer = (failed: boolean, ok: boolean): 'ok' | 'failed' | 'unknown' =>
    failed ? 'failed' : ok ? 'ok' : 'unknown';
  const opened = works || has('no-frames', 'unsupported-codec');
  const thin = works && reads((code) => code === 'low-fps' || code === 'packet-loss');
  return {
    network: layer(has('unreachable') && !works, works || codes.length > 0),
    onvif,
    auth: layer(has('auth-failed'), opened),
    rtsp: layer(has('rtsp-error'), opened),
    frames: layer(has('no-frames') || thin, works || has('unsupported-codec')),
    decode: layer(has('unsupported-codec') || record.undecoded, record.picture !== null),
    picture: layer(reads(isPictureFault), record.picture !== null),
    records: layer(missed !== null || lowDisk !== null, record.lastSnapshotAt !== null),
  };
}
