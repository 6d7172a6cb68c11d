import type { Clock } from '../../base/clock.ts';
import { conversionArguments } from '../../ffmpeg/conversion-arguments.ts';
import type { ConversionKind } from '../../ffmpeg/h264-plan.ts';
import { ConverterProcess } from '../../ffmpeg/converter-process.ts';
import { parseH264Sps } from '../../ingest/codec/h264-sps.ts';
import type { Sample, StreamTracks } from '../../ingest/media.ts';
import { fragmentHeaderBytes, writeFragmentHeader } from '../fmp4/fragment.ts';
import { initSegment, VIDEO_TRACK_ID } from '../fmp4/init-segment.ts';
import { readAvcRecord } from './avc-record.ts';
import { FlvReader } from './flv-reader.ts';
import type { FlvFrame } from './flv-reader.ts';
import { FramesUnderWay } from './frames-under-way.ts';

interface ConversionRunOptions {
  clock: Clock;
  /** The FFmpeg program. */
  path: string;
  kind: ConversionKind;
  source: StreamTracks;
  /** Frames a second; null when nobody knows. */
  fps: number | null;
  /** Number of this run in the converted stream. */
  epoch: number;
  onTracks: (tracks: StreamTracks) => void;
  onSample: (sample: Sample) => void;
  /** FFmpeg ended or hangs; the run is over. Not called after `stop`. */
  onEnd: (why: string) => void;
}

const MOST_QUEUED_BYTES = 16 * 1024 * 1024;
/** A frame that takes longer than this means that the machine is too slow for all of them. */
const BEHIND_MS = 3000;
const CAUGHT_UP_MS = 500;
/** Nothing for this long: FFmpeg hangs. */
const HANGS_MS = 20_000;
const MOST_SOUND = 1000;
/** FLV counts 31 bits of milliseconds; a run is renewed long before. */
const LONGEST_RUN_MS = 10 * 86_400_000;

/**
 * One epoch of a camera's video through one FFmpeg: fragmented MP4 in, H.264 in FLV out, each frame with the times it
 * had. Sound is handed on as it is, beside its picture. When FFmpeg falls behind, whole GOPs are left out.
 */
export class ConversionRun {
  readonly #options: ConversionRunOptions;
  readonly #process: ConverterProcess;
  readonly #reader: FlvReader;
  readonly #underWay = new FramesUnderWay();
  #sound: Sample[] = [];
  #firstDts: number | null = null;
  #lastDts = 0;
  #sequence = 0;
  #waitsForKey = true;
  #announced = false;
  #over = false;
  #frames = 0;

