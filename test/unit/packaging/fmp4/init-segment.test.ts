import { createFile, MP4BoxBuffer } from 'mp4box';
import { describe, expect, it } from 'vitest';
import { initSegment } from '../../../../gateway/packaging/fmp4/init-segment.ts';
import { encodeMedia } from '../../../support/encoded-media.ts';
import type { EncodedMedia } from '../../../support/encoded-media.ts';

const base = { width: 320, height: 180, fps: 25, seconds: 1, gopFrames: 25 };

function encode(codec: 'h264' | 'h265', sound = false): Promise<EncodedMedia> {
  return encodeMedia({ ...base, codec, sound, bFrames: codec === 'h264' ? 1 : 0 });
}

/** What mp4box, an independent reader, makes of an init segment. */
function read(init: Buffer) {
  const file = createFile();
  let failure: string | undefined;
  file.onError = (_module: string, message: string) => {
    failure = message;
  };
  const copy = new Uint8Array(init).buffer;
  file.appendBuffer(MP4BoxBuffer.fromArrayBuffer(copy, 0));
  file.flush();
  if (failure !== undefined) throw new Error(failure);
  return file.getInfo();
}

describe('the init segment', () => {
  it('of H.264 with AAC is read by mp4box as what the camera sends', async () => {
    const { tracks } = await encode('h264', true);
    const info = read(initSegment(tracks));
    expect(info.isFragmented).toBe(true);
    expect(info.tracks.map((track) => [track.id, track.codec, track.timescale])).toEqual([
      [1, tracks.video.codecString, 90_000],
      [2, 'mp4a.40.2', 16_000],
    ]);
    expect(info.videoTracks[0]?.video).toMatchObject({ width: 320, height: 180 });
    expect(info.audioTracks[0]?.audio).toMatchObject({ channel_count: 1, sample_rate: 16_000 });
  });

  it('of H.265 carries profile, level and parameter sets in hvcC', async () => {
    const { tracks } = await encode('h265');
    const info = read(initSegment(tracks));
    expect(info.tracks[0]?.codec).toMatch(/^hvc1\.1\.6\.L\d+\.90/);
    expect(info.brands).toContain('cmfc');
  });

  it('tells pixels that are not square, and the width at which they are shown', async () => {
    const { tracks } = await encode('h264');
    const video = { ...tracks.video, sar: { width: 4, height: 3 } };
    const info = read(initSegment({ video, audio: null }));
    expect(info.tracks[0]?.track_width).toBe(427);
  });

  it.each([
    ['High, 4:2:0, 8 bit', [0x67, 100, 0, 31, 0xac], [0xfd, 0xf8, 0xf8, 0]],
    ['High 4:2:2, 10 bit', [0x67, 122, 0, 31, 0xb6, 0xc0], [0xfe, 0xfa, 0xfa, 0]],
  ])('repeats chroma format and bit depths of %s in avcC', async (_name, sps, expected) => {
    const { tracks } = await encode('h264');
    const parameterSets = { vps: [], sps: [Uint8Array.from(sps)], pps: [Uint8Array.of(0x68)] };
    const init = initSegment({ video: { ...tracks.video, parameterSets }, audio: null });
    const at = init.indexOf('avcC') - 4;
    const end = at + init.readUInt32BE(at);
    expect([...init.subarray(end - 4, end)]).toEqual(expected);
  });
});
