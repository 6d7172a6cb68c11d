import type { Clock } from '../base/clock.ts';
import { GatewayError, messageOf } from '../base/gateway-error.ts';
import type { CameraCheck } from '../contract/camera.ts';
import type { Credentials } from '../contract/discovery.ts';
import type { OnvifResult } from '../discovery/onvif-reading.ts';
import type { CameraRecord } from '../fleet/camera-record.ts';
import type { Feeds } from '../ingest/feeds.ts';
import type { Sample, VideoTrack } from '../ingest/media.ts';
import { streamInfoOf } from '../ingest/stream-info-of.ts';
import { grabKeyFrame } from '../snapshots/key-frame-grab.ts';
import type { KeyFrameGrab } from '../snapshots/key-frame-grab.ts';
import { checkAdvice } from './check-advice.ts';

type Step = CameraCheck['steps'][number];

/** The step at which each failure of a stream happened. */
const FAILED_STEPS: Record<Extract<KeyFrameGrab, { ok: false }>['reason'], Step['name']> = {
  unreachable: 'network',
  'auth-failed': 'auth',
  'auth-paused': 'auth',
  'rtsp-error': 'rtsp',
  'no-frames': 'firstFrame',
  'unsupported-codec': 'decode',
  aborted: 'firstFrame',
};

/** What a check asks of the other stages. */
export interface CheckParts {
  clock: Clock;
  feeds: Feeds;
  cameras: {
    get(cameraId: string): CameraRecord | undefined;
    onvifAccess(cameraId: string): { xaddr: string; username: string; password: string } | undefined;
  };
  /** Opens and closes a TCP connection to the host and port of the URL; throws when it cannot. */
  reach(url: string): Promise<void>;
  onvif: { read(xaddr: string, credentials: Credentials | null): Promise<OnvifResult> };
  decoder: {
    decode(keyFrame: { track: VideoTrack; sample: Sample }): Promise<{ width: number; height: number }>;
  };
  timeoutMs: number;
}

/**
 * Tries a camera step by step, as in the contract, sharing the pull that already runs. A step that fails ends the check;
 * ONVIF alone failing does not, for the stream may still come. Throws `not-found`.
 */
export async function checkCamera(parts: CheckParts, cameraId: string): Promise<CameraCheck> {
  const camera = parts.cameras.get(cameraId);
  if (!camera) throw new GatewayError('not-found', `there is no camera ${cameraId}`);
  const steps: Step[] = [];
  const reached = await timed(parts, steps, 'network', () => reachable(parts, camera));
  if (!reached) return verdict(steps, { clockDriftSec: null });
  const clockDriftSec = await checkOnvif(parts, steps, cameraId);
  const picture = await checkStream(parts, steps, cameraId);
  if (!picture)
    return verdict(steps, {
      clockDriftSec,
      advice: checkAdvice({ main: camera.main, sub: camera.sub, clockDriftSec }),
    });
  await timed(parts, steps, 'decode', async () => {
    const { width, height } = await parts.decoder.decode(picture);
    return { code: null, message: `a picture of ${width}×${height} was decoded` };
  });
  const main = streamInfoOf(parts.feeds.status(cameraId, 'main'), camera.main);
  const sub = camera.rtsp.sub === null ? null : streamInfoOf(parts.feeds.status(cameraId, 'sub'), camera.sub);
  return verdict(steps, { main, sub, clockDriftSec, advice: checkAdvice({ main, sub, clockDriftSec }) });
}

async function reachable(parts: CheckParts, camera: CameraRecord): Promise<Pick<Step, 'code' | 'message'>> {
  await parts.reach(camera.rtsp.main);
  return { code: null, message: `${new URL(camera.rtsp.main).host} answers` };
}

async function checkOnvif(parts: CheckParts, steps: Step[], cameraId: string): Promise<number | null> {
  const access = parts.cameras.onvifAccess(cameraId);
  if (!access) return null;
  const startedMs = parts.clock.monotonicMs();
  const { xaddr, username, password } = access;
  const result = await parts.onvif.read(xaddr, username === '' ? null : { username, password });
  const ms = Math.round(parts.clock.monotonicMs() - startedMs);
  if (result.ok) {
    steps.push({ name: 'onvif', ok: true, ms, code: null, message: 'ONVIF service answers' });
    steps.push({
      name: 'auth',
      ok: true,
      ms: 0,
      code: null,
      message: `user ${username || '(none)'} was accepted`,
    });
    return result.reading.clockDriftSec;
  }
  const isRefusal = result.failure.startsWith('auth');
  if (isRefusal) steps.push({ name: 'onvif', ok: true, ms, code: null, message: 'ONVIF service answers' });
  steps.push({
    name: isRefusal ? 'auth' : 'onvif',
    ok: false,
    ms,
    code: result.failure,
    message: result.message,
  });
  return result.clockDriftSec;
}

async function checkStream(
  { clock, feeds, timeoutMs }: CheckParts,
  steps: Step[],
  cameraId: string,
): Promise<{ track: VideoTrack; sample: Sample } | undefined> {
  const startedMs = clock.monotonicMs();
  const elapsedMs = (): number => Math.round(clock.monotonicMs() - startedMs);
  let openMs = 0;
  const onOpen = (): void => {
    openMs = elapsedMs();
  };
  const wish = {
    clock,
    feeds,
    cameraId,
    profile: 'main',
    notBeforeMs: 0,
    timeoutMs,
    failFast: true,
    onOpen,
  } as const;
  const grab = await grabKeyFrame(wish);
  if (!grab.ok) {
    const { reason, message } = grab;
    steps.push({ name: FAILED_STEPS[reason], ok: false, ms: elapsedMs(), code: reason, message });
    return undefined;
  }
  steps.push({ name: 'rtsp', ok: true, ms: openMs, code: null, message: 'the stream was opened' });
  const waitedMs = elapsedMs() - openMs;
  steps.push({
    name: 'firstFrame',
    ok: true,
    ms: waitedMs,
    code: null,
    message: 'the first key frame has come',
  });
  return grab;
}

async function timed(
  { clock }: CheckParts,
  steps: Step[],
  name: Step['name'],
  task: () => Promise<Pick<Step, 'code' | 'message'>>,
): Promise<boolean> {
  const startedMs = clock.monotonicMs();
  const step = await task().then(
    (done) => ({ ok: true, ...done }),
    (error: unknown) => ({
      ok: false,
      code: error instanceof GatewayError ? error.code : 'internal',
      message: messageOf(error),
    }),
  );
  steps.push({ name, ms: Math.round(clock.monotonicMs() - startedMs), ...step });
  return step.ok;
}

/** The result over the steps taken; what was not found out is null. */
export function verdict(
  steps: Step[],
  {
    main = null,
    sub = null,
    clockDriftSec,
    advice = [],
  }: Partial<CameraCheck> & { clockDriftSec: number | null },
): CameraCheck {
  return { ok: steps.every(({ ok }) => ok), steps, main, sub, advice, clockDriftSec };
}
