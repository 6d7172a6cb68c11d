import type { Clip, ClipFrame } from '../clip/clip-file.ts';
import type { BandBackground } from '../picture/clock-band.ts';
import type { ClockSlices } from './clock-slices.ts';
import { H264ClockSlices } from './h264-clock-slices.ts';
import { H265ClockSlices } from './h265-clock-slices.ts';

/** One coded picture as it goes to every viewer. */
export interface AccessUnit {
  /** Position on the profile's endless count of frames since 1970. */
  n: number;
  key: boolean;
  nals: Buffer[];
}

/** What the camera shows: its place, a black picture, or the picture it last had. */
export type PictureMode = 'live' | 'black' | 'frozen';

interface Shown {
  clip: Clip;
  mode: PictureMode;
  slices: ClockSlices;
}

const blackBand = (rows: number): BandBackground => ({
  y: Array.from({ length: rows }, () => 16),
  u: Array.from({ length: rows / 2 }, () => 128),
  v: Array.from({ length: rows / 2 }, () => 128),
});

function slicesFor(clip: Clip, black: boolean): ClockSlices {
  if (clip.codec === 'h265') return new H265ClockSlices(clip, black);
  return new H264ClockSlices(clip, black ? blackBand(clip.background.y.length) : clip.background);
}

/**
 * An endless stream out of a looped clip: the frame due at each moment, with the time written into it.
 * Clip and mode change at key pictures only; freezing holds the picture at once.
 */
export class LiveVideo {
  private wantedClip: Clip;
  private shown: Shown | undefined;
  private wantedMode: PictureMode = 'live';
  private readonly phaseMs: number;
  private readonly textAt: (unixMs: number) => string;
  private keyFrame: ClipFrame | undefined;
  private last = { n: -1, text: '' };

  /** `textAt` gives the clock's text for a moment of the machine's clock. */
  constructor(clip: Clip, phaseMs: number, textAt: (unixMs: number) => string) {
    this.wantedClip = clip;
    this.phaseMs = phaseMs;
    this.textAt = textAt;
  }

  get clip(): Clip {
    return this.wantedClip;
  }

  /** Takes another clip of the same codec and size from the next key picture on. */
  swap(clip: Clip): void {
    this.wantedClip = clip;
  }

  show(mode: PictureMode): void {
    this.wantedMode = mode;
  }

  /** The number of the frame due at a moment. */
  frameNumberAt(unixMs: number): number {
    return Math.floor(((unixMs - this.phaseMs) * this.wantedClip.fps) / 1000);
  }

  /** The moment at which a frame is due. */
  dueMs(n: number): number {
    return (n * 1000) / this.wantedClip.fps + this.phaseMs;
  }

  private latch(): Shown {
    const { shown, wantedClip, wantedMode } = this;
    const sameClip = shown?.clip === wantedClip;
    if (shown !== undefined && (wantedMode === 'frozen' || (sameClip && shown.mode === wantedMode))) {
      return { ...shown, mode: wantedMode };
    }
    return { clip: wantedClip, mode: wantedMode, slices: slicesFor(wantedClip, wantedMode === 'black') };
  }

  /** The coded frame `n`; asked for in rising order. */
  frame(n: number): AccessUnit {
    const { gop } = this.wantedClip;
    const k = n % gop;
    if (k === 0 || this.shown === undefined) this.shown = this.latch();
    const { clip, slices, mode } = this.shown;
    const held = mode === 'frozen' || (this.wantedMode === 'frozen' && k !== 0);
    const source = this.sourceOf(n, k, held);
    const now = held && this.last.text !== '' ? this.last.text : this.textAt(this.dueMs(n));
    const key = source.key;
    let band: Buffer[];
    if (key) band = slices.whole(now, source.head);
    else {
      const before = this.last.n === n - 1 ? this.last.text : this.textAt(this.dueMs(n - 1));
      band = slices.changed(now, before, source.head);
    }
    this.last = { n, text: now };
    return {
      n,
      key,
      nals: key ? [...clip.parameterSets, ...band, ...source.nals] : [...band, ...source.nals],
    };
  }

  private sourceOf(n: number, k: number, held: boolean): ClipFrame {
    const { clip, mode } = this.shown!;
    if (held && k === 0 && this.keyFrame !== undefined) return this.keyFrame;
    if (mode === 'black' || (held && k !== 0)) return clip.black[k]!;
    const frame = clip.frames[n % clip.frames.length]!;
    if (frame.key) this.keyFrame = frame;
    return frame;
  }
}
