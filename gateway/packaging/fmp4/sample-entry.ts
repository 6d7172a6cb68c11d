import type { AudioTrack, VideoTrack } from '../../ingest/media.ts';
import { avcConfiguration } from './avc-configuration.ts';
import { box, fullBox, text, u16, u32, u8 } from './box.ts';
import { hevcConfiguration } from './hevc-configuration.ts';

/** `avc1` or `hvc1` with the parameter sets, and `pasp` where pixels are not square (ISO 14496-12, 12.1.3; -15). */
export function videoSampleEntry(track: VideoTrack): Buffer {
  const { sar } = track;
  const square = sar.width === sar.height || sar.width === 0 || sar.height === 0;
  const h265 = track.codec === 'h265';
  const { vps, sps, pps } = track.parameterSets;
  const sets = { vps: storable(vps), sps: storable(sps), pps: storable(pps) };
  return box(
    h265 ? 'hvc1' : 'avc1',
    u32(0),
    u16(0, 1),
    u32(0, 0, 0, 0),
    u16(track.width & 0xffff, track.height & 0xffff),
    u32(0x00480000, 0x00480000, 0),
    u16(1),
    Buffer.alloc(32),
    u16(0x0018, 0xffff),
    h265 ? hevcConfiguration(sets) : avcConfiguration(sets),
    square ? u8() : box('pasp', u32(sar.width, sar.height)),
  );
}

/** The units whose length the records can tell, in 16 bits; longer ones are no parameter sets of any decoder. */
function storable(units: readonly Uint8Array[]): Uint8Array[] {
  return units.filter((unit) => unit.length <= 0xffff);
}

/** `mp4a` with the AudioSpecificConfig in an `esds` (ISO 14496-12, 12.2.3; -14, 6.7.2). */
export function audioSampleEntry(track: AudioTrack): Buffer {
  return box(
    'mp4a',
    u32(0),
    u16(0, 1),
    u32(0, 0),
    u16(track.channels, 16),
    u32(0),
    u16(Math.min(track.timescale, 0xffff), 0),
    elementaryStream(track.config),
  );
}

/** ES_Descriptor > DecoderConfigDescriptor (AAC, audio stream) > DecoderSpecificInfo (ISO 14496-1, 7.2.6.5). */
function elementaryStream(config: Uint8Array): Buffer {
  const specific = descriptor(0x05, config);
  const decoder = descriptor(0x04, Buffer.concat([u8(0x40, 0x15, 0, 0, 0), u32(0, 0), specific]));
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
