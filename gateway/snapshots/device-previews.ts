import sharp from 'sharp';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logger.ts';
import type { NetworkGuard } from '../base/network-guard.ts';
import type { Credentials } from '../contract/discovery.ts';
import { ConcurrencyLimit } from '../discovery/concurrency-limit.ts';
import type { OnvifSnapshot } from '../discovery/onvif/snapshot-request.ts';
import type { PreviewSource } from '../discovery/preview-source.ts';
import type { KeyFrame } from '../ffmpeg/key-frame.ts';
import { StreamHub } from '../ingest/stream-hub.ts';
import { grabKeyFrame } from './key-frame-grab.ts';

export interface DevicePreviewsOptions {
  clock: Clock;
  logger: Logger;
  guard: NetworkGuard;
  searches: { preview(searchId: string, number: number): PreviewSource | undefined };
  onvif: {
    snapshot(
      uri: string,
      credentials: Credentials | null,
      options: { certificateSha256: string | null },
    ): Promise<OnvifSnapshot>;
  };
  decoder: { decode(keyFrame: KeyFrame): Promise<{ jpeg: Buffer }> };
}

const AT_ONCE = 4;
const KEPT_MS = 60_000;
const MOST_KEPT = 300;
const WIDTH = 480;
/** A key frame interval of ten seconds and the time to connect. */
const STREAM_TIMEOUT_MS = 15_000;
const CONNECT_TIMEOUT_SEC = 5;

/** Small pictures of what found devices see, before they are registered; each is kept for a minute. */
export class DevicePreviews {
  readonly #options: DevicePreviewsOptions;
  readonly #limit = new ConcurrencyLimit(AT_ONCE);
  readonly #kept = new Map<string, { atMs: number; picture: Promise<Buffer | null> }>();
  readonly #end = new AbortController();

  constructor(options: DevicePreviewsOptions) {
    this.#options = options;
  }

  /** A JPEG 480 wide; null when the device is not (or no longer) there or gives no picture. */
  preview(searchId: string, number: number): Promise<Buffer | null> {
    const { clock, searches } = this.#options;
    const source = searches.preview(searchId, number);
    if (!source) return Promise.resolve(null);
    const key = `${searchId} ${number}`;
    const kept = this.#kept.get(key);
    if (kept && kept.atMs + KEPT_MS > clock.monotonicMs()) return kept.picture;
    const picture = this.#limit.run(() => this.#take(source));
    this.#kept.delete(key);
    this.#kept.set(key, { atMs: clock.monotonicMs(), picture });
    const oldest = this.#kept.size > MOST_KEPT ? this.#kept.keys().next() : null;
    if (oldest && !oldest.done) this.#kept.delete(oldest.value);
    return picture;
  }

  stop(): void {
    this.#end.abort();
    this.#kept.clear();
  }

  async #take(source: PreviewSource): Promise<Buffer | null> {
    if (this.#end.signal.aborted) return null;
    try {
      const jpeg = (await this.#snapshot(source)) ?? (await this.#keyFrame(source));
      if (!jpeg) return null;
      return await sharp(jpeg).resize({ width: WIDTH, withoutEnlargement: true }).jpeg().toBuffer();
    } catch {
      // No FFmpeg, a damaged frame, a JPEG that is none: there is no picture, as with a camera that gives none.
      return null;
    }
  }

  async #snapshot({
    snapshotUri,
    credentials,
    certificateSha256,
  }: PreviewSource): Promise<Buffer | undefined> {
    if (snapshotUri === null) return undefined;
    const taken = await this.#options.onvif.snapshot(snapshotUri, credentials, { certificateSha256 });
    return taken.ok ? taken.jpeg : undefined;
  }

  /** One key frame of the smallest stream, over a pull of its own that ends with it. */
  async #keyFrame({ rtspUri, credentials }: PreviewSource): Promise<Buffer | undefined> {
    if (rtspUri === null) return undefined;
    const { clock, logger, guard, decoder } = this.#options;
    const { username = '', password = '' } = credentials ?? {};
    const source = { url: rtspUri, username, password, revision: 'preview' };
    const hub = new StreamHub({
      clock,
      logger,
      guard,
      sources: { streamSource: () => Promise.resolve(source) },
      idleTimeoutSec: 0,
      connectTimeoutSec: CONNECT_TIMEOUT_SEC,
      noFramesTimeoutSec: CONNECT_TIMEOUT_SEC * 2,
    });
    hub.start();
    try {
      const grab = await grabKeyFrame({
        clock,
        feeds: hub,
        cameraId: 'preview',
        profile: 'sub',
        notBeforeMs: 0,
        timeoutMs: STREAM_TIMEOUT_MS,
        signal: this.#end.signal,
        failFast: true,
      });
      return grab.ok ? (await decoder.decode(grab)).jpeg : undefined;
    } finally {
      await hub.stop();
    }
  }
}
