import type { Sample, StreamTracks } from '../ingest/media.ts';
import { fragmentInPlace } from './fmp4/fragment.ts';
import { initSegment, VIDEO_TRACK_ID } from './fmp4/init-segment.ts';
import type { ChunkSink, LiveRun } from './live-run.ts';
import { SoundGroup } from './sound-group.ts';
import { VideoTimeline } from './video-timeline.ts';

/** Video time to wait for announced sound before the run begins without it. */
const SOUND_WAIT_TICKS = 45_000;
/** Samples kept while a run is being opened; beyond it the run begins with what is known. */
const MOST_WAITING = 400;
/** Distance of frames, 90 kHz, when two frames do not tell it: 25 a second. */
const USUAL_FRAME_TICKS = 3600;

interface OpenRun {
  tracks: StreamTracks;
  timeline: VideoTimeline;
  sound: SoundGroup | null;
}

/**
 * Turns the samples of one stream into runs and CMAF chunks on one timeline that never goes back; lives as long as its
 * packager. A run opens when two frames have shown their distance and announced sound has come or failed to.
 */
export class Chunker {
  readonly #sink: ChunkSink;
  readonly #firstStart: (capturedAtMs: number) => number;
  readonly #nextRunId: () => number;
  #announced: StreamTracks | null = null;
  #waiting: Sample[] = [];
  #run: OpenRun | null = null;
  #endTicks: number | null = null;
  #sequence = 0;

  /** `firstStart` gives the place of the very first frame on the timeline (90 kHz) from its wall-clock time. */
  constructor(options: {
    sink: ChunkSink;
    firstStart: (capturedAtMs: number) => number;
    nextRunId: () => number;
  }) {
    this.#sink = options.sink;
    this.#firstStart = options.firstStart;
    this.#nextRunId = options.nextRunId;
  }

  /** Ends the run in progress; the samples that follow belong to a new one. */
  tracks(tracks: StreamTracks): void {
    this.#flushSound();
    if (this.#run) {
      this.#endTicks = Math.max(this.#run.timeline.endTicks, this.#run.sound?.end90k ?? 0);
    }
    this.#run = null;
    this.#announced = tracks;
    this.#forgetWaiting();
  }

  sample(sample: Sample): void {
    if (!this.#announced || sample.epoch !== this.#announced.epoch) return;
    if (!this.#run) this.#wait(sample);
    else if (sample.kind === 'audio') this.#addSound(this.#run, sample);
    else if (this.#run.timeline.continuesWith(sample.dts, sample.key)) this.#addFrame(this.#run, sample);
    else {
      this.tracks(this.#announced);
      this.#wait(sample);
    }
  }

  #wait(sample: Sample): void {
    if (this.#waiting.length === 0 && !(sample.kind === 'video' && sample.key)) return;
    sample.memory?.retain();
    this.#waiting.push(sample);
    if (this.#announced && readyToOpen(this.#announced, this.#waiting)) this.#open(this.#announced);
  }

  #open(announced: StreamTracks): void {
    const waiting = this.#waiting;
    const frames = waiting.filter((sample) => sample.kind === 'video');
    const first = frames[0];
    if (!first) return;
    const heard = waiting.some((sample) => sample.kind === 'audio');
    const tracks = heard ? announced : { ...announced, audio: null };
    const frameTicks = frameDistance(first, frames[1]);
    const startTicks = this.#endTicks ?? this.#firstStart(first.capturedAtMs);
    const timeline = new VideoTimeline({ firstDts: first.dts, frameTicks, startTicks });
    const { audio } = tracks;
    const sound = audio ? new SoundGroup(audio, Math.ceil((startTicks * audio.timescale) / 90_000)) : null;
    this.#run = { tracks, timeline, sound };
    this.#sink.onRun(describeRun(this.#nextRunId(), tracks, frameTicks));
    this.#waiting = [];
    for (const sample of waiting) this.sample(sample);
    for (const { memory } of waiting) memory?.release();
  }

  /** Lets go of what waits; nothing comes any more. */
  close(): void {
    this.#forgetWaiting();
  }

  #forgetWaiting(): void {
    for (const { memory } of this.#waiting) memory?.release();
    this.#waiting = [];
  }

  #addFrame(run: OpenRun, sample: Sample): void {
    // Sound gathered so far belongs in front of the key frame: whoever joins there does not get it.
    if (sample.key) this.#flushSound();
    const times = run.timeline.place(sample.dts, sample.pts);
    this.#sequence += 1;
    const bytes = fragmentInPlace(sample.data, {
      sequence: this.#sequence,
      trackId: VIDEO_TRACK_ID,
      decodeTimeTicks: times.decodeTicks,
      samples: [
        {
          sizeBytes: sample.data.byteLength,
          durationTicks: times.durationTicks,
          offsetTicks: times.offsetTicks,
          key: sample.key,
        },
      ],
    });
    this.#sink.onChunk({
      kind: 'video',
      bytes,
      memory: bytes.buffer === sample.data.buffer ? sample.memory : undefined,
      key: sample.key,
      startTicks: times.decodeTicks,
      durationTicks: times.durationTicks,
      capturedAtMs: sample.capturedAtMs,
    });
  }

  #addSound(run: OpenRun, sample: Sample): void {
    if (!run.sound || !run.tracks.audio) return;
    const ticks = run.timeline.toTrack(sample.dts, run.tracks.audio.timescale);
    if (run.sound.mustFlush(ticks)) this.#flushSound();
    run.sound.add(sample, ticks);
  }

  #flushSound(): void {
    const chunk = this.#run?.sound?.flush(this.#sequence + 1);
    if (!chunk) return;
    this.#sequence += 1;
    this.#sink.onChunk(chunk);
  }
}

function readyToOpen(tracks: StreamTracks, waiting: readonly Sample[]): boolean {
  if (waiting.length >= MOST_WAITING) return true;
  const frames = waiting.filter((sample) => sample.kind === 'video');
  if (frames.length < 2) return false;
  if (!tracks.audio || waiting.some((sample) => sample.kind === 'audio')) return true;
  return (frames.at(-1)?.dts ?? 0) - (frames[0]?.dts ?? 0) >= SOUND_WAIT_TICKS;
}

function frameDistance(first: Sample, second: Sample | undefined): number {
  const ticks = second ? Math.round(second.dts - first.dts) : 0;
  return ticks > 0 && ticks <= 5 * 90_000 ? ticks : USUAL_FRAME_TICKS;
}

function describeRun(id: number, tracks: StreamTracks, frameTicks: number): LiveRun {
  const { video, audio } = tracks;
  const codecs = audio ? `${video.codecString},${audio.codecString}` : video.codecString;
  return { id, init: initSegment(tracks), codecs, mime: `video/mp4; codecs="${codecs}"`, tracks, frameTicks };
}
