import type { StreamInfo } from '../../gateway/contract/camera.ts';
import type { Rendition } from '../../gateway/contract/live.ts';

/** What the viewer asked for: by size of the picture, or pinned. */
export type Quality = 'auto' | 'smooth' | 'hd';

/** What decides which stream is watched. */
export interface RenditionQuestion {
  main: StreamInfo | null;
  sub: StreamInfo | null;
  quality: Quality;
  /** Width of the picture on screen, CSS pixels. */
  boxWidthPx: number;
  devicePixelRatio: number;
  /** The rendition now playing, so that a small change of size does not switch back and forth. */
  current: Rendition | null;
  canPlay: (codec: string | null) => boolean;
  /** The gateway has lately refused to convert; the sub stream is taken instead where there is one. */
  conversionRefused: boolean;
}

/**
 * The stream to watch; `convert` asks for the gateway's H.264, because the browser does not play the one that fits,
 * `low` for its small rendition, because the camera has none.
 */
export type RenditionChoice =
  | { kind: 'play'; rendition: 'main' | 'sub' }
  | { kind: 'convert'; codec: string | null }
  | { kind: 'low' };

const LARGE_PX = 700;
const HYSTERESIS_PX = 60;
/** More than this is not what "smooth" means; the gateway draws its line there too, unless it is configured otherwise. */
const SMOOTH_WIDTH = 1280;
const SMOOTH_KBPS = 1000;

function wantsMain(question: RenditionQuestion): boolean {
  if (question.quality !== 'auto') return question.quality === 'hd';
  const isLarge = question.current === 'main' || question.current === 'h264';
  const limit = isLarge ? LARGE_PX - HYSTERESIS_PX : LARGE_PX;
  if (question.boxWidthPx < limit) return false;
  // A sub stream as fine as the screen shows is as good as main and costs the site less.
  return question.boxWidthPx * question.devicePixelRatio > (question.sub?.width ?? 0);
}

function isSmooth({ width, bitrateKbps }: StreamInfo): boolean {
  return (width ?? 0) <= SMOOTH_WIDTH && (bitrateKbps ?? 0) <= SMOOTH_KBPS;
}

/**
 * Sub stream for small pictures, main for large ones, converted where the browser does not play it. Where "smooth" is
 * pinned, or the network asks for it, a camera without a sub stream that is so is watched in the gateway's small rendition.
 */
export function chooseRendition(question: RenditionQuestion): RenditionChoice {
  const { main, sub, canPlay, conversionRefused } = question;
  const mainPlays = canPlay(main?.codec ?? null);
  const subPlays = sub !== null && canPlay(sub.codec);
  const smallest = sub ?? main;
  const hasSmooth = smallest !== null && canPlay(smallest.codec) && isSmooth(smallest);
  if (question.quality === 'smooth' && !hasSmooth && !conversionRefused) return { kind: 'low' };
  const wanted = wantsMain(question) || sub === null ? 'main' : 'sub';
  if (wanted === 'main' && mainPlays) return { kind: 'play', rendition: 'main' };
  if (wanted === 'main' && !conversionRefused) return { kind: 'convert', codec: main?.codec ?? null };
  if (subPlays) return { kind: 'play', rendition: 'sub' };
  if (mainPlays) return { kind: 'play', rendition: 'main' };
  return { kind: 'convert', codec: main?.codec ?? null };
}
