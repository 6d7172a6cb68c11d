import type { StreamInfo } from '../contract/camera.ts';
import type { FeedStatus } from './feeds.ts';

/** What one stream of a camera is: what arrives, else what the camera told at registration; null when neither is known. */
export function streamInfoOf({ tracks, measures }: FeedStatus, told: StreamInfo | null): StreamInfo | null {
  if (!tracks) return told;
  const { video, audio, otherSound } = tracks;
  return {
    codec: video.codec,
    profile: video.profile,
    width: video.width,
    height: video.height,
    fps: firstKnown(video.fps, measures.fps, told?.fps),
    bitrateKbps: firstKnown(measures.bitrateKbps, told?.bitrateKbps),
    gopSec: firstKnown(measures.gopSec, told?.gopSec),
    audio: audio?.codec ?? otherSound?.codec ?? null,
  };
}

function firstKnown(...values: (number | null | undefined)[]): number | null {
  return values.find((value) => value !== null && value !== undefined) ?? null;
}
