import { SAMPLE_HEADROOM } from '../../ingest/media.ts';

/** One sample of a fragment; times in ticks of its track. */
export interface FragmentSample {
  sizeBytes: number;
  durationTicks: number;
  /** Presentation minus decode time; may be negative (trun version 1). */
  offsetTicks: number;
  key: boolean;
}

/** What the header of one fragment tells. */
export interface FragmentInfo {
  sequence: number;
  trackId: number;
  /** tfdt, below 2^53. */
  decodeTimeTicks: number;
  samples: readonly FragmentSample[];
}

const [MOOF, MFHD, TRAF, TFHD] = [boxType('moof'), boxType('mfhd'), boxType('traf'), boxType('tfhd')];
const [TFDT, TRUN, MDAT] = [boxType('tfdt'), boxType('trun'), boxType('mdat')];
const MDAT_HEADER_BYTES = 8;
/** moof + mfhd + traf + tfhd + tfdt + trun without samples. */
const FIXED_BYTES = 8 + 16 + 8 + 16 + 20 + 20;
const SAMPLE_BYTES = 16;
/** Flags: duration, size, flags and composition offset of each sample, and the data offset (ISO 14496-12, 8.8.8). */
const TRUN_FLAGS = 0x000f01;
const DEFAULT_BASE_IS_MOOF = 0x020000;
/** sample_depends_on = 2: decoding can start here (ISO 14496-12, 8.8.3.1). */
const KEY_SAMPLE = 0x02000000;
/** sample_depends_on = 1, sample_is_non_sync_sample. */
const OTHER_SAMPLE = 0x01010000;

/** Bytes of `moof` and the header of `mdat` for so many samples. */
export function fragmentHeaderBytes(sampleCount: number): number {
  return FIXED_BYTES + SAMPLE_BYTES * sampleCount + MDAT_HEADER_BYTES;
}

/** Writes `moof` and the `mdat` header of one fragment at `start`; the samples' bytes follow it (ISO 14496-12, 8.8). */
export function writeFragmentHeader(target: Buffer, start: number, info: FragmentInfo): void {
  const moofBytes = fragmentHeaderBytes(info.samples.length) - MDAT_HEADER_BYTES;
  let at = writeBoxStart(target, start, moofBytes, MOOF);
  at = writeBoxStart(target, at, 16, MFHD);
  at = target.writeUInt32BE(0, at);
  at = target.writeUInt32BE(info.sequence >>> 0, at);
  at = writeBoxStart(target, at, moofBytes - 24, TRAF);
  at = writeBoxStart(target, at, 16, TFHD);
  at = target.writeUInt32BE(DEFAULT_BASE_IS_MOOF, at);
  at = target.writeUInt32BE(info.trackId, at);
  at = writeBoxStart(target, at, 20, TFDT);
  at = target.writeUInt32BE(0x01000000, at);
  at = target.writeUInt32BE(Math.floor(info.decodeTimeTicks / 0x1_0000_0000), at);
  at = target.writeUInt32BE(info.decodeTimeTicks % 0x1_0000_0000, at);
  at = writeBoxStart(target, at, 20 + SAMPLE_BYTES * info.samples.length, TRUN);
  at = target.writeUInt32BE(0x01000000 + TRUN_FLAGS, at);
  at = target.writeUInt32BE(info.samples.length, at);
  at = target.writeUInt32BE(moofBytes + MDAT_HEADER_BYTES, at);
  let dataBytes = 0;
  for (const sample of info.samples) {
    at = target.writeUInt32BE(sample.durationTicks, at);
    at = target.writeUInt32BE(sample.sizeBytes, at);
    at = target.writeUInt32BE(sample.key ? KEY_SAMPLE : OTHER_SAMPLE, at);
    at = target.writeInt32BE(sample.offsetTicks, at);
    dataBytes += sample.sizeBytes;
  }
  writeBoxStart(target, at, MDAT_HEADER_BYTES + dataBytes, MDAT);
}

function writeBoxStart(target: Buffer, at: number, sizeBytes: number, type: number): number {
  target.writeUInt32BE(sizeBytes, at);
  return target.writeUInt32BE(type, at + 4);
}

/** A box type as the number that its four characters make. */
function boxType(name: string): number {
  return Buffer.from(name, 'latin1').readUInt32BE();
}

/**
 * A fragment of one sample whose header is written into the free bytes in front of the sample's data, so that the
 * media is not copied; data without that headroom is copied. Overwrites what an earlier muxer wrote there.
 */
export function fragmentInPlace(data: Buffer, info: FragmentInfo): Buffer {
  const headerBytes = fragmentHeaderBytes(info.samples.length);
  if (headerBytes > SAMPLE_HEADROOM || data.byteOffset < headerBytes) return fragmentOf([data], info);
  const fragment = Buffer.from(data.buffer, data.byteOffset - headerBytes, headerBytes + data.byteLength);
  writeFragmentHeader(fragment, 0, info);
  return fragment;
}

/** A fragment in memory of its own; for small samples such as sound. */
export function fragmentOf(data: readonly Buffer[], info: FragmentInfo): Buffer {
  const headerBytes = fragmentHeaderBytes(info.samples.length);
  const fragment = Buffer.allocUnsafe(headerBytes + data.reduce((sum, part) => sum + part.byteLength, 0));
  writeFragmentHeader(fragment, 0, info);
  let at = headerBytes;
  for (const part of data) at += part.copy(fragment, at);
  return fragment;
}
