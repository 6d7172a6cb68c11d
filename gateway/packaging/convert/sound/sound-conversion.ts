import { Backoff } from '../../../base/backoff.ts';
import type { CancelTimer, Clock } from '../../../base/clock.ts';
import { messageOf } from '../../../base/gateway-error.ts';
import { AAC_FRAME_SAMPLES, planSound } from '../../../ffmpeg/sound-plan.ts';
import type { SoundPlan } from '../../../ffmpeg/sound-plan.ts';
import type { AudioTrack, OtherSoundTrack, Sample } from '../../../ingest/media.ts';
import { soundInputOf } from './sound-input.ts';
import type { SoundInput } from './sound-input.ts';
import { SoundPace } from './sound-pace.ts';
import type { PlacedFrame } from './sound-pace.ts';
import { SoundRun } from './sound-run.ts';

interface SoundConversionOptions {
  clock: Clock;
  /** Where FFmpeg is; rejects when there is none. */
  program: () => Promise<{ path: string }>;
  source: OtherSoundTrack;
  epoch: number;
  onSample: (sample: Sample) => void;
  onFault: (why: string) => void;
  /** There will be no sound: the picture must go on without. */
  onGiveUp: () => void;
}

const FIRST_RETRY_MS = 300;
const LONGEST_RETRY_MS = 30_000;
/** Runs in a row without one frame of sound before it is given up. */
const FRUITLESS_RUNS = 3;

/** One epoch of a camera's sound as AAC beside its picture: the FFmpeg of the moment, and silence where it gives none. */
export class SoundConversion {
  readonly #options: SoundConversionOptions;
  readonly #plan: SoundPlan;
  readonly #input: SoundInput;
  readonly #backoff = new Backoff({ firstMs: FIRST_RETRY_MS, maxMs: LONGEST_RETRY_MS, jitter: 0.2 });
  #pace: SoundPace | null = null;
  #run: SoundRun | null = null;
  #starting = false;
  #fruitless = 0;
  #cancelRetry: CancelTimer | undefined;
  #stopping: Promise<void> = Promise.resolve();
  #over = false;
  /** The newest picture: where sound lies in wall-clock time. */
  #seen = { sec: 0, capturedAtMs: 0 };

  constructor(options: SoundConversionOptions) {
    this.#options = options;
    this.#plan = planSound(options.source);
    this.#input = soundInputOf(options.source);
  }

  /** The track that is announced in the source's place. */
  get track(): AudioTrack {
    const { rate: timescale, codecString, channels, config } = this.#plan;
    return { kind: 'audio', codec: 'aac', timescale, codecString, channels, config, assured: true };
  }

  /** Takes the stream's samples in order, pictures too: sound keeps up with them. */
  sample(sample: Sample): void {
    if (this.#over) return;
    if (sample.kind === 'audio') this.#run?.take(sample);
    else this.#followPicture(sample);
  }

  /** Kills FFmpeg; resolves when it is gone. */
  stop(): Promise<void> {
    this.#over = true;
    this.#cancelRetry?.();
    this.#endRun();
    return this.#stopping;
  }

  #followPicture({ pts, capturedAtMs }: Sample): void {
    const sec = pts / 90_000;
    this.#seen = { sec, capturedAtMs };
    if (!this.#pace) {
      this.#pace = new SoundPace(this.#plan, sec, (frame) => this.#handOn(frame));
      void this.#begin();
    }
    this.#pace.picture(sec);
  }

  async #begin(): Promise<void> {
    if (this.#starting) return;
    this.#starting = true;
    try {
      const { path } = await this.#options.program();
      if (!this.#over) this.#startRun(path);
    } catch (error) {
      if (!this.#over) this.#giveUp(messageOf(error));
    } finally {
      this.#starting = false;
    }
  }

  #startRun(path: string): void {
    const pace = this.#pace;
    if (!pace) return;
    const { clock } = this.#options;
    const { rate } = this.#plan;
    // On the grid of the frames that went before, so that converted ones fit in between.
    const startOut = pace.nextTicks;
    const run = new SoundRun({
      clock,
      path,
      input: this.#input,
      startTicks: Math.round((startOut * this.#input.timescale) / rate),
      onFrame: (index, data) => pace.converted(startOut + index * AAC_FRAME_SAMPLES, data),
      onEnd: (why) => this.#runEnded(run, why),
    });
    this.#run = run;
    run.start();
  }

  #runEnded(run: SoundRun, why: string): void {
    if (run !== this.#run) return;
    this.#fruitless = run.frames > 0 ? 0 : this.#fruitless + 1;
    if (run.frames > 0) this.#backoff.reset();
    this.#endRun();
    if (this.#fruitless >= FRUITLESS_RUNS) return this.#giveUp(why);
    this.#options.onFault(why);
    this.#cancelRetry = this.#options.clock.after(this.#backoff.nextMs(), () => void this.#begin());
  }

  #giveUp(why: string): void {
    this.#options.onFault(why);
    void this.stop();
    this.#options.onGiveUp();
  }

  #handOn({ ticks, data }: PlacedFrame): void {
    const { clock, epoch, onSample } = this.#options;
    const behindMs = (this.#seen.sec - ticks / this.#plan.rate) * 1000;
    const capturedAtMs = Math.round(this.#seen.capturedAtMs - behindMs);
    const receivedAtMs = clock.now();
    onSample({ kind: 'audio', data, dts: ticks, pts: ticks, key: true, capturedAtMs, receivedAtMs, epoch });
  }

  #endRun(): void {
    const run = this.#run;
    this.#run = null;
    if (run) this.#stopping = Promise.all([this.#stopping, run.stop()]).then(() => undefined);
  }
}
