import { GatewayError } from '../../base/gateway-error.ts';
import { readOtherSound } from '../codec/other-sound.ts';
import type { SdpDescription, SdpFormat, SdpMedia } from './sdp.ts';

/** One stream of the camera that is worth setting up. */
export interface TrackPlan {
  control: string | null;
  format: SdpFormat;
  /** Payload types of the media line’s other formats: their packets are not ours. */
  otherPayloadTypes: number[];
  framerate: number | null;
  /** Picture size that the description tells; null when it does not. */
  dimensions: { width: number; height: number } | null;
}

/** The streams chosen from a description: one of video, one of sound or none. */
export interface SessionPlan {
  video: TrackPlan;
  audio: TrackPlan | null;
}

const VIDEO = new Set(['H264', 'H265', 'HEVC', 'JPEG']);
const NAMES: Readonly<Record<string, string>> = {
  'MP4V-ES': 'MPEG-4 part 2',
  MPV: 'MPEG-1/2',
};

/** Picks what the gateway hands on; throws `unsupported-codec` naming what the camera sends, or `camera-protocol-error`. */
export function planTracks(description: SdpDescription): SessionPlan {
  const videos = description.media.filter(({ type }) => type === 'video');
  const video = firstPlan(videos, (format) => VIDEO.has(format.encoding) && format.clockRate === 90000);
  if (!video) throw noVideo(videos);
  const isBackChannel = ({ sendOnly }: SdpMedia): boolean =>
    sendOnly && videos.some((media) => !media.sendOnly);
  const sound = description.media.filter((media) => media.type === 'audio' && !isBackChannel(media));
  return { video, audio: firstPlan(sound, isAac) ?? firstPlan(sound, isOtherSound) ?? null };
}

function firstPlan(media: readonly SdpMedia[], fits: (format: SdpFormat) => boolean): TrackPlan | undefined {
  for (const { control, framerate, dimensions, formats } of media) {
    const format = formats.find(fits);
    if (!format) continue;
    const otherPayloadTypes = formats.filter((other) => other !== format).map((other) => other.payloadType);
    return { control, framerate, dimensions, format, otherPayloadTypes };
  }
  return undefined;
}

function isOtherSound(format: SdpFormat): boolean {
  return readOtherSound(format) !== undefined;
}

function isAac({ encoding, parameters }: SdpFormat): boolean {
  if (!parameters.has('config')) return false;
  // RFC 6416 section 7.3: without cpresent=0 the configuration comes in the stream too.
  if (encoding === 'MP4A-LATM') return parameters.get('cpresent') === '0';
  return encoding === 'MPEG4-GENERIC' && (parameters.get('mode') ?? '').toLowerCase().startsWith('aac');
}

function noVideo(videos: readonly SdpMedia[]): GatewayError {
  const encoding = videos.flatMap(({ formats }) => formats)[0]?.encoding;
  if (encoding === undefined) {
    return new GatewayError('camera-protocol-error', 'the camera’s description of the stream has no video');
  }
  const name = NAMES[encoding] ?? encoding;
  return new GatewayError(
    'unsupported-codec',
    `the camera sends ${name}; set its video encoding to H.264 or H.265`,
    { details: { codec: name } },
  );
}
