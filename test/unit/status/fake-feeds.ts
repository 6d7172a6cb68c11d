import { Emitter } from '../../../gateway/base/emitter.ts';
import type { Unsubscribe } from '../../../gateway/base/emitter.ts';
import type { ProfileName } from '../../../gateway/contract/camera.ts';
import type {
  FeedFailure,
  FeedFailureCode,
  FeedListener,
  FeedStatus,
  Feeds,
} from '../../../gateway/ingest/feeds.ts';
import type { Sample, StreamTracks } from '../../../gateway/ingest/media.ts';

const tracks: StreamTracks = {
  epoch: 1,
  audio: null,
  video: {
    kind: 'video',
    codec: 'h264',
    timescale: 90000,
    codecString: 'avc1.64001f',
    profile: 'High',
    width: 1280,
    height: 720,
    sar: { width: 1, height: 1 },
    fps: 25,
    parameterSets: { vps: [], sps: [], pps: [] },
  },
};

/** What comes of a stream in a second. */
export interface Flow {
  frames: number;
  packets: number;
  lost?: number;
  /** What its sender reports say of the camera's clock. */
  aheadMs?: number | null;
}

/** The stage before this one, played by the test: streams that do what the test says. */
export class FakeFeeds implements Feeds {
  readonly #news = new Emitter<FeedStatus>((error) => {
    throw error;
  });
  readonly #listeners = new Map<string, Set<FeedListener>>();
  readonly #statuses = new Map<string, FeedStatus>();
  /** `camera/profile` of each subscription, in order. */
  readonly asked: string[] = [];

  subscribe(
    cameraId: string,
    profile: ProfileName,
    listener: FeedListener,
    _options?: { lingerMs?: number },
  ): Unsubscribe {
    const key = `${cameraId}/${profile}`;
    this.asked.push(key);
    const listeners = this.#listeners.get(key) ?? new Set();
    this.#listeners.set(key, listeners);
    listeners.add(listener);
    if (listeners.size === 1) this.#change(cameraId, profile, { state: 'connecting', subscribers: 1 });
    return () => {
      if (!listeners.delete(listener) || listeners.size > 0) return;
      this.#change(cameraId, profile, { state: 'idle', subscribers: 0 });
    };
  }

  status(cameraId: string, profile: ProfileName): FeedStatus {
    return (
      this.#statuses.get(`${cameraId}/${profile}`) ?? {
        cameraId,
        profile,
        state: 'idle',
        failure: null,
        tracks: null,
        measures: {
          fps: null,
          expectedFps: null,
          bitrateKbps: null,
          gopSec: null,
          lastFrameAtMs: null,
          rtpLost: 0,
          reconnects: 0,
          rttMs: null,
          bytesReceived: 0,
          framesReceived: 0,
          packetsReceived: 0,
          jitterMs: null,
          cameraAheadMs: null,
        },
        subscribers: 0,
      }
    );
  }

  onStatus(listener: (status: FeedStatus) => void): Unsubscribe {
    return this.#news.subscribe(listener);
  }

  subscribers(cameraId: string, profile: ProfileName): number {
    return this.#listeners.get(`${cameraId}/${profile}`)?.size ?? 0;
  }

  /** The stream runs and a key frame arrives. */
  runs(cameraId: string, profile: ProfileName, nowMs: number, fps = 25): void {
    const { measures } = this.status(cameraId, profile);
    this.#change(cameraId, profile, {
      state: 'running',
      failure: null,
      tracks,
      measures: { ...measures, fps, lastFrameAtMs: nowMs, rttMs: 4, bytesReceived: 50_000 },
    });
    const sample: Sample = {
      kind: 'video',
      data: Buffer.alloc(10),
      dts: 0,
      pts: 0,
      key: true,
      capturedAtMs: nowMs,
      receivedAtMs: nowMs,
      epoch: 1,
    };
    this.sample(cameraId, profile, sample);
  }

  /** A second of a running stream goes by: frames and packets that came, and packets that did not. */
  flows(cameraId: string, profile: ProfileName, { frames, packets, lost = 0, aheadMs = null }: Flow): void {
    const status = this.status(cameraId, profile);
    if (status.state !== 'running') return;
    const { measures } = status;
    this.#statuses.set(`${cameraId}/${profile}`, {
      ...status,
      measures: {
        ...measures,
        framesReceived: measures.framesReceived + frames,
        packetsReceived: measures.packetsReceived + packets,
        rtpLost: measures.rtpLost + lost,
        bytesReceived: measures.bytesReceived + packets * 1200,
        expectedFps: 25,
        cameraAheadMs: aheadMs,
      },
    });
  }

  /** A frame arrives. */
  sample(cameraId: string, profile: ProfileName, sample: Sample): void {
    for (const listener of this.#listeners.get(`${cameraId}/${profile}`) ?? []) listener.onSample(sample);
  }

  /** A try fails: connecting, then waiting. */
  fails(
    cameraId: string,
    profile: ProfileName,
    code: FeedFailureCode,
    retryAtMs: number | null = null,
  ): void {
    const failure: FeedFailure = { code, message: `it is ${code}`, sinceMs: 0, retryAtMs };
    this.#change(cameraId, profile, { state: 'connecting' });
    this.#change(cameraId, profile, { state: 'waiting', failure });
    for (const listener of this.#listeners.get(`${cameraId}/${profile}`) ?? []) listener.onFailure?.(failure);
  }

  #change(cameraId: string, profile: ProfileName, change: Partial<FeedStatus>): void {
    const status = { ...this.status(cameraId, profile), ...change };
    this.#statuses.set(`${cameraId}/${profile}`, status);
    this.#news.emit(status);
  }
}
