import type { Clock } from '../base/clock.ts';
import type { FeedFailure, FeedFailureCode, Feeds } from '../ingest/feeds.ts';
import type { Sample, StreamTracks, VideoTrack } from '../ingest/media.ts';
import type { ProfileName } from '../contract/camera.ts';

/** Which key frame is wanted, and for how long to wait. */
export interface KeyFrameWish {
  clock: Clock;
  feeds: Feeds;
  cameraId: string;
  profile: ProfileName;
  /** The frame's last packet must have arrived at this time or later: an older one in the held GOP does not count. */
  notBeforeMs: number;
  timeoutMs: number;
  signal?: AbortSignal;
  /** The first failure ends the wait; else only those that waiting does not mend. */
  failFast?: boolean;
  /** The stream is open; frames come next. */
  onOpen?: () => void;
}

/** A frame, or why there was none. */
export type KeyFrameGrab =
  | { ok: true; track: VideoTrack; sample: Sample }
  | { ok: false; reason: FeedFailureCode | 'aborted'; message: string };

/** Waiting longer does not help: the camera answered, and the answer stays the same for now. */
const FINAL: ReadonlySet<FeedFailureCode> = new Set(['auth-failed', 'auth-paused', 'unsupported-codec']);

/** Subscribes until the first key frame that is fresh enough, and leaves the stream at once. */
export function grabKeyFrame(wish: KeyFrameWish): Promise<KeyFrameGrab> {
  return new Promise((resolve) => {
    let tracks: StreamTracks | undefined;
    let failure: FeedFailure | undefined;
    let unsubscribe: (() => void) | undefined;
    let settled = false;
    const cancelTimer = wish.clock.after(wish.timeoutMs, () => finish(lateGrab(wish, failure)));
    const onAbort = (): void => finish({ ok: false, reason: 'aborted', message: 'the gateway is stopping' });
    wish.signal?.addEventListener('abort', onAbort, { once: true });
    function finish(grab: KeyFrameGrab): void {
      if (settled) return;
      settled = true;
      cancelTimer();
      wish.signal?.removeEventListener('abort', onAbort);
      unsubscribe?.();
      resolve(grab);
    }
    const listener = {
      onTracks(next: StreamTracks): void {
        tracks = next;
        wish.onOpen?.();
      },
      onSample(sample: Sample): void {
        if (sample.kind !== 'video' || !sample.key || sample.receivedAtMs < wish.notBeforeMs) return;
        if (tracks?.epoch === sample.epoch) finish({ ok: true, track: tracks.video, sample });
      },
      onFailure(next: FeedFailure): void {
        failure = next;
        if (wish.failFast === true || FINAL.has(next.code))
          finish({ ok: false, reason: next.code, message: next.message });
      },
    };
    if (wish.signal?.aborted) return onAbort();
    unsubscribe = wish.feeds.subscribe(wish.cameraId, wish.profile, listener, { lingerMs: 0 });
    if (settled) unsubscribe();
  });
}

function lateGrab(wish: KeyFrameWish, heard: FeedFailure | undefined): KeyFrameGrab {
  const failure = heard ?? wish.feeds.status(wish.cameraId, wish.profile).failure;
  if (failure) return { ok: false, reason: failure.code, message: failure.message };
  const message = `no key frame came within ${Math.round(wish.timeoutMs / 1000)} s; shorten the camera’s key frame interval or raise snapshots.captureTimeoutSec`;
  return { ok: false, reason: 'no-frames', message };
}
