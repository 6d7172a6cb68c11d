/** The picture that is to become H.264; nothing of it is text from a user or a camera. */
export interface PictureFormat {
  /** Pixels after cropping. */
  width: number;
  height: number;
  /** Frames a second; null when nobody knows. */
  fps: number | null;
}

/** What a conversion will give, known before it runs. */
export interface H264Plan {
  /** Even pixels. */
  width: number;
  height: number;
  /** Frames a second that rate control and key frame distance count with. */
  fps: number;
  /** As x264 wants it, as in `4.0`. */
  level: string;
  /** RFC 6381, Main profile. */
  codecString: string;
  /** Upper bound over one second. */
  maxKbps: number;
}

/** Longest time between key frames of a conversion. */
export const CONVERTED_GOP_SEC = 2;

/** `h264`: the whole picture for browsers that cannot play its codec; `low`: a small one for phones and thin lines. */
export type ConversionKind = 'h264' | 'low';

const MOST_WIDTH = 1920;
/** Longer side of `low`: 640×360 of a wide picture, 360×640 of an upright one. */
const LOW_PIXELS = 640;
/** With sound beside it, `low` stays below 500 kbit/s. */
const LOW_KBPS = 450;
const USUAL_FPS = 25;
const BITS_A_PIXEL = 0.08;
const LEAST_KBPS = 300;
const MACROBLOCK = 16;

/** Levels of ITU-T H.264 table A-1: macroblocks a frame and a second. */
const LEVELS = [
  { level: '3.0', idc: 30, frame: 1620, second: 40_500 },
  { level: '3.1', idc: 31, frame: 3600, second: 108_000 },
  { level: '4.0', idc: 40, frame: 8192, second: 245_760 },
  { level: '4.2', idc: 42, frame: 8704, second: 522_240 },
  { level: '5.1', idc: 51, frame: 36_864, second: 983_040 },
] as const;
const HIGHEST = { level: '5.2', idc: 52 };

/** Size, level and rate of the H.264 that a picture is converted to: at most 1920 wide, `low` 640; the shape is kept. */
export function planH264({ width, height, fps }: PictureFormat, kind: ConversionKind = 'h264'): H264Plan {
  const shrink = Math.min(1, kind === 'low' ? LOW_PIXELS / Math.max(width, height) : MOST_WIDTH / width);
  const outWidth = even(width * shrink);
  const outHeight = even(height * shrink);
  const outFps = fps !== null && fps >= 1 && fps <= 120 ? fps : USUAL_FPS;
  const blocks = Math.ceil(outWidth / MACROBLOCK) * Math.ceil(outHeight / MACROBLOCK);
  const fitting = LEVELS.find(({ frame, second }) => blocks <= frame && blocks * outFps <= second);
  const { level, idc } = fitting ?? HIGHEST;
  const kbps = Math.max(LEAST_KBPS, Math.round((outWidth * outHeight * outFps * BITS_A_PIXEL) / 1000));
  return {
    width: outWidth,
    height: outHeight,
    fps: outFps,
    level,
    // profile_idc 77 with constraint_set1_flag alone, as x264 writes Main.
    codecString: `avc1.4d40${idc.toString(16)}`,
    maxKbps: kind === 'low' ? Math.min(LOW_KBPS, kbps) : kbps,
  };
}

function even(pixels: number): number {
  return Math.max(2, Math.round(pixels / 2) * 2);
}
