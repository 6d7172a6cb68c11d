import type { Clock } from '../base/clock.ts';
import type { Unsubscribe } from '../base/emitter.ts';
import type { Logger } from '../base/logger.ts';
import type { ProfileName } from '../contract/camera.ts';
import type { FeedFailure, FeedListener } from '../ingest/feeds.ts';
import type { Sample, StreamTracks } from '../ingest/media.ts';
import { ChangeGate } from './change-gate.ts';
import { Chunker } from './chunker.ts';
import type { LiveFeeds } from './convert/converted-feeds.ts';
import { HeldGop } from './held-gop.ts';
import { HlsOutput } from './hls/hls-output.ts';
import type { LiveFile, PlaylistQuery } from './hls/hls-output.ts';
import type { RenditionReport } from './hls/media-playlist.ts';
import { liveFailure, noPictureInTime } from './live-failure.ts';
import type { Chunk, ChunkSink, LiveRun } from './live-run.ts';
import { NumberSource } from './number-source.ts';
import { RateMeter } from './rate-meter.ts';
import { closeCodes, WsOutput } from './ws/ws-output.ts';
import type { LiveViewer } from './ws/ws-output.ts';

/** Where a packager gets its pictures and how it cuts them. */
export interface PackagerOptions {
  clock: Clock;
  logger: Logger;
  /** The camera's own streams, or the converted ones. */
  feeds: LiveFeeds;
  cameraId: string;
  profile: ProfileName;
  segmentSec: number;
  segments: number;
  /** EXT-X-TARGETDURATION for a new list, when a GOP of at least so many seconds is held. */
  targetDurationSec: (heldGopSec: number) => number;
  /** Distance of the stream's key frames, s, as measured or advertised; null: not known. */
  gopSec: () => number | null;
  /** EXT-X-DISCONTINUITY-SEQUENCE for the first list; must not be below that of any list before (RFC 8216bis, 6.2.2). */
  discontinuitySequence: number;
  /** Place on the timeline of all packagers (90 kHz) for a wall-clock time, so that renditions agree. */
  placeOf: (capturedAtMs: number) => number;
}

const START_DEADLINE_SEC = 12;
const LEAST_IDLE_MS = 15_000;
const IDLE_IN_TARGETS = 3;
/** A broken stream's playlist is served this long, in target durations; then players are told that it is offline. */
const STALE_IN_TARGETS = 3;
const USUAL_BPS = 4_000_000;

/** One profile of one camera made ready for viewers; lives from the first viewer until shortly after the last. */
export class StreamPackager implements FeedListener, ChunkSink {
  readonly retainsMemory = true;
  readonly #options: PackagerOptions;
  readonly #clock: Clock;
  readonly #chunker: Chunker;
  readonly #gate: ChangeGate;
  readonly #numbers: NumberSource;
  readonly #meter = new RateMeter();
  readonly #viewers = new Set<WsOutput>();
  #unsubscribe: Unsubscribe | undefined;
  #run: LiveRun | null = null;
  readonly #held = new HeldGop();
  #hls: HlsOutput | null = null;
  #failure: FeedFailure | null = null;
  #discontinuitySequence: number;
  #lastChunkAtMs = 0;
  #usedAtMs = 0;
  #hlsUsedAtMs = 0;

