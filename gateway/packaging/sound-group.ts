import type { AudioTrack, Sample } from '../ingest/media.ts';
import { fragmentOf } from './fmp4/fragment.ts';
import type { FragmentSample } from './fmp4/fragment.ts';
import { AUDIO_TRACK_ID } from './fmp4/init-segment.ts';
import type { Chunk } from './live-run.ts';

const GROUP_SEC = 0.2;
/** Samples of an AAC-LC frame (ISO 14496-3, 4.5.1.1), until two frames have shown their distance. */
const AAC_FRAME_TICKS = 1024;
/** Beyond this a distance between frames is a pause, not a frame's length. */
const LONGEST_FRAME_SEC = 0.25;

/** Gathers AAC frames of one run into chunks of about 0.2 s on a timeline without overlaps; lives as long as the run. */
export class SoundGroup {
  readonly #track: AudioTrack;
  readonly #startTicks: number;
  #frames: Buffer[] = [];
  #samples: FragmentSample[] = [];
  #groupTicks = 0;
  #groupStart = 0;
  #capturedAtMs = 0;
  #endTicks: number;
  #lastTicks: number | null = null;
  #frameTicks = AAC_FRAME_TICKS;

  /** `startTicks`: the start of the run in the track's ticks; what lies before it is left out. */
  constructor(track: AudioTrack, startTicks: number) {
    this.#track = track;
    this.#startTicks = startTicks;
    this.#endTicks = startTicks;
  }

  /** End of the sound so far, 90 kHz. */
  get end90k(): number {
    return Math.ceil((this.#endTicks * 90_000) / this.#track.timescale);
  }

  /** True when the frame at `ticks` cannot follow in the waiting group, or the group is long enough: flush first. */
  mustFlush(ticks: number): boolean {
    if (this.#frames.length === 0) return false;
    return (
      this.#groupTicks >= GROUP_SEC * this.#track.timescale || ticks - this.#endTicks > this.#frameTicks / 2
    );
  }

  /** Adds a frame at `ticks` of the packager's timeline; one that overlaps what is there already is left out. */
  add(sample: Sample, ticks: number): void {
    this.#learnFrameLength(ticks);
    const late = ticks - this.#endTicks;
    if (ticks < this.#startTicks || late < -this.#frameTicks / 2) return;
    // Rounding of camera clocks by less than half a frame is evened out, so that there are no clicks.
    const start = Math.abs(late) <= this.#frameTicks / 2 ? this.#endTicks : ticks;
    if (this.#frames.length === 0) {
      this.#groupStart = start;
      this.#capturedAtMs = sample.capturedAtMs;
    }
    this.#frames.push(sample.data);
    this.#samples.push({
      sizeBytes: sample.data.byteLength,
      durationTicks: this.#frameTicks,
      offsetTicks: 0,
      key: true,
    });
    this.#groupTicks += this.#frameTicks;
    this.#endTicks = start + this.#frameTicks;
  }

  /** The waiting frames as one chunk, or undefined when none wait. */
  flush(sequence: number): Chunk | undefined {
    if (this.#frames.length === 0) return undefined;
    const to90k = 90_000 / this.#track.timescale;
    const chunk: Chunk = {
      kind: 'audio',
      bytes: fragmentOf(this.#frames, {
        sequence,
        trackId: AUDIO_TRACK_ID,
        decodeTimeTicks: this.#groupStart,
        samples: this.#samples,
      }),
      key: false,
      startTicks: Math.round(this.#groupStart * to90k),
      durationTicks: Math.round(this.#groupTicks * to90k),
      capturedAtMs: this.#capturedAtMs,
    };
    this.#frames = [];
    this.#samples = [];
    this.#groupTicks = 0;
    return chunk;
  }

  #learnFrameLength(ticks: number): void {
    const step = this.#lastTicks === null ? 0 : ticks - this.#lastTicks;
    this.#lastTicks = ticks;
    // HE-AAC has 2048 samples a frame, AAC-LD 512, the 960 variant of AAC-LC that.
    const known = [512, 480, 960, 1024, 1920, 2048].find((length) => Math.abs(step - length) <= 1);
    if (known !== undefined && step <= LONGEST_FRAME_SEC * this.#track.timescale) this.#frameTicks = known;
  }
}
