import type { Blobs } from '../base/blobs.ts';
import type { Clock } from '../base/clock.ts';
import type { Unsubscribe } from '../base/emitter.ts';
import { isGatewayError, messageOf } from '../base/gateway-error.ts';
import type { Logger } from '../base/logger.ts';
import type { ProfileName } from '../contract/camera.ts';
import type { Feeds } from '../ingest/feeds.ts';
import { ByteCache } from './byte-cache.ts';
import { grabKeyFrame } from './key-frame-grab.ts';
import type { KeyFrameGrab } from './key-frame-grab.ts';
import type { PictureDecoder } from './capture.ts';
import { posterJpeg } from './picture-renditions.ts';
import type { SnapshotStore } from './snapshot-store.ts';

/** A picture to show before the live one plays, with its time. */
export interface Poster {
  jpeg: Buffer;
  takenAtMs: number;
}

const FRESH_MS = 10_000;
const FIRST_FRAME_MS = 15_000;
const WIDTH = 1280;
const CACHE_BYTES = 32 * 1024 * 1024;

/** The newest picture of each camera: its last snapshot, or the last key frame of a stream that runs anyway. */
export class PosterShelf {
  readonly #options: {
    clock: Clock;
    logger: Logger;
    feeds: Feeds;
    decoder: PictureDecoder;
    blobs: Blobs;
    store: SnapshotStore;
  };
  readonly #jpegs = new ByteCache(CACHE_BYTES);
  /** When the frame behind the camera's `live` entry arrived. */
  readonly #frameTimes = new Map<string, number>();
  readonly #running = new Map<string, Promise<Poster | undefined>>();
  readonly #stopping = new AbortController();
  #endWatch: Unsubscribe | undefined;

  constructor(options: {
    clock: Clock;
    logger: Logger;
    feeds: Feeds;
    decoder: PictureDecoder;
    blobs: Blobs;
    store: SnapshotStore;
  }) {
    this.#options = options;
  }

  /** Never contacts an idle camera; simultaneous wishes for one camera share the work. */
  poster(cameraId: string): Promise<Poster | undefined> {
    const running = this.#running.get(cameraId);
    if (running) return running;
    const finding = this.#find(cameraId).finally(() => this.#running.delete(cameraId));
    this.#running.set(cameraId, finding);
    return finding;
  }

  /**
   * A camera without any picture has one from the first time its stream runs, whoever wanted it, so that the list of
   * cameras is never blank.
   */
  start(): void {
    this.#endWatch = this.#options.feeds.onStatus(({ cameraId, profile, state }) => {
      if (state !== 'running' || this.#frameTimes.has(cameraId) || this.#running.has(cameraId)) return;
      // At once: the stream may be wanted for this one frame only.
      const grab = this.#grab(cameraId, profile, 0, FIRST_FRAME_MS);
      const work = this.#keepFirst(cameraId, grab).finally(() => this.#running.delete(cameraId));
      this.#running.set(cameraId, work);
    });
  }

  /** Ends when no picture is being made any more. */
  async stop(): Promise<void> {
    this.#endWatch?.();
    this.#stopping.abort();
    await Promise.allSettled(this.#running.values());
  }

  forget(cameraId: string): void {
    this.#frameTimes.delete(cameraId);
    this.#jpegs.delete(`live ${cameraId}`);
  }

  async #find(cameraId: string): Promise<Poster | undefined> {
    const snapshot = await this.#options.store.latest(cameraId);
    const snapshotMs = snapshot?.taken_at_ms ?? -Infinity;
    const newestMs = Math.max(snapshotMs, this.#frameTimes.get(cameraId) ?? -Infinity);
    if (this.#options.clock.now() - newestMs > FRESH_MS) await this.#decodeHeldFrame(cameraId, newestMs);
    const frameMs = this.#frameTimes.get(cameraId) ?? -Infinity;
    const live = this.#jpegs.get(`live ${cameraId}`);
    if (live && frameMs >= snapshotMs) return { jpeg: live, takenAtMs: frameMs };
    if (!snapshot) return undefined;
    const jpeg = await this.#snapshotJpeg(snapshot.id, snapshot.blob_key);
    return jpeg && { jpeg, takenAtMs: snapshot.taken_at_ms };
  }

  /** Takes the key frame that a running stream holds: nothing is pulled for a poster. */
  async #decodeHeldFrame(cameraId: string, newerThanMs: number): Promise<void> {
    const profile = (['sub', 'main'] as const).find((name) => this.#runs(cameraId, name));
    if (!profile) return;
    await this.#shelve(cameraId, await this.#grab(cameraId, profile, Math.max(0, newerThanMs + 1), 0));
  }

  async #keepFirst(cameraId: string, grab: Promise<KeyFrameGrab>): Promise<Poster | undefined> {
    try {
      const frame = await grab;
      if ((await this.#options.store.latest(cameraId)) === undefined) await this.#shelve(cameraId, frame);
      return await this.#find(cameraId);
    } catch (error) {
      this.#options.logger.warn(
        { cameraId, error: messageOf(error) },
        'the first picture of a camera was not kept',
      );
      return undefined;
    }
  }

  #grab(
    cameraId: string,
    profile: ProfileName,
    notBeforeMs: number,
    timeoutMs: number,
  ): Promise<KeyFrameGrab> {
    const { clock, feeds } = this.#options;
    return grabKeyFrame({
      clock,
      feeds,
      cameraId,
      profile,
      notBeforeMs,
      timeoutMs,
      signal: this.#stopping.signal,
    });
  }

  async #shelve(cameraId: string, grab: KeyFrameGrab): Promise<void> {
    const { decoder, logger } = this.#options;
    if (!grab.ok) return;
    try {
      const { jpeg } = await decoder.decode(grab);
      this.#jpegs.set(`live ${cameraId}`, await posterJpeg(jpeg, WIDTH));
      this.#frameTimes.set(cameraId, grab.sample.receivedAtMs);
    } catch (error) {
      // An older picture with its age is a better answer than an error.
      if (!isGatewayError(error)) throw error;
      logger.debug({ cameraId, error: messageOf(error) }, 'no poster from the running stream');
    }
  }

  #runs(cameraId: string, profile: ProfileName): boolean {
    return this.#options.feeds.status(cameraId, profile).state === 'running';
  }

  async #snapshotJpeg(id: string, blobKey: string): Promise<Buffer | undefined> {
    const known = this.#jpegs.get(id);
    if (known) return known;
    const original = await this.#options.blobs.get(blobKey);
    if (!original) return undefined;
    const jpeg = await posterJpeg(original, WIDTH);
    this.#jpegs.set(id, jpeg);
    return jpeg;
  }
}
