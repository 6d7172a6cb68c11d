import type { PictureQuality } from '../contract/snapshot.ts';
import type { FeedFailureCode } from '../ingest/feeds.ts';
import type { Sample, VideoTrack } from '../ingest/media.ts';
import type { PictureFacts } from './quality/picture-facts.ts';

/** Turns one key frame into a JPEG; throws `ffmpeg-failed`, with `details.damaged` for a broken frame. */
export interface PictureDecoder {
  decode(keyFrame: {
    track: VideoTrack;
    sample: Sample;
  }): Promise<{ jpeg: Buffer; width: number; height: number }>;
}

/** Fetches a camera's own still picture; null for a camera that has none. */
export interface CameraStills {
  fetch(cameraId: string, signal?: AbortSignal): Promise<Still | null>;
}

export type Still = { ok: true; jpeg: Buffer } | { ok: false; reason: FeedFailureCode; message: string };

/** A picture ready to be recorded. */
export interface CapturedPicture {
  jpeg: Buffer;
  width: number;
  height: number;
  /** When the frame's last packet arrived, by the gateway's own clock: a camera's clock proves nothing. */
  takenAtMs: number;
  source: 'keyframe' | 'onvif';
  quality: PictureQuality;
  /** What later pictures are compared with. */
  facts: PictureFacts;
  /** WebP, 320 wide. */
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
