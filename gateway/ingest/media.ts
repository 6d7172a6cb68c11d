import type { MediaMemory } from './media-memory.ts';

/** Codecs of video that the gateway takes; browsers see MJPEG converted. */
export type VideoCodec = 'h264' | 'h265' | 'mjpeg';

/** What the stream says of its colours. */
export interface VideoColour {
  /** How Y′CbCr became of RGB; null when the stream does not name it or names none that cameras use. */
  matrix: 'bt601' | 'bt709' | 'bt2020' | null;
  /** True when black is 0 and white 255, false for 16 and 235. */
  fullRange: boolean;
}

/** A video track as the camera sends it; replaced whole when its parameter sets change. */
export interface VideoTrack {
  kind: 'video';
  codec: VideoCodec;
  /** RTP clock and fMP4 timescale, Hz. */
  timescale: 90000;
  /** RFC 6381 string, as in `avc1.64001f`, `hvc1.1.6.L93.B0` or `mp4v.6C`. */
  codecString: string;
  /** Human-readable profile, as in `High` or `Main 10`. */
  profile: string;
  /** Picture size in pixels after cropping. */
  width: number;
  height: number;
  /** Sample aspect ratio, 1:1 when absent. */
  sar: { width: number; height: number };
  /** Frames a second as the SPS or the SDP tells it; null when neither does. */
  fps: number | null;
  /** Absent when the stream does not tell. */
  colour?: VideoColour;
  /** Frames held back for B-frames; absent when the stream does not tell. */
  reorderDepth?: number;
  /** NAL units without start code or length; `vps` is empty for H.264, all are for MJPEG. */
  parameterSets: { vps: Uint8Array[]; sps: Uint8Array[]; pps: Uint8Array[] };
}

/** An AAC track (RFC 3640). */
export interface AudioTrack {
  kind: 'audio';
  codec: 'aac';
  /** Sampling rate, Hz; also RTP clock and fMP4 timescale. */
  timescale: number;
  codecString: string;
  channels: number;
  /** AudioSpecificConfig, ISO 14496-3. */
  config: Uint8Array;
  /** True when it never pauses or ends before the picture, so that nobody need wait to hear whether it comes. */
  assured?: true;
}

/** Sound that browsers do not play in fMP4, or not all of them: it is converted to AAC where someone watches. */
export interface OtherSoundTrack {
  kind: 'audio';
  codec: 'pcmu' | 'pcma' | 'g726' | 'l16' | 'opus';
  /** Sampling rate and RTP clock, Hz; 48000 for Opus (RFC 7587). */
  timescale: number;
  channels: number;
  /** G.726 alone: bits of a code word, and which of them stand first in an octet (RFC 3551 section 4.5.4). */
  g726?: { bits: 2 | 3 | 4 | 5; packing: 'rfc3551' | 'aal2' };
}

/** What one run of a stream carries. */
export interface StreamTracks {
  /** Grows by one whenever the camera restarts or its parameter sets change: a discontinuity for packagers. */
  epoch: number;
  video: VideoTrack;
  audio: AudioTrack | null;
  /** Present where the sound is no AAC: `audio` is null then, and the samples of sound are payloads of this codec. */
  otherSound?: OtherSoundTrack;
}

/**
 * Bytes kept free before every sample's data, inside the same allocation, so that a packager can write its box
 * headers in front without copying the media again. Only the stream's one fMP4 muxer may write there.
 */
export const SAMPLE_HEADROOM = 256;

/** One access unit of video, one AAC frame or one packet of other sound, ready for an mdat; immutable but for its headroom. */
export interface Sample {
  kind: 'video' | 'audio';
  /** Video: NAL units each behind its 4-byte length (ISO 14496-15), parameter sets left out; one JPEG. Audio: one raw AAC frame, or one payload. */
  data: Buffer;
  /** Where `data` lies when that memory is used again; absent for memory of its own. */
  memory?: MediaMemory | undefined;
  /** Decode and presentation time in the track's timescale, unwrapped, on one timeline of the epoch that starts near 0. */
  dts: number;
  pts: number;
  /** True for a frame that decoding can start at (IDR; IRAP for H.265); audio: always true. */
  key: boolean;
  /** Wall-clock time of capture in ms since 1970: from RTCP sender reports when they agree with arrival, else the arrival. */
  capturedAtMs: number;
  /** Wall-clock time at which the last packet of this sample arrived at the gateway. */
  receivedAtMs: number;
  epoch: number;
}
