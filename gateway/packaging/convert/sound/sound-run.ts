import type { Clock } from '../../../base/clock.ts';
import { ConverterProcess } from '../../../ffmpeg/converter-process.ts';
import { soundArguments } from '../../../ffmpeg/sound-arguments.ts';
import { AAC_PRIMING_FRAMES } from '../../../ffmpeg/sound-plan.ts';
import type { Sample } from '../../../ingest/media.ts';
import { fragmentOf } from '../../fmp4/fragment.ts';
import { AUDIO_TRACK_ID, soundInitSegment } from '../../fmp4/init-segment.ts';
import { opusSampleEntry, pcmSampleEntry } from '../../fmp4/sample-entry.ts';
import { AdtsReader } from './adts-reader.ts';
import type { SoundInput, SoundPiece } from './sound-input.ts';

interface SoundRunOptions {
  clock: Clock;
  /** The FFmpeg program. */
  path: string;
  input: SoundInput;
  /** Where the run begins on the stream's timeline, ticks of the input. */
  startTicks: number;
  /** An AAC frame; the first (0) begins at `startTicks`, and each follows the one before without gap. */
  onFrame: (index: number, data: Buffer) => void;
  /** FFmpeg ended or hangs, or the sound jumped; the run is over. Not called after `stop`. */
  onEnd: (why: string) => void;
}

/** Sound that is this much off its place is moved there; less is the jitter of the camera's clock. */
const TOLERANCE_SEC = 0.03;
/** A longer pause begins a new run. */
const LONGEST_PAUSE_SEC = 10;
const MOST_QUEUED_BYTES = 1024 * 1024;
/** Nothing for this long: FFmpeg hangs. */
const HANGS_MS = 8000;
/** Sound that FFmpeg may hold back before it counts as hanging. */
const HELD_BACK_SEC = 2;

/** A camera's sound through one FFmpeg: packets at their times in, AAC frames without gaps out. Used once. */
export class SoundRun {
  readonly #options: SoundRunOptions;
  readonly #process: ConverterProcess;
  readonly #reader: AdtsReader;
  #writtenTicks = 0;
  #answeredTicks = 0;
  #answeredAtMs = 0;
  #sequence = 0;
  #frames = 0;
  #over = false;

  constructor(options: SoundRunOptions) {
    const { path, input } = options;
    this.#options = options;
    this.#reader = new AdtsReader((frame) => this.#takeFrame(frame));
    this.#process = new ConverterProcess({
      path,
      arguments: soundArguments(input),
      onOutput: (bytes) => {
        if (!this.#reader.push(bytes)) this.#fail('FFmpeg wrote something that is no ADTS stream');
      },
      onEnd: (why) => this.#fail(why),
    });
  }

  start(): void {
    const { input, clock } = this.#options;
    const entry = input.kind === 'pcm' ? pcmSampleEntry(input) : opusSampleEntry(input);
    this.#answeredAtMs = clock.monotonicMs();
    this.#process.start();
    this.#process.write([soundInitSegment(input.timescale, entry)]);
  }

  /** Kills FFmpeg; resolves when it is gone. */
  stop(): Promise<void> {
    this.#over = true;
    return this.#process.stop();
  }

  /** AAC frames so far. */
  get frames(): number {
    return this.#frames;
  }

  /** Takes the next packet of sound. What is missing before it becomes silence, what comes again is left out. */
  take(sample: Sample): void {
    if (this.#over) return;
    const { input, startTicks } = this.#options;
    const piece = input.piece(sample.data);
    if (!piece || this.#hangs()) return;
    const gapTicks = sample.pts - startTicks - this.#writtenTicks;
    const tolerance = TOLERANCE_SEC * input.timescale;
    if (gapTicks < -tolerance || this.#process.queuedBytes > MOST_QUEUED_BYTES) return;
    if (gapTicks > LONGEST_PAUSE_SEC * input.timescale) return this.#fail('the sound paused for long');
    if (gapTicks > tolerance) for (const silence of input.silence(gapTicks)) this.#write(silence);
    this.#write(piece);
  }

  #hangs(): boolean {
    const { clock, input } = this.#options;
    const heldBack = this.#writtenTicks - this.#answeredTicks > HELD_BACK_SEC * input.timescale;
    const hangs = heldBack && clock.monotonicMs() - this.#answeredAtMs > HANGS_MS;
    if (hangs) this.#fail('FFmpeg took sound and gave none back for 8 s');
    return hangs;
  }

  #write({ data, ticks }: SoundPiece): void {
    this.#sequence += 1;
    const fragment = fragmentOf([data], {
      sequence: this.#sequence,
      trackId: AUDIO_TRACK_ID,
      decodeTimeTicks: this.#writtenTicks,
      samples: [{ sizeBytes: data.byteLength, durationTicks: ticks, offsetTicks: 0, key: true }],
    });
    this.#writtenTicks += ticks;
    this.#process.write([fragment]);
  }

  #takeFrame(frame: Buffer): void {
    if (this.#over) return;
    this.#answeredTicks = this.#writtenTicks;
    this.#answeredAtMs = this.#options.clock.monotonicMs();
    this.#frames += 1;
    const index = this.#frames - 1 - AAC_PRIMING_FRAMES;
    if (index >= 0) this.#options.onFrame(index, frame);
  }

  #fail(why: string): void {
    if (this.#over) return;
    void this.stop();
    this.#options.onEnd(why);
  }
}
