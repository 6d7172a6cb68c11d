import type { Unsubscribe } from '../base/emitter.ts';
import type { ProfileName } from '../contract/camera.ts';
import type { StreamState } from '../contract/health.ts';
import type { Sample, StreamTracks } from './media.ts';

/** Why a pull does not run; the names are the contract's reason codes. */
export type FeedFailureCode =
  | 'unreachable'
  | 'auth-failed'
  | 'auth-paused'
  | 'rtsp-error'
  | 'no-frames'
  | 'unsupported-codec';

export interface FeedFailure {
  code: FeedFailureCode;
  /** Plain sentence for a technician. */
  message: string;
  sinceMs: number;
  /** When the gateway tries again by itself; null while it tries just now and while nobody wants the stream. */
  retryAtMs: number | null;
}

/** Figures of the run in progress, or of the last one. */
export interface FeedMeasures {
  /** Measured over the last seconds; null before two frames came. */
  fps: number | null;
  expectedFps: number | null;
  bitrateKbps: number | null;
  gopSec: number | null;
  lastFrameAtMs: number | null;
  rtpLost: number;
  /** Runs that had handed on frames and were lost; tries that never came to a frame do not count. */
  reconnects: number;
  /** Time of the TCP connect, ms. */
  rttMs: number | null;
  bytesReceived: number;
  /** Frames handed on, since the start. */
  framesReceived: number;
  /** RTP packets that came, since the start. */
  packetsReceived: number;
  /** How unevenly the packets of the video come, ms (RFC 3550 appendix A.8). */
  jitterMs: number | null;
  /** Camera clock minus ours by its last sender report, ms; null where it told none. */
  cameraAheadMs: number | null;
}

/** How one profile of one camera stands now. */
export interface FeedStatus {
  cameraId: string;
  profile: ProfileName;
  state: StreamState;
  failure: FeedFailure | null;
  tracks: StreamTracks | null;
  measures: FeedMeasures;
  subscribers: number;
}

/** Receives a stream; calls come in order: onTracks, then samples starting at a key frame, onTracks again at each new epoch. */
export interface FeedListener {
  /** True for a listener that keeps no sample beyond the call without retaining its memory; the memory of others' samples is not used again. */
  readonly retainsMemory?: boolean;
  onTracks(tracks: StreamTracks): void;
  onSample(sample: Sample): void;
  /** The pull failed; it is tried again as long as the subscription lives. */
  onFailure?(failure: FeedFailure): void;
}

/** The streams of all cameras: one connection for each profile in use, however many subscribers. */
export interface Feeds {
  /**
   * Wants the stream from now on. When it runs already, the tracks and the samples since the last key frame are
   * delivered before this returns. The pull ends `ingest.idleTimeoutSec` after the last subscriber left
   * (`lingerMs` overrides that for this subscriber).
   */
  subscribe(
    cameraId: string,
    profile: ProfileName,
    listener: FeedListener,
    options?: { lingerMs?: number },
  ): Unsubscribe;
  status(cameraId: string, profile: ProfileName): FeedStatus;
  /** Called at each change of state, failure or tracks (not at each frame). */
  onStatus(listener: (status: FeedStatus) => void): Unsubscribe;
}
