import type { CheckAdvice, StreamInfo } from '../contract/camera.ts';
import type { StreamMeasure } from './measure-stream.ts';

/** A camera clock that is further off than this confuses its own overlay and ONVIF sign-in. */
const CLOCK_DRIFT_LIMIT_SEC = 5;
/** Longer key-frame intervals ("smart codec") delay the first live picture. */
const GOP_LIMIT_SEC = 4;
/** Less of the advertised rate than this is not the encoder's ordinary variation. */
const FPS_SHARE = 0.8;
const BITRATE_SHARE = 0.8;
/** Lost packets in a thousand from which pictures suffer. */
const LOSS_LIMIT_PERMILLE = 2;

/** What a check found; null is not known. */
export interface CheckFindings {
  main: StreamInfo | null;
  sub: StreamInfo | null;
  /** What the camera said of its main stream at registration. */
  told: StreamInfo | null;
  clockDriftSec: number | null;
  /** Minutes east of UTC: the camera's own zone, and the site's. */
  zoneOffsetMin: { camera: number; site: number } | null;
  certificateChangedTo: string | null;
  measure: StreamMeasure | null;
  /** Width of the picture behind the camera's snapshot address. */
  snapshotWidth: number | null;
}

/** Plain advice on what a check found, the most useful first; empty when nothing is to be done. */
export function checkAdvice(found: CheckFindings): CheckAdvice[] {
  return [...ofDevice(found), ...ofDelivery(found), ...ofMain(found), ...ofOthers(found)];
}

function ofDevice({ clockDriftSec, zoneOffsetMin, certificateChangedTo }: CheckFindings): CheckAdvice[] {
  const advice: CheckAdvice[] = [];
  if (certificateChangedTo !== null) {
    const message =
      'the camera shows another certificate than at its registration: accept it if the camera was reset or replaced, else find out who answers in its place';
    const values = { sha256: certificateChangedTo };
    advice.push({ code: 'certificate-changed', message, values, action: 'accept-certificate' });
  }
  if (clockDriftSec !== null && Math.abs(clockDriftSec) > CLOCK_DRIFT_LIMIT_SEC) {
    const message = `camera clock is ${duration(Math.abs(clockDriftSec))} ${clockDriftSec > 0 ? 'ahead' : 'behind'}: set it to the gateway's time`;
    const values = { clockDriftSec: Math.round(clockDriftSec) };
    advice.push({ code: 'clock-drift', message, values, action: 'set-clock' });
  }
  if (zoneOffsetMin !== null && zoneOffsetMin.camera !== zoneOffsetMin.site) {
    const { camera, site } = zoneOffsetMin;
    const message = `the camera's time zone is ${zoneName(camera)}, the site's ${zoneName(site)}: the time in its picture is off; set the zone on the camera's own page`;
    const values = { camera: zoneName(camera), site: zoneName(site) };
    advice.push({ code: 'time-zone', message, values, action: null });
  }
  return advice;
}

function ofDelivery({ told, measure }: CheckFindings): CheckAdvice[] {
  if (!measure) return [];
  const advice: CheckAdvice[] = [];
  const { kbps, fps, lostPermille } = measure;
  const [toldFps, toldKbps] = [told?.fps ?? null, told?.bitrateKbps ?? null];
  const slow = toldFps !== null && fps < toldFps * FPS_SHARE;
  const lossy = lostPermille >= LOSS_LIMIT_PERMILLE;
  // Quiet scenes need few bits: only together with missing pictures does a low rate speak of the line.
  if (toldKbps !== null && kbps < toldKbps * BITRATE_SHARE && (slow || lossy)) {
    const values = { receivedMbps: tenths(kbps / 1000), advertisedMbps: tenths(toldKbps / 1000) };
    const message = `uplink carries ${values.receivedMbps} of ${values.advertisedMbps} Mb/s: lower the bitrate of the main stream or improve the line`;
    advice.push({ code: 'uplink', message, values, action: null });
  } else if (toldFps !== null && slow) {
    const values = { fps: tenths(fps), advertisedFps: toldFps };
    const message = `main stream brings ${values.fps} of ${values.advertisedFps} pictures a second: look at exposure time at night, or at the camera's load`;
    advice.push({ code: 'low-fps', message, values, action: null });
  }
  if (lossy) {
    const values = { lostPercent: tenths(lostPermille / 10) };
    const message = `${values.lostPercent} % of the packets were lost on the way: look at cable, switch or radio link`;
    advice.push({ code: 'packet-loss', message, values, action: null });
  }
  return advice;
}

function ofMain({ main }: CheckFindings): CheckAdvice[] {
  const advice: CheckAdvice[] = [];
  if (main?.gopSec && main.gopSec > GOP_LIMIT_SEC) {
    const gopSec = Math.round(main.gopSec);
    const message = `main stream sends a key frame only every ${gopSec} s (smart codec): live pictures start late; set the key-frame interval to 2 s`;
    advice.push({ code: 'long-gop', message, values: { gopSec }, action: null });
  }
  if (main?.codec === 'h265') {
    const message =
      'main stream is H.265: phones and browsers without it get a converted picture, which costs the gateway CPU';
    advice.push({ code: 'h265', message, values: {}, action: null });
  }
  if (main?.codec === 'mjpeg') {
    const message =
      'main stream is MJPEG: the gateway converts it to H.264 while someone watches, which costs processor time, and the camera sends many times the data; set H.264';
    advice.push({ code: 'mjpeg', message, values: {}, action: null });
  }
  return advice;
}

function ofOthers({ main, sub, snapshotWidth }: CheckFindings): CheckAdvice[] {
  const advice: CheckAdvice[] = [];
  const sound = main?.audio ?? sub?.audio ?? null;
  if (sound !== null && sound !== 'aac') {
    const message = `sound is ${SOUND_NAMES[sound] ?? sound}: the gateway converts it to AAC while someone watches; set AAC to save that`;
    const values = { codec: SOUND_NAMES[sound] ?? sound };
    advice.push({ code: 'sound-converted', message, values, action: null });
  }
  if (sub === null) {
    const message =
      'no sub stream: walls must load the full-size stream, phones a small one that the gateway converts; enable one on the camera';
    advice.push({ code: 'no-sub-stream', message, values: {}, action: null });
  }
  if (snapshotWidth !== null && main?.width && snapshotWidth < main.width) {
    const values = { snapshotWidth, mainWidth: main.width };
    const message = `the camera's own snapshot is ${snapshotWidth} wide, its main stream ${main.width}: pictures are taken from the stream`;
    advice.push({ code: 'small-snapshot', message, values, action: null });
  }
  return advice;
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}

function zoneName(offsetMin: number): string {
  const minutes = Math.abs(offsetMin);
  const text = `${Math.floor(minutes / 60)}${minutes % 60 === 0 ? '' : `:${String(minutes % 60).padStart(2, '0')}`}`;
  return `UTC${offsetMin < 0 ? '-' : '+'}${text}`;
}

const SOUND_NAMES: Readonly<Record<string, string>> = {
  pcmu: 'G.711 µ-law',
  pcma: 'G.711 A-law',
  g726: 'G.726',
  l16: 'uncompressed (L16)',
  opus: 'Opus',
};

function duration(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (seconds < 60) return `${Math.round(seconds)} s`;
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
