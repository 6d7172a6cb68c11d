import type { AudioTrack, VideoTrack } from '../../ingest/media.ts';
import { box, fullBox, text, u16, u32 } from './box.ts';
import { audioSampleEntry, handler, videoSampleEntry } from './sample-entry.ts';

/** Track ids of every init segment and fragment. */
export const VIDEO_TRACK_ID = 1;
export const AUDIO_TRACK_ID = 2;

const MATRIX = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);
const LANGUAGE_UNDETERMINED = 0x55c4;

/** The initialization segment, `ftyp` + `moov` with empty sample tables (CMAF header; ISO 14496-12, 8.16.3 and 8.8). */
export function initSegment(tracks: { video: VideoTrack; audio: AudioTrack | null }): Buffer {
  const { video, audio } = tracks;
  // A CMAF track file holds one track, so its brand is claimed for picture-only streams.
  const brands = audio ? ['iso6', 'iso5', 'mp41'] : ['iso6', 'iso5', 'mp41', 'cmfc'];
  const ftyp = box('ftyp', text('iso6'), u32(0), text(brands.join('')));
  const traks = audio
    ? [videoTrak(video), soundTrak(audio.timescale, audioSampleEntry(audio))]
    : [videoTrak(video)];
  const mvex = box(
    'mvex',
    ...traks.map((_trak, index) => fullBox('trex', 0, 0, u32(VIDEO_TRACK_ID + index, 1, 0, 0, 0))),
  );
  return Buffer.concat([ftyp, box('moov', movieHeader(video.timescale), ...traks, mvex)]);
}

/** Of one track of its own, as FFmpeg gets sound to convert. */
export function soundInitSegment(timescale: number, sampleEntry: Buffer): Buffer {
  const ftyp = box('ftyp', text('iso6'), u32(0), text('iso6mp41'));
  const mvex = box('mvex', fullBox('trex', 0, 0, u32(AUDIO_TRACK_ID, 1, 0, 0, 0)));
  return Buffer.concat([ftyp, box('moov', movieHeader(timescale), soundTrak(timescale, sampleEntry), mvex)]);
}

function movieHeader(timescale: number): Buffer {
  return fullBox(
    'mvhd',
    0,
    0,
    u32(0, 0, timescale, 0, 0x10000),
    u16(0x0100, 0),
    u32(0, 0),
    MATRIX,
    u32(0, 0, 0, 0, 0, 0, AUDIO_TRACK_ID + 1),
  );
}

function videoTrak(track: VideoTrack): Buffer {
  const { sar } = track;
  const shownWidth = sar.height > 0 && sar.width > 0 ? (track.width * sar.width) / sar.height : track.width;
  return box(
    'trak',
    trackHeader(VIDEO_TRACK_ID, 0, Math.round(shownWidth), track.height),
    media(
      track.timescale,
      handler('vide', 'video'),
      fullBox('vmhd', 0, 1, u16(0, 0, 0, 0)),
      videoSampleEntry(track),
    ),
  );
}

function soundTrak(timescale: number, sampleEntry: Buffer): Buffer {
  return box(
    'trak',
    trackHeader(AUDIO_TRACK_ID, 0x0100, 0, 0),
    media(timescale, handler('soun', 'sound'), fullBox('smhd', 0, 0, u16(0, 0)), sampleEntry),
  );
}

function trackHeader(trackId: number, volume: number, width: number, height: number): Buffer {
  return fullBox(
    'tkhd',
    0,
    3,
    u32(0, 0, trackId, 0, 0, 0, 0),
    u16(0, 0, volume, 0),
    MATRIX,
    u16(width & 0xffff, 0, height & 0xffff, 0),
  );
}

function media(timescale: number, hdlr: Buffer, mediaHeader: Buffer, sampleEntry: Buffer): Buffer {
  const here = fullBox('dref', 0, 0, u32(1), fullBox('url ', 0, 1));
  const sampleTable = box(
    'stbl',
    fullBox('stsd', 0, 0, u32(1), sampleEntry),
    fullBox('stts', 0, 0, u32(0)),
    fullBox('stsc', 0, 0, u32(0)),
    fullBox('stsz', 0, 0, u32(0, 0)),
    fullBox('stco', 0, 0, u32(0)),
  );
  return box(
    'mdia',
    fullBox('mdhd', 0, 0, u32(0, 0, timescale, 0), u16(LANGUAGE_UNDETERMINED, 0)),
    hdlr,
    box('minf', mediaHeader, box('dinf', here), sampleTable),
  );
}
