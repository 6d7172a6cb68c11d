import type { StreamInfo } from '../contract/camera.ts';
import type { Rendition } from '../contract/live.ts';
import { planH264 } from '../ffmpeg/h264-plan.ts';
import type { ConversionKind } from '../ffmpeg/h264-plan.ts';
import type { LiveRun } from './live-run.ts';
import type { Variant } from './hls/multivariant-playlist.ts';

/** A rendition as it last showed itself, and when (monotonic ms). */
export interface KnownVariant {
  variant: Variant;
  atMs: number;
}

/** What a packager can tell of its stream. */
export interface RunningStream {
  currentRun: LiveRun | null;
  fps: number | null;
  bps: { average: number | null; peak: number | null };
}

/** Room above an advertised rate for large key frames. */
const PEAK_ABOVE_ADVERTISED = 1.25;
/** A rough camera stream: bits for each pixel, when nobody tells a rate. */
const USUAL_BITS_A_PIXEL = 0.1;
const USUAL_FPS = 25;

/** The rendition's line in the multivariant playlist from what runs, with the advertised bit rate until one is measured; undefined before the run. */
export function variantOf(
  rendition: Rendition,
  stream: RunningStream,
  info: StreamInfo | null,
): Variant | undefined {
  const { currentRun: run, fps, bps } = stream;
  if (!run) return undefined;
  const { width, height } = run.tracks.video;
  const advertisedBps = (info?.bitrateKbps ?? 0) * 1000 * PEAK_ABOVE_ADVERTISED;
  const guessedBps = width * height * (fps ?? USUAL_FPS) * USUAL_BITS_A_PIXEL;
  return {
    uri: `${rendition}/stream.m3u8`,
    bandwidth: bps.peak ?? (advertisedBps > 0 ? advertisedBps : guessedBps),
    averageBandwidth: bps.average,
    codecs: run.codecs,
    width,
    height,
    fps,
  };
}

/** True for renditions that FFmpeg makes. */
export function isConverted(rendition: Rendition): rendition is ConversionKind {
  return rendition === 'h264' || rendition === 'low';
}

/** The line of the H.264 that a stream would be converted to; undefined where it is H.264 itself and not to be made small. */
export function convertedVariantOf(source: Variant, kind: ConversionKind): Variant | undefined {
  const [videoCodec = '', soundCodec] = source.codecs.split(',');
  if (kind === 'h264' && videoCodec.startsWith('avc')) return undefined;
  const plan = planH264(source, kind);
  return {
    uri: `${kind}/stream.m3u8`,
    bandwidth: plan.maxKbps * 1000 * PEAK_ABOVE_ADVERTISED,
    averageBandwidth: null,
    codecs: soundCodec === undefined ? plan.codecString : `${plan.codecString},${soundCodec}`,
    width: plan.width,
    height: plan.height,
    fps: source.fps,
  };
}
