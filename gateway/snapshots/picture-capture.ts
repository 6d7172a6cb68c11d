import type { Clock } from '../base/clock.ts';
import { isGatewayError } from '../base/gateway-error.ts';
import type { PictureQuality } from '../contract/snapshot.ts';
import type { FeedFailureCode, Feeds } from '../ingest/feeds.ts';
import type { Sample, VideoTrack } from '../ingest/media.ts';
import { grabKeyFrame } from './key-frame-grab.ts';
import type { KeyFrameGrab } from './key-frame-grab.ts';
import { measurePicture } from './picture-measure.ts';
import { storedRenditions } from './picture-renditions.ts';

/** Turns one key frame into a JPEG; throws `ffmpeg-failed`, with `details.damaged` for a broken frame. */
export interface PictureDecoder {
  decode(keyFrame: {
    track: VideoTrack;
    sample: Sample;
  }): Promise<{ jpeg: Buffer; width: number; height: number }>;
}

/** A picture ready to be recorded. */
export interface CapturedPicture {
  jpeg: Buffer;
  width: number;
  height: number;
  /** When the frame's last packet arrived, by the gateway's own clock: a camera's clock proves nothing. */
  takenAtMs: number;
  source: 'keyframe' | 'onvif';
  quality: PictureQuality;
  large: Buffer;
  thumb: Buffer;
}

/** Why no picture was taken; beside the feed's codes: frames came, but all were damaged, or decoding itself failed. */
export type CaptureFailureReason =
  | FeedFailureCode
  | 'aborted'
  | 'damaged'
  | 'ffmpeg-missing'
  | 'ffmpeg-failed';

export type Capture =
  | { ok: true; picture: CapturedPicture }
  | { ok: false; reason: CaptureFailureReason; message: string };

/** One wish for a picture of a camera's main profile. */
export interface CaptureWish {
  cameraId: string;
  notBeforeMs: number;
  timeoutMs: number;
  signal?: AbortSignal;
}

/** Takes pictures from key frames of the running stream, or of a short pull where nothing runs; lives as long as the gateway. */
export class PictureCapture {
  readonly #clock: Clock;
  readonly #feeds: Feeds;
  readonly #decoder: PictureDecoder;

  constructor(options: { clock: Clock; feeds: Feeds; decoder: PictureDecoder }) {
    this.#clock = options.clock;
    this.#feeds = options.feeds;
    this.#decoder = options.decoder;
  }

  /** Waits for a fresh key frame; a damaged one is thrown away and the next one taken, as long as time allows. */
  async take(wish: CaptureWish): Promise<Capture> {
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

  async #develop(grab: KeyFrameGrab & { ok: true }): Promise<Capture> {
    try {
      const { jpeg, width, height } = await this.#decoder.decode(grab);
      const { quality, damaged } = await measurePicture(jpeg);
      if (damaged)
        return { ok: false, reason: 'damaged', message: 'parts of the picture are missing in the stream' };
      const stored = await storedRenditions(jpeg);
      const takenAtMs = grab.sample.receivedAtMs;
      return {
        ok: true,
        picture: { jpeg, width, height, takenAtMs, source: 'keyframe', quality, ...stored },
      };
    } catch (error) {
      return failureOf(error);
    }
  }
}

function failureOf(error: unknown): Capture {
  if (!isGatewayError(error)) throw error;
  const { code, message, details } = error;
  if (code === 'shutting-down') return { ok: false, reason: 'aborted', message };
  if (code === 'ffmpeg-missing') return { ok: false, reason: code, message };
  if (code === 'ffmpeg-failed')
    return { ok: false, reason: details['damaged'] === true ? 'damaged' : code, message };
  throw error;
}