  constructor(options: ConversionRunOptions) {
    const { path, kind, source, fps } = options;
    this.#options = options;
    this.#reader = new FlvReader({
      onConfig: (record) => this.#takeConfig(record),
      onFrame: (frame) => this.#takeFrame(frame),
    });
    this.#process = new ConverterProcess({
      path,
      arguments: conversionArguments({ ...source.video, fps }, kind),
      onOutput: (bytes) => {
        if (!this.#reader.push(bytes)) this.#fail('FFmpeg wrote something that is no FLV stream');
      },
      onEnd: (why) => this.#fail(why),
    });
  }

  start(): void {
    this.#process.start();
    this.#process.write([initSegment({ video: this.#options.source.video, audio: null })]);
  }

  /** Kills FFmpeg; resolves when it is gone. */
  stop(): Promise<void> {
    this.#over = true;
    this.#sound = [];
    return this.#process.stop();
  }

  /** Converted frames so far. */
  get frames(): number {
    return this.#frames;
  }

  /** Takes the source's samples in order; the bytes are not changed, their headroom neither. */
  sample(sample: Sample): void {
    const { source } = this.#options;
    if (this.#over || sample.epoch !== source.epoch) return;
    if (sample.kind === 'audio') this.#keepSound(sample);
    else if (this.#keepsUp(sample)) this.#give(sample);
  }

  #keepSound(sample: Sample): void {
    if (!this.#options.source.audio) return;
    this.#sound.push(sample);
    if (this.#sound.length > MOST_SOUND) this.#sound.shift();
  }

  /** False for frames to leave out: FFmpeg is behind, and the next key frame that finds it ready has not come. */
  #keepsUp(sample: Sample): boolean {
    const oldestMs = this.#underWay.oldestMs(this.#options.clock.monotonicMs());
    if (oldestMs > HANGS_MS) {
      this.#fail('FFmpeg took pictures and gave none back for 20 s');
      return false;
    }
    if (oldestMs > BEHIND_MS || this.#process.queuedBytes > MOST_QUEUED_BYTES || this.#underWay.full)
      this.#waitsForKey = true;
    if (this.#waitsForKey && sample.key && oldestMs < CAUGHT_UP_MS) this.#waitsForKey = false;
    return !this.#waitsForKey;
  }

  #give(sample: Sample): void {
    const firstDts = (this.#firstDts ??= sample.dts);
    const decodeTimeTicks = sample.dts - firstDts;
    const durationTicks = Math.max(1, sample.dts - this.#lastDts);
    this.#lastDts = sample.dts;
    this.#sequence += 1;
    const header = Buffer.allocUnsafe(fragmentHeaderBytes(1));
    writeFragmentHeader(header, 0, {
      sequence: this.#sequence,
      trackId: VIDEO_TRACK_ID,
      decodeTimeTicks,
      samples: [
        {
          sizeBytes: sample.data.byteLength,
          durationTicks,
          offsetTicks: sample.pts - sample.dts,
          key: sample.key,
        },
      ],
    });
    const { pts, capturedAtMs, receivedAtMs } = sample;
    const timeMs = (pts - firstDts) / 90;
    const givenAtMs = this.#options.clock.monotonicMs();
    this.#underWay.add({ timeMs, pts, capturedAtMs, receivedAtMs, givenAtMs });
    this.#process.write([header, sample.data]);
    if (timeMs > LONGEST_RUN_MS) this.#fail('the conversion has run for ten days and begins anew');
  }

  #takeConfig(record: Uint8Array): void {
    const sets = readAvcRecord(record);
    const reading = sets?.sps[0] && parseH264Sps(sets.sps[0]);
    if (!sets || !reading) return this.#fail('FFmpeg gave H.264 parameter sets that cannot be read');
    const { source, epoch, onTracks } = this.#options;
    const { codecString, profile, width, height, sar } = reading;
    this.#announced = true;
    onTracks({
      epoch,
      video: {
        kind: 'video',
        codec: 'h264',
        timescale: 90_000,
        codecString,
        profile,
        width,
        height,
        sar,
        fps: source.video.fps,
        parameterSets: { vps: [], ...sets },
      },
      audio: source.audio,
    });
  }

  #takeFrame({ timeMs, key, data }: FlvFrame): void {
    const origin = this.#underWay.take(timeMs);
    if (!this.#announced || !origin || this.#over) return;
    const { pts, capturedAtMs, receivedAtMs } = origin;
    const { epoch, onSample } = this.#options;
    this.#frames += 1;
    this.#handOnSound(pts);
    onSample({ kind: 'video', data, dts: pts, pts, key, capturedAtMs, receivedAtMs, epoch });
  }

  /** The sound that belongs in front of a frame. */
  #handOnSound(untilPts: number): void {
    const { source, epoch, onSample } = this.#options;
    const timescale = source.audio?.timescale ?? 1;
    const later = this.#sound.findIndex((sound) => sound.dts * 90_000 > untilPts * timescale);
    const due = this.#sound.splice(0, later === -1 ? this.#sound.length : later);
    if (this.#frames > 1) for (const sound of due) onSample({ ...sound, epoch });
  }

  #fail(why: string): void {
    if (this.#over) return;
    void this.stop();
    this.#options.onEnd(why);
  }
}
