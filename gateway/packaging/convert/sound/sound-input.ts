import type { OtherSoundTrack } from '../../../ingest/media.ts';
import { g711Samples } from './g711-samples.ts';
import { G726Decoder } from './g726-decoder.ts';
import { opusDuration } from './opus-duration.ts';

/** A piece of sound as FFmpeg gets it; `ticks` of the input's timescale. */
export interface SoundPiece {
  data: Buffer;
  ticks: number;
}

/** Turns a camera's payloads into what FFmpeg reads, and makes silence for what is missing. One for each stream. */
export interface SoundInput {
  /** What the pieces are: 16-bit little-endian samples, or Opus packets. */
  kind: 'pcm' | 'opus';
  timescale: number;
  channels: number;
  /** Undefined for a payload that is damaged. */
  piece(payload: Buffer): SoundPiece | undefined;
  /** At least so many ticks of silence, in pieces of at most 0.2 s. */
  silence(ticks: number): SoundPiece[];
}

const LONGEST_PIECE_SEC = 0.2;
/** An Opus packet of 20 ms without sound: CELT, fullband, mono. */
const OPUS_SILENCE = Buffer.from([0xf8, 0xff, 0xfe]);
const OPUS_SILENCE_TICKS = 960;

/** The input for a camera's sound. */
export function soundInputOf(track: OtherSoundTrack): SoundInput {
  return track.codec === 'opus' ? opusInput(track) : pcmInput(track);
}

function pcmInput(track: OtherSoundTrack): SoundInput {
  const { timescale, channels } = track;
  const toSamples = decoderOf(track);
  const frameBytes = 2 * channels;
  return {
    kind: 'pcm',
    timescale,
    channels,
    piece(payload) {
      const samples = toSamples(payload);
      const ticks = Math.floor(samples.byteLength / frameBytes);
      return ticks === 0 ? undefined : { data: samples.subarray(0, ticks * frameBytes), ticks };
    },
    silence(ticks) {
      const pieces: SoundPiece[] = [];
      const most = Math.ceil(timescale * LONGEST_PIECE_SEC);
      for (let left = Math.ceil(ticks); left > 0; left -= most) {
        const length = Math.min(left, most);
        pieces.push({ data: Buffer.alloc(length * frameBytes), ticks: length });
      }
      return pieces;
    },
  };
}

function decoderOf({ codec, g726 }: OtherSoundTrack): (payload: Buffer) => Buffer {
  if (codec === 'pcmu' || codec === 'pcma') return (payload) => g711Samples(codec, payload);
  if (g726) {
    const decoder = new G726Decoder(g726);
    return (payload) => decoder.samples(payload);
  }
  // L16 is big-endian (RFC 3551 section 4.5.11).
  return (payload) => Buffer.from(payload.subarray(0, payload.length - (payload.length % 2))).swap16();
}

function opusInput({ timescale, channels }: OtherSoundTrack): SoundInput {
  return {
    kind: 'opus',
    timescale,
    channels,
    piece(payload) {
      const ticks = opusDuration(payload);
      return ticks === null ? undefined : { data: payload, ticks };
    },
    silence: (ticks) =>
      Array.from({ length: Math.ceil(ticks / OPUS_SILENCE_TICKS) }, () => ({
        data: OPUS_SILENCE,
        ticks: OPUS_SILENCE_TICKS,
      })),
  };
}
