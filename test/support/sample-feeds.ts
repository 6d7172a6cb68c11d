import type { Unsubscribe } from '../../gateway/base/emitter.ts';
import type { ProfileName } from '../../gateway/contract/camera.ts';
import type { FeedFailure, FeedListener, Feeds, FeedStatus } from '../../gateway/ingest/feeds.ts';
import type { Sample, StreamTracks } from '../../gateway/ingest/media.ts';

interface Feed {
  listeners: Set<FeedListener>;
  tracks: StreamTracks | null;
  held: Sample[];
  failure: FeedFailure | null;
}

/** Feeds that the test fills by hand: the tracks and the GOP held go to each new subscriber, as ingest promises. */
export class SampleFeeds implements Feeds {
  /** Each subscription that was made, as `camera/profile`. */
  readonly subscriptions: string[] = [];
  readonly #feeds = new Map<string, Feed>();
  readonly #watchers = new Set<(status: FeedStatus) => void>();

  subscribe(cameraId: string, profile: ProfileName, listener: FeedListener): Unsubscribe {
    const feed = this.#feed(cameraId, profile);
    this.subscriptions.push(`${cameraId}/${profile}`);
    feed.listeners.add(listener);
    if (feed.tracks) listener.onTracks(feed.tracks);
    for (const sample of feed.held) listener.onSample(sample);
    return () => feed.listeners.delete(listener);
  }

  status(cameraId: string, profile: ProfileName): FeedStatus {
    const feed = this.#feed(cameraId, profile);
    return {
      cameraId,
      profile,
      state: feed.failure ? 'waiting' : feed.tracks ? 'running' : 'idle',
      failure: feed.failure,
      tracks: feed.tracks,
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
      subscribers: feed.listeners.size,
    };
  }

  onStatus(listener: (status: FeedStatus) => void): Unsubscribe {
    this.#watchers.add(listener);
    return () => this.#watchers.delete(listener);
  }

  tracks(cameraId: string, profile: ProfileName, tracks: StreamTracks): void {
    const feed = this.#feed(cameraId, profile);
    Object.assign(feed, { tracks, held: [], failure: null });
    for (const listener of feed.listeners) listener.onTracks(tracks);
    for (const watcher of this.#watchers) watcher(this.status(cameraId, profile));
  }

  sample(cameraId: string, profile: ProfileName, sample: Sample): void {
    const feed = this.#feed(cameraId, profile);
    if (sample.kind === 'video' && sample.key) feed.held = [];
    feed.held.push(sample);
    for (const listener of feed.listeners) listener.onSample(sample);
  }

  fail(cameraId: string, profile: ProfileName, failure: FeedFailure): void {
    const feed = this.#feed(cameraId, profile);
    feed.failure = failure;
    for (const listener of feed.listeners) listener.onFailure?.(failure);
  }

  #feed(cameraId: string, profile: ProfileName): Feed {
    const key = `${cameraId}/${profile}`;
    const feed = this.#feeds.get(key) ?? { listeners: new Set(), tracks: null, held: [], failure: null };
    this.#feeds.set(key, feed);
    return feed;
  }
}
