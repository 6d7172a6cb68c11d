import type { AudioTrack, VideoTrack } from '../../ingest/media.ts';
import { avcConfiguration } from './avc-configuration.ts';
import { box, fullBox, text, u16, u32, u8 } from './box.ts';
import { hevcConfiguration } from './hevc-configuration.ts';

/**
 * `avc1` or `hvc1` with the parameter sets, `mp4v` for MJPEG, and `pasp` where pixels are not square (ISO 14496-12,
 * 12.1.3; -15; object types of -1, table 5).
 */
export function videoSampleEntry(track: VideoTrack): Buffer {
  const { sar } = track;
  const square = sar.width === sar.height || sar.width === 0 || sar.height === 0;
  return box(
    VIDEO_ENTRIES[track.codec],
    u32(0),
    u16(0, 1),
    u32(0, 0, 0, 0),
    u16(track.width & 0xffff, track.height & 0xffff),
    u32(0x00480000, 0x00480000, 0),
    u16(1),
    Buffer.alloc(32),
    u16(0x0018, 0xffff),
    videoConfiguration(track),
    square ? u8() : box('pasp', u32(sar.width, sar.height)),
  );
}

const VIDEO_ENTRIES = { h264: 'avc1', h265: 'hvc1', mjpeg: 'mp4v' } as const;
/** ISO 14496-1, table 5: ISO 10918-1 (JPEG). */
const JPEG_OBJECT = 0x6c;
const VISUAL_STREAM = 0x11;
/** ISO 14496-1, table 5: MPEG-4 audio. */
const AAC_OBJECT = 0x40;
const AUDIO_STREAM = 0x15;

function videoConfiguration({ codec, parameterSets }: VideoTrack): Buffer {
  if (codec === 'mjpeg') return elementaryStream(JPEG_OBJECT, VISUAL_STREAM, null);
  const { vps, sps, pps } = parameterSets;
  const sets = { vps: storable(vps), sps: storable(sps), pps: storable(pps) };
  return codec === 'h265' ? hevcConfiguration(sets) : avcConfiguration(sets);
}

/** The units whose length the records can tell, in 16 bits; longer ones are no parameter sets of any decoder. */
function storable(units: readonly Uint8Array[]): Uint8Array[] {
  return units.filter((unit) => unit.length <= 0xffff);
}

/** `mp4a` with the AudioSpecificConfig in an `esds` (ISO 14496-12, 12.2.3; -14, 6.7.2). */
export function audioSampleEntry(track: AudioTrack): Buffer {
  return soundEntry('mp4a', track, elementaryStream(AAC_OBJECT, AUDIO_STREAM, track.config));
}

/** 16-bit little-endian samples, as QuickTime calls them; FFmpeg reads it, players do not. */
export function pcmSampleEntry(track: { timescale: number; channels: number }): Buffer {
  return soundEntry('sowt', track, u8());
}

/** `Opus` with `dOps` (Encapsulation of Opus in ISOBMFF, 4.3): no pre-skip, no gain, channel mapping 0. */
export function opusSampleEntry(track: { timescale: number; channels: number }): Buffer {
  const specific = Buffer.concat([u8(0, track.channels), u16(0), u32(track.timescale), u16(0), u8(0)]);
  return soundEntry('Opus', track, box('dOps', specific));
}

function soundEntry(
  type: string,
  { timescale, channels }: { timescale: number; channels: number },
  configuration: Buffer,
): Buffer {
  const rate = u16(Math.min(timescale, 0xffff), 0);
  return box(type, u32(0), u16(0, 1), u32(0, 0), u16(channels, 16), u32(0), rate, configuration);
}

/** ES_Descriptor > DecoderConfigDescriptor > DecoderSpecificInfo, if any (ISO 14496-1, 7.2.6.5). */
function elementaryStream(objectType: number, streamType: number, config: Uint8Array | null): Buffer {
  const specific = config === null ? u8() : descriptor(0x05, config);
  const head = u8(objectType, streamType, 0, 0, 0);
  const decoder = descriptor(0x04, Buffer.concat([head, u32(0, 0), specific]));
  const syncLayer = descriptor(0x06, u8(2));
  return fullBox('esds', 0, 0, descriptor(0x03, Buffer.concat([u16(1), u8(0), decoder, syncLayer])));
}

/** Length in four 7-bit groups, as every reader accepts. */
function descriptor(tag: number, payload: Uint8Array): Buffer {
  const { length } = payload;
  return Buffer.concat([
    u8(
      tag,
      0x80 | (length >> 21),
      0x80 | ((length >> 14) & 0x7f),
      0x80 | ((length >> 7) & 0x7f),
      length & 0x7f,
    ),
    payload,
  ]);
}

/** `hdlr` of a track (ISO 14496-12, 8.4.3). */
export function handler(type: 'vide' | 'soun', name: string): Buffer {
  return fullBox('hdlr', 0, 0, u32(0), text(type), u32(0, 0, 0), text(name), u8(0));
}