  constructor(options: PackagerOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#gate = new ChangeGate(options.clock);
    this.#numbers = new NumberSource(options.clock);
    this.#discontinuitySequence = options.discontinuitySequence;
    this.#chunker = new Chunker({
      sink: this,
      firstStart: options.placeOf,
      nextRunId: () => this.#numbers.next(),
    });
  }

  /** Wants the stream from now on; a GOP already held arrives within this call. Throws `transcoder-busy`. */
  start(): void {
    const { feeds, cameraId, profile } = this.#options;
    this.#usedAtMs = this.#clock.monotonicMs();
    this.#unsubscribe = feeds.subscribe(cameraId, profile, this);
    const status = feeds.status(cameraId, profile);
    if (status.state === 'waiting' && status.failure) this.#failure ??= status.failure;
  }

  stop(code: number, reason: string): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    for (const viewer of this.#viewers) viewer.close(code, reason);
    this.#viewers.clear();
    this.#gate.close();
    this.#endHls();
    this.#chunker.close();
    this.#held.clear();
  }

  onTracks(tracks: StreamTracks): void {
    this.#failure = null;
    this.#chunker.tracks(tracks);
  }

  onSample(sample: Sample): void {
    this.#chunker.sample(sample);
  }

  onFailure(failure: FeedFailure): void {
    const first = this.#failure === null;
    this.#failure = failure;
    for (const viewer of this.#viewers) {
      if (!viewer.started) viewer.close(closeCodes.unavailable, failure.message);
      else if (first) viewer.offline(failure);
    }
    this.#forgetClosed();
    this.#gate.changed();
  }

  onRun(run: LiveRun): void {
    this.#run = run;
    this.#failure = null;
    this.#held.clear();
    this.#hls?.onRun(run);
    for (const viewer of this.#viewers) viewer.begin(run, []);
    this.#gate.changed();
  }

  onChunk(chunk: Chunk): void {
    this.#lastChunkAtMs = this.#clock.monotonicMs();
    this.#held.add(chunk);
    this.#meter.add(chunk);
    this.#hls?.onChunk(chunk);
    if (this.#viewers.size === 0) return;
    const bps = this.bps.peak ?? USUAL_BPS;
    for (const viewer of this.#viewers) viewer.send(chunk, bps);
    this.#forgetClosed();
  }

  /** The run in progress, or the last one while the camera is away for a moment. Throws `camera-offline` or `unsupported-codec`. */
  async run(waitSec = START_DEADLINE_SEC): Promise<LiveRun> {
    this.#usedAtMs = this.#clock.monotonicMs();
    const run = await this.#gate.until(() => {
      if (this.#failure && this.#isStale()) throw liveFailure(this.#failure, this.#clock.now());
      return this.#run ?? undefined;
    }, waitSec * 1000);
    if (!run) throw noPictureInTime(waitSec);
    return run;
  }

  /** The media playlist. Throws `camera-offline`, `unsupported-codec` or `bad-request`. */
  async playlist(query: PlaylistQuery, reports: () => readonly RenditionReport[]): Promise<string> {
    const run = await this.run();
    this.#touchHls();
    const hls = (this.#hls ??= this.#startHls(run));
    const text = await hls.playlist(query, reports, START_DEADLINE_SEC * 1000);
    this.#touchHls();
    if (text !== undefined) return text;
    if (this.#failure) throw liveFailure(this.#failure, this.#clock.now());
    throw noPictureInTime(START_DEADLINE_SEC);
  }

  async file(name: string): Promise<LiveFile | undefined> {
    this.#touchHls();
    return this.#hls?.file(name);
  }

  /** Where its HLS stands, if any player asks for it now. */
  report(uri: string): RenditionReport | undefined {
    return this.#hls?.report(uri);
  }

  /** Sends the stream to a viewer, from the key frame held on; returns what the owner of the socket must call when it closes. */
  attach(viewer: LiveViewer): () => void {
    const output = new WsOutput(this.#clock, viewer);
    const failure = this.#isStale() ? this.#failure : null;
    if (failure) {
      output.close(closeCodes.unavailable, failure.message);
      return () => undefined;
    }
    this.#viewers.add(output);
    if (this.#run) output.begin(this.#run, this.#held.chunks);
    if (this.#failure && output.started) output.offline(this.#failure);
    const cancel = this.#clock.after(START_DEADLINE_SEC * 1000, () => {
      if (output.started) return;
      output.close(closeCodes.unavailable, noPictureInTime(START_DEADLINE_SEC).message);
      this.#forgetClosed();
    });
    return () => {
      cancel();
      output.drop();
      this.#forgetClosed();
    };
  }

  /** Frames a second as measured, else as the stream's parameter sets tell. */
  get fps(): number | null {
    return this.#meter.fps ?? this.#run?.tracks.video.fps ?? null;
  }

  /** Bits a second, measured; null before the first whole GOP. */
  get bps(): { average: number | null; peak: number | null } {
    return { average: this.#meter.averageBps, peak: this.#meter.peakBps };
  }

  /** The run in progress or the last one; null before the first. */
  get currentRun(): LiveRun | null {
    return this.#run;
  }

  get wsViewers(): number {
    return this.#viewers.size;
  }

  /** EXT-X-TARGETDURATION of its list; undefined while no player asks for one. */
  get targetDurationSec(): number | undefined {
    return this.#hls?.targetDurationSec;
  }

  /** From where a later list of this rendition must count discontinuities on. */
  get nextDiscontinuity(): number {
    return this.#hls?.nextDiscontinuity ?? this.#discontinuitySequence;
  }

  get hasHls(): boolean {
    return this.#hls !== null;
  }

  /** False while it is only kept for viewers who may come back. */
  get inUse(): boolean {
    return this.#viewers.size > 0 || this.#hls !== null || this.#gate.waiting > 0;
  }

  /** Ends the HLS side when no player has asked lately; true when nobody at all needs this packager any longer. */
  sweep(): boolean {
    const nowMs = this.#clock.monotonicMs();
    const idleMs = Math.max(LEAST_IDLE_MS, (this.#hls?.targetDurationSec ?? 0) * IDLE_IN_TARGETS * 1000);
    if (this.#hls && this.#hls.waiting === 0 && nowMs - this.#hlsUsedAtMs >= idleMs) {
      this.#endHls();
    }
    if (this.#viewers.size > 0) this.#usedAtMs = nowMs;
    return !this.inUse && nowMs - this.#usedAtMs >= LEAST_IDLE_MS;
  }

  #startHls(run: LiveRun): HlsOutput {
    const { clock, segmentSec, segments, targetDurationSec } = this.#options;
    const held = this.#held.chunks;
    const heldTicks = held.reduce(
      (sum, { kind, durationTicks }) => sum + (kind === 'video' ? durationTicks : 0),
      0,
    );
    return new HlsOutput({
      clock,
      firstMsn: this.#numbers.next(),
      segmentSec,
      segments,
      targetDurationSec: targetDurationSec(heldTicks / 90_000),
      gopSec: this.#options.gopSec(),
      discontinuitySequence: this.#discontinuitySequence,
      run,
      held,
    });
  }

  #endHls(): void {
    this.#discontinuitySequence = this.nextDiscontinuity;
    this.#hls?.close();
    this.#hls = null;
  }

  /** True when what there is to show is too old to be called live. */
  #isStale(): boolean {
    if (!this.#run) return true;
    const staleMs = (this.#hls?.targetDurationSec ?? this.#options.segmentSec) * STALE_IN_TARGETS * 1000;
    return this.#clock.monotonicMs() - this.#lastChunkAtMs > staleMs;
  }

  #touchHls(): void {
    this.#usedAtMs = this.#clock.monotonicMs();
    this.#hlsUsedAtMs = this.#usedAtMs;
  }

  #forgetClosed(): void {
    for (const viewer of this.#viewers) if (viewer.closed) this.#viewers.delete(viewer);
  }
}
