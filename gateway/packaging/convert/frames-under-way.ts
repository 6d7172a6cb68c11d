/** A frame that was given to FFmpeg and has not come back. */
export interface FrameUnderWay {
  /** Its presentation time in the stream that FFmpeg gets. */
  timeMs: number;
  /** Presentation time in the source, 90 kHz. */
  pts: number;
  capturedAtMs: number;
  receivedAtMs: number;
  /** When it was given, monotonic ms. */
  givenAtMs: number;
}

/** FLV rounds times to a millisecond. */
const ROUNDING_MS = 1;
const MOST_FRAMES = 2000;

/** Finds the source's exact times again for frames that come back converted; lives as long as one FFmpeg. */
export class FramesUnderWay {
  #frames: FrameUnderWay[] = [];

  get size(): number {
    return this.#frames.length;
  }

  get full(): boolean {
    return this.#frames.length >= MOST_FRAMES;
  }

  /** How long the oldest has been under way at `nowMs`; 0 when there is none. */
  oldestMs(nowMs: number): number {
    const [oldest] = this.#frames;
    return oldest ? nowMs - oldest.givenAtMs : 0;
  }

  add(frame: FrameUnderWay): void {
    this.#frames.push(frame);
  }

  /** The frame of that time; it and all before it (lost in decoding) are under way no longer. Undefined when there is none. */
  take(timeMs: number): FrameUnderWay | undefined {
    const distance = (frame: FrameUnderWay): number => Math.abs(frame.timeMs - timeMs);
    let found: FrameUnderWay | undefined;
    for (const frame of this.#frames) {
      if (distance(frame) <= ROUNDING_MS && (!found || distance(frame) < distance(found))) found = frame;
    }
    const untilMs = found?.timeMs ?? timeMs;
    this.#frames = this.#frames.filter((frame) => frame.timeMs > untilMs);
    return found;
  }
}
