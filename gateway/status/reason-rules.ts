import type { Light, ReasonCode } from '../contract/health.ts';
import type { FeedFailureCode } from '../ingest/feeds.ts';

/** How one kind of stream failure turns into a light. */
export interface FaultRule {
  light: Light;
  /** `device`: disproved by frames of either profile. `profile`: only by frames of the same one. */
  scope: 'device' | 'profile';
  /** The fault counts after this many failed tries in a row … */
  tries: number;
  /** … or when it has lasted this long, whichever comes first. */
  afterMs: number;
}

/** A code that a camera's stream can fail with; `auth-paused` is `auth-failed` while the gateway waits. */
export type FaultCode = Exclude<FeedFailureCode, 'auth-paused'>;

/**
 * The table of stream faults. Ingest has waited its own time-outs before it reports `no-frames`, and a refused
 * password or an unknown codec does not heal by itself, so those count at once; a lost connection may be a blink of
 * the site's uplink (the loss itself is the first try, the second comes a second later) and needs four or ten seconds. Back to green is always at the first frames.
 */
export const faultRules: Readonly<Record<FaultCode, FaultRule>> = {
  unreachable: { light: 'red', scope: 'device', tries: 4, afterMs: 10_000 },
  'auth-failed': { light: 'red', scope: 'device', tries: 1, afterMs: 0 },
  'rtsp-error': { light: 'red', scope: 'profile', tries: 4, afterMs: 10_000 },
  'no-frames': { light: 'red', scope: 'profile', tries: 1, afterMs: 0 },
  'unsupported-codec': { light: 'red', scope: 'profile', tries: 1, afterMs: 0 },
};

/** Order in which reasons are listed: the cause before what follows from it. */
const order: readonly ReasonCode[] = [
  'disabled',
  'maintenance',
  'unreachable',
  'auth-failed',
  'auth-paused',
  'rtsp-error',
  'unsupported-codec',
  'no-frames',
  'packet-loss',
  'low-fps',
  'clock-drift',
  'black',
  'covered',
  'overexposed',
  'frozen',
  'blurred',
  'moved',
  'low-disk',
  'snapshot-missed',
  'starting',
];

/** Place of a reason in a list; unknown ones come last. */
export function rankOf(code: ReasonCode): number {
  const rank = order.indexOf(code);
  return rank < 0 ? order.length : rank;
}

const severity: Readonly<Record<Light, number>> = { grey: 0, green: 1, yellow: 2, red: 3 };

/** The worst of some lights: red, yellow, green, then grey; grey when there is none. */
export function worstLight(lights: Iterable<Light>): Light {
  let worst: Light = 'grey';
  for (const light of lights) if (severity[light] > severity[worst]) worst = light;
  return worst;
}
