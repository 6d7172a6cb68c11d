import type { Clock } from '../base/clock.ts';
import { isGatewayError } from '../base/gateway-error.ts';
import type { Feeds } from '../ingest/feeds.ts';
import type { VideoTrack } from '../ingest/media.ts';
import type { CameraStills, Capture, CaptureFailureReason, CaptureWish, PictureDecoder } from './capture.ts';
import { grabKeyFrame } from './key-frame-grab.ts';
import type { KeyFrameGrab } from './key-frame-grab.ts';
import { measureCopy, measurePicture, measuringCopy } from './picture-measure.ts';
import { storedThumb } from './picture-renditions.ts';
import type { PictureFacts } from './quality/picture-facts.ts';
import { StillCapture } from './still-capture.ts';

const STREAM_SHARE = 0.7;
const GREY_SHARE = 0.05;
const SAME_GREY = 0.01;

/** Takes pictures from key frames of the running stream, or of a short pull where nothing runs; lives as long as the gateway. */
export class PictureCapture {
  readonly #clock: Clock;
  readonly #feeds: Feeds;
  readonly #decoder: PictureDecoder;
  readonly #stills: StillCapture | undefined;
  /** Share of flat grey in the last picture of a stream. */
  readonly #greyBefore = new WeakMap<VideoTrack, number>();

  constructor(options: { clock: Clock; feeds: Feeds; decoder: PictureDecoder; stills?: CameraStills }) {
    this.#clock = options.clock;
    this.#feeds = options.feeds;
    this.#decoder = options.decoder;
    this.#stills = options.stills && new StillCapture({ ...options, stills: options.stills });
  }

  /** From the stream; where that gives no picture, the camera's own still, if it has one. */
  async take(wish: CaptureWish): Promise<Capture> {
    // The still is to come within the same time: a third of it is left for it.
    const share = this.#stills ? STREAM_SHARE : 1;
    const fromStream = await this.#fromStream({ ...wish, timeoutMs: wish.timeoutMs * share });
    if (fromStream.ok || !this.#stills || !STILL_HELPS.has(fromStream.reason)) return fromStream;
    const still = await this.#stills.take(wish);
    // Why the stream failed is what a technician must hear.
    return still?.ok ? still : fromStream;
  }

  /** Measures the next key frame and keeps nothing of it; undefined when none comes in time. */
  async look(wish: CaptureWish): Promise<PictureFacts | undefined> {
    const grab = await grabKeyFrame({ ...wish, clock: this.#clock, feeds: this.#feeds, profile: 'main' });
    if (!grab.ok) return undefined;
    try {
      const { jpeg } = await this.#decoder.decode(grab);
      return (await measurePicture(jpeg)).facts;
    } catch (error) {
      if (isGatewayError(error)) return undefined;
      throw error;
    }
  }

  /** Waits for a fresh key frame; a damaged one is thrown away and the next one taken, as long as time allows. */
  async #fromStream(wish: CaptureWish): Promise<Capture> {
    const endMs = this.#clock.monotonicMs() + wish.timeoutMs;
    let { notBeforeMs } = wish;
    let damaged: Capture | undefined;
    for (;;) {
      const timeoutMs = endMs - this.#clock.monotonicMs();
      if (damaged && timeoutMs <= 0) return damaged;
      const grab = await grabKeyFrame({
        ...wish,
        clock: this.#clock,
        feeds: this.#feeds,
        profile: 'main',
        notBeforeMs,
        timeoutMs,
      });
      if (!grab.ok) return damaged && grab.reason === 'no-frames' ? damaged : grab;
      const capture = await this.#develop(grab);
      if (capture.ok || capture.reason !== 'damaged') return capture;
      damaged = capture;
      notBeforeMs = grab.sample.receivedAtMs + 1;
    }
  }

  /**
   * A large flat grey area is what a decoder shows where it has no data; but some scenes have one (a privacy mask). Such
   * a picture is taken for damaged until the same area comes again.
   */
  #isNewGrey(track: VideoTrack, greyShare: number): boolean {
    if (greyShare < GREY_SHARE) {
      this.#greyBefore.delete(track);
      return false;
    }
    const before = this.#greyBefore.get(track);
    this.#greyBefore.set(track, greyShare);
    return before === undefined || Math.abs(before - greyShare) > SAME_GREY;
  }

  async #develop(grab: KeyFrameGrab & { ok: true }): Promise<Capture> {
    try {
      const { jpeg, width, height } = await this.#decoder.decode(grab);
      const copy = await measuringCopy(jpeg);
      const { quality, facts, damaged, greyShare } = await measureCopy(copy);
      if (damaged || this.#isNewGrey(grab.track, greyShare))
        return { ok: false, reason: 'damaged', message: 'parts of the picture are missing in the stream' };
      const thumb = await storedThumb(jpeg, width, copy);
      const takenAtMs = grab.sample.receivedAtMs;
      return {
        ok: true,
        picture: { jpeg, width, height, takenAtMs, source: 'keyframe', quality, facts, thumb },
      };
    } catch (error) {
      return failureOf(error);
    }
  }
}

/** Reasons that the camera's own still may get round; a refused password must not be tried again, in whatever way. */
const STILL_HELPS: ReadonlySet<CaptureFailureReason> = new Set([
  'unreachable',
  'no-frames',
  'rtsp-error',
  'unsupported-codec',
  'damaged',
  'ffmpeg-failed',
  'ffmpeg-missing',
]);

function failureOf(error: unknown): Capture {
  if (!isGatewayError(error)) throw error;
  const { code, message, details } = error;
  if (code === 'shutting-down') return { ok: false, reason: 'aborted', message };
  if (code === 'ffmpeg-missing') return { ok: false, reason: code, message };
  if (code === 'ffmpeg-failed')
    return { ok: false, reason: details['damaged'] === true ? 'damaged' : code, message };
  throw error;
}
