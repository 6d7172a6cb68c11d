import { createHash } from 'node:crypto';
import type { BandLayout } from '../picture/clock-band.ts';
import type { DayPart } from '../picture/day-light.ts';
import type { PictureEffect } from '../picture/picture-effect.ts';

/** Which drawn place a camera looks at. */
export const sceneNames = ['tower', 'bridge', 'gate', 'pit'] as const;

/** One of the drawn places. */
export type SceneName = (typeof sceneNames)[number];

/** Video codec of a profile. */
export type VideoCodec = 'h264' | 'h265';

/** Everything a clip's pictures depend on; two equal specs give the same cached clip. */
export interface ClipSpec {
  scene: SceneName;
  variant: number;
  /** Days since 1970-01-01 of the site's calendar. */
  dayNumber: number;
  part: DayPart;
  width: number;
  height: number;
  fps: number;
  codec: VideoCodec;
  loopSec: number;
  /** Burnt in at the bottom left where the machine has a Chinese font. */
  label: string;
  /** What is wrong with the view; absent: nothing. */
  effect?: PictureEffect;
}

/** The sub stream is the same for every camera. */
export const subStream = { width: 640, height: 360, fps: 15 } as const;

/** Seconds from key frame to key frame, main and sub. */
export const gopSec = 2;

/** Raised when drawing or encoding changes, so that old cached clips are not used. */
const clipVersion = 7;

/** A file name for the spec, the same for equal specs. */
export function clipKey(spec: ClipSpec): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([clipVersion, spec]))
    .digest('hex')
    .slice(0, 12);
  return `${spec.scene}${spec.variant}-${spec.dayNumber}-${spec.part}-${spec.width}x${spec.height}-${spec.codec}-${digest}`;
}

/** Height of the band at the top in which the clock stands, a whole number of coding blocks. */
export function bandHeight(height: number, codec: VideoCodec): number {
  if (codec === 'h264') return Math.round(height / 22.5 / 16) * 16;
  return height >= 1000 ? 64 : 32;
}

/** How the clock lies in its band. H.265 text stands on a grid of four characters a coding tree block. */
export function bandLayout(width: number, height: number, codec: VideoCodec): BandLayout {
  const band = bandHeight(height, codec);
  if (codec === 'h265') {
    const advancePx = band / 4;
    const glyphHeightPx = Math.round(band * 0.53);
    return {
      width,
      height: band,
      leftPx: 0,
      topPx: Math.round(band * 0.24),
      glyphWidthPx: advancePx,
      glyphHeightPx,
      advancePx,
    };
  }
  const glyphHeightPx = Math.round(band * 0.68);
  return {
    width,
    height: band,
    leftPx: Math.round(band / 3),
    topPx: Math.round(band * 0.2),
    glyphWidthPx: Math.round(glyphHeightPx * 0.58),
    glyphHeightPx,
    advancePx: Math.round(glyphHeightPx * 0.66),
  };
}
