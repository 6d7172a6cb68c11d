import type { CameraCheck, StreamInfo } from '../contract/camera.ts';

/** A camera clock that is further off than this confuses its own overlay and ONVIF sign-in. */
const CLOCK_DRIFT_LIMIT_SEC = 5;
/** Longer key-frame intervals ("smart codec") delay the first live picture. */
const GOP_LIMIT_SEC = 4;

/** Plain advice on what a check found; empty when nothing is to be done. */
export function checkAdvice(found: {
  main: StreamInfo | null;
  sub: StreamInfo | null;
  clockDriftSec: number | null;
}): CameraCheck['advice'] {
  const { main, sub, clockDriftSec } = found;
  const advice: CameraCheck['advice'] = [];
  if (clockDriftSec !== null && Math.abs(clockDriftSec) > CLOCK_DRIFT_LIMIT_SEC) {
    const message = `camera clock is ${duration(Math.abs(clockDriftSec))} ${clockDriftSec > 0 ? 'ahead' : 'behind'}: set it to the gateway's time`;
    advice.push({ code: 'clock-drift', message });
  }
  if (main?.gopSec && main.gopSec > GOP_LIMIT_SEC) {
    const message = `main stream sends a key frame only every ${Math.round(main.gopSec)} s (smart codec): live pictures start late; set the key-frame interval to 2 s`;
    advice.push({ code: 'long-gop', message });
  }
  if (main?.codec === 'h265') {
    const message =
      'main stream is H.265: browsers without it show the sub stream; set H.264 where every device must see full size';
    advice.push({ code: 'h265', message });
  }
  if (main?.codec === 'mjpeg') {
    const message =
      'main stream is MJPEG: the gateway converts it to H.264 while someone watches, which costs processor time, and the camera sends many times the data; set H.264';
    advice.push({ code: 'mjpeg', message });
  }
  const sound = main?.audio ?? sub?.audio ?? null;
  if (sound !== null && sound !== 'aac') {
    const message = `sound is ${SOUND_NAMES[sound] ?? sound}: the gateway converts it to AAC while someone watches; set AAC to save that`;
    advice.push({ code: 'sound-converted', message });
  }
  if (sub === null) {
    advice.push({
      code: 'no-sub-stream',
      message:
        'no sub stream: walls must load the full-size stream, phones a small one that the gateway converts; enable one on the camera',
    });
  }
  return advice;
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
