import type { Clock } from '../base/clock.ts';
import { GatewayError, messageOf } from '../base/gateway-error.ts';
import type { CameraCheck } from '../contract/camera.ts';
import type { OnvifFailure, OnvifReading, OnvifResult } from '../discovery/onvif-reading.ts';
import { jpegSize } from '../ffmpeg/jpeg-size.ts';
import type { CameraDevice } from '../fleet/camera-devices.ts';
import type { CameraRecord } from '../fleet/camera-record.ts';
import type { Feeds } from '../ingest/feeds.ts';
import type { Sample, VideoTrack } from '../ingest/media.ts';
import { streamInfoOf } from '../ingest/stream-info-of.ts';
import { grabKeyFrame } from '../snapshots/key-frame-grab.ts';
import type { KeyFrameGrab } from '../snapshots/key-frame-grab.ts';
import { checkAdvice } from './check-advice.ts';
import type { CheckFindings } from './check-advice.ts';
import { measureStream } from './measure-stream.ts';
import type { StreamMeasure } from './measure-stream.ts';
import { posixZoneOffsetMin } from './posix-zone.ts';

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
  cameras: { get(cameraId: string): CameraRecord | undefined };
  devices: {
    deviceOf(cameraId: string): CameraDevice | undefined;
    noteCertificate(cameraId: string, changedTo: string | null): Promise<void>;
  };
  /** Opens and closes a TCP connection to the host and port of the URL; throws when it cannot. */
  reach(url: string): Promise<void>;
  onvif: {
    read(
      xaddr: string,
      credentials: CameraDevice['credentials'],
      options: { certificateSha256: string | null; endpointId: string | null },
    ): Promise<OnvifResult>;
    readClock(device: CameraDevice): Promise<{ ok: true; zone: string | null } | { ok: false }>;
    snapshot(
      uri: string,
      credentials: CameraDevice['credentials'],
    ): Promise<{ ok: true; jpeg: Buffer } | { ok: false }>;
  };
  decoder: {
    decode(keyFrame: { track: VideoTrack; sample: Sample }): Promise<{ width: number; height: number }>;
  };
  timeoutMs: number;
  /** How long the stream is watched after its first picture; 0: not at all. */
  measureMs: number;
  /** Minutes east of UTC of the site now. */
  siteOffsetMin: () => number;
}

type DeviceFindings = Pick<
  CheckFindings,
  'clockDriftSec' | 'zoneOffsetMin' | 'certificateChangedTo' | 'snapshotWidth'
>;

const NOTHING_FOUND: DeviceFindings = {
  clockDriftSec: null,
  zoneOffsetMin: null,
  certificateChangedTo: null,
  snapshotWidth: null,
};

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
  const device = await checkOnvif(parts, steps, camera);
  const { clockDriftSec } = device;
  const picture = await checkStream(parts, steps, cameraId);
  // What was read of a camera that was pending is in its record by now.
  const now = parts.cameras.get(cameraId) ?? camera;
  const told = now.main;
  const early = { ...device, told, main: now.main, sub: now.sub, measure: null };
  if (!picture) return verdict(steps, { clockDriftSec, advice: checkAdvice(early) });
  await timed(parts, steps, 'decode', async () => {
    const { width, height } = await parts.decoder.decode(picture);
    return { code: null, message: `a picture of ${width}×${height} was decoded` };
  });
  const measure = picture.measure;
  const main = streamInfoOf(parts.feeds.status(cameraId, 'main'), told);
  const sub = now.rtsp.sub === null ? null : streamInfoOf(parts.feeds.status(cameraId, 'sub'), now.sub);
  const advice = checkAdvice({ ...device, told, main, sub, measure });
  return verdict(steps, { main, sub, clockDriftSec, advice });
}

async function reachable(parts: CheckParts, camera: CameraRecord): Promise<Pick<Step, 'code' | 'message'>> {
  const place = camera.rtsp.main || (camera.onvif?.xaddr ?? '');
  await parts.reach(place);
  return { code: null, message: `${new URL(place).host} answers` };
}

async function checkOnvif(parts: CheckParts, steps: Step[], camera: CameraRecord): Promise<DeviceFindings> {
  const device = parts.devices.deviceOf(camera.id);
  if (!device) return NOTHING_FOUND;
  const startedMs = parts.clock.monotonicMs();
  const result = await parts.onvif.read(device.xaddr, device.credentials, device);
  const ms = Math.round(parts.clock.monotonicMs() - startedMs);
  if (!result.ok) return onvifFailed(parts, steps, camera, { ...result, ms });
  const user = device.credentials?.username ?? '(none)';
  steps.push({ name: 'onvif', ok: true, ms, code: null, message: 'ONVIF service answers' });
  steps.push({ name: 'auth', ok: true, ms: 0, code: null, message: `user ${user} was accepted` });
  await parts.devices.noteCertificate(camera.id, null);
  return {
    clockDriftSec: result.reading.clockDriftSec,
    zoneOffsetMin: await zoneOffset(parts, device),
    certificateChangedTo: null,
    snapshotWidth: await snapshotWidth(parts, device, camera, result.reading),
  };
}

async function onvifFailed(
  parts: CheckParts,
  steps: Step[],
  camera: CameraRecord,
  failed: {
    failure: OnvifFailure;
    message: string;
    clockDriftSec: number | null;
    certificateSha256?: string | null;
    ms: number;
  },
): Promise<DeviceFindings> {
  const { failure, message, clockDriftSec, ms } = failed;
  const isRefusal = failure.startsWith('auth');
  if (isRefusal) steps.push({ name: 'onvif', ok: true, ms, code: null, message: 'ONVIF service answers' });
  steps.push({ name: isRefusal ? 'auth' : 'onvif', ok: false, ms, code: failure, message });
  const changedTo = failure === 'certificate-changed' ? (failed.certificateSha256 ?? null) : null;
  if (changedTo !== null) await parts.devices.noteCertificate(camera.id, changedTo);
  return { ...NOTHING_FOUND, clockDriftSec, certificateChangedTo: changedTo };
}

async function zoneOffset(
  { onvif, siteOffsetMin }: CheckParts,
  device: CameraDevice,
): Promise<CheckFindings['zoneOffsetMin']> {
  const read = await onvif.readClock(device);
  const camera = read.ok && read.zone !== null ? posixZoneOffsetMin(read.zone) : null;
  return camera === null ? null : { camera, site: siteOffsetMin() };
}

async function snapshotWidth(
  { onvif }: CheckParts,
  { credentials }: CameraDevice,
  camera: CameraRecord,
  { profiles }: OnvifReading,
): Promise<number | null> {
  const uri = profiles.find(({ token }) => token === camera.onvif?.mainProfile)?.snapshotUri;
  const taken = uri ? await onvif.snapshot(uri, credentials) : null;
  return taken?.ok ? (jpegSize(taken.jpeg)?.width ?? null) : null;
}

async function checkStream(
  { clock, feeds, timeoutMs, measureMs }: CheckParts,
  steps: Step[],
  cameraId: string,
): Promise<{ track: VideoTrack; sample: Sample; measure: StreamMeasure | null } | undefined> {
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
  const measure = measureMs > 0 ? await measureStream({ clock, feeds }, cameraId, measureMs) : null;
  return { ...grab, measure };
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
