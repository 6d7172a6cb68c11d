import { describe, expect, test } from 'vitest';
import { chooseRendition } from '../../../../viewer/player/choose-rendition.ts';
import { chooseTransports } from '../../../../viewer/player/choose-transports.ts';
import { codecMime } from '../../../../viewer/player/codec-mime.ts';
import type { StreamInfo } from '../../../../gateway/contract/camera.ts';
import type { RenditionQuestion } from '../../../../viewer/player/choose-rendition.ts';

const stream = (codec: string, width: number): StreamInfo => ({
  codec,
  profile: null,
  width,
  height: null,
  fps: null,
  bitrateKbps: null,
  gopSec: null,
  audio: null,
});

const question = (change: Partial<RenditionQuestion>): RenditionQuestion => ({
  main: stream('h264', 1920),
  sub: stream('h264', 640),
  quality: 'auto',
  boxWidthPx: 400,
  devicePixelRatio: 1,
  current: null,
  canPlay: (codec) => codec !== 'h265',
  conversionRefused: false,
  ...change,
});

describe('the stream of a picture', () => {
  test.each<[string, Partial<RenditionQuestion>, 'main' | 'sub']>([
    ['a tile takes the sub stream', { boxWidthPx: 480 }, 'sub'],
    ['a tile on a fine screen too', { boxWidthPx: 480, devicePixelRatio: 3 }, 'sub'],
    ['a large picture takes the main stream', { boxWidthPx: 1200 }, 'main'],
    [
      'a large picture takes a sub stream as fine as the screen',
      { boxWidthPx: 720, sub: stream('h264', 1280) },
      'sub',
    ],
    [
      'the same on a screen twice as fine takes main',
      { boxWidthPx: 720, devicePixelRatio: 2, sub: stream('h264', 1280) },
      'main',
    ],
    ['smooth is pinned at any size', { boxWidthPx: 1900, quality: 'smooth' }, 'sub'],
    ['HD is pinned at any size', { boxWidthPx: 100, quality: 'hd' }, 'main'],
    ['without a sub stream main is taken', { sub: null }, 'main'],
    [
      'without a sub stream smooth takes a small main',
      { main: stream('h264', 1280), sub: null, quality: 'smooth' },
      'main',
    ],
    [
      'without a sub stream smooth takes main while the gateway does not convert',
      { sub: null, quality: 'smooth', conversionRefused: true },
      'main',
    ],
    ['main is kept when the picture shrinks a little', { boxWidthPx: 660, current: 'main' }, 'main'],
    ['sub is kept when the picture grows a little', { boxWidthPx: 660, current: 'sub' }, 'sub'],
    ['a small picture of an H.265 camera takes its H.264 sub stream', { main: stream('h265', 1920) }, 'sub'],
    [
      'a large one too while the gateway does not convert',
      { boxWidthPx: 1200, main: stream('h265', 1920), conversionRefused: true },
      'sub',
    ],
    ['an H.265 sub stream gives way to an H.264 main', { sub: stream('h265', 640) }, 'main'],
    ['an unknown codec is tried', { main: null, sub: null }, 'main'],
  ])('%s', (_what, change, rendition) => {
    expect(chooseRendition(question(change))).toEqual({ kind: 'play', rendition });
  });

  test.each<[string, Partial<RenditionQuestion>]>([
    ['has no sub stream', { sub: null }],
    ['has one that is wide', { sub: stream('h264', 1920) }],
    ['has one that is heavy', { sub: { ...stream('h264', 640), bitrateKbps: 2500 } }],
    ['has one that the browser does not play', { sub: stream('h265', 640) }],
    ['sends MJPEG alone', { main: stream('mjpeg', 1280), sub: null, canPlay: (codec) => codec === 'h264' }],
  ])('smooth is the gateway’s small rendition where the camera %s', (_what, change) => {
    const smooth = { ...change, quality: 'smooth' as const };
    expect(chooseRendition(question(smooth))).toEqual({ kind: 'low' });
    expect(chooseRendition(question({ ...smooth, conversionRefused: true })).kind).not.toBe('low');
  });

  test('asks for a conversion when the browser plays neither', () => {
    const both = { main: stream('h265', 1920), sub: stream('h265', 640) };
    expect(chooseRendition(question(both))).toEqual({ kind: 'convert', codec: 'h265' });
  });

  test('asks for a conversion when a large picture’s main stream does not play', () => {
    const large = { boxWidthPx: 1200, main: stream('h265', 1920) };
    expect(chooseRendition(question(large))).toEqual({ kind: 'convert', codec: 'h265' });
    const shrunk = { ...large, boxWidthPx: 660, current: 'h264' as const };
    expect(chooseRendition(question(shrunk))).toEqual({ kind: 'convert', codec: 'h265' });
  });

  test('asks for a conversion when the only stream does not play', () => {
    expect(chooseRendition(question({ main: stream('h265', 1920), sub: null }))).toEqual({
      kind: 'convert',
      codec: 'h265',
    });
  });
});

describe('the transports', () => {
  test('begin with the socket where MediaSource is there', () => {
    expect(chooseTransports({ mediaSource: true, webSocket: true, nativeHls: false })).toEqual(['ws', 'hls']);
  });
  test('end with the browser’s own playlists', () => {
    expect(chooseTransports({ mediaSource: true, webSocket: true, nativeHls: true }).at(-1)).toBe(
      'native-hls',
    );
  });
  test('are the browser’s own playlists alone on old iPhones', () => {
    expect(chooseTransports({ mediaSource: false, webSocket: true, nativeHls: true })).toEqual([
      'native-hls',
    ]);
  });
  test('are none where nothing plays', () => {
    expect(chooseTransports({ mediaSource: false, webSocket: true, nativeHls: false })).toEqual([]);
  });
});

test('codecs are asked about in the names that browsers know', () => {
  expect(codecMime('H265')).toContain('hvc1');
  expect(codecMime('h264')).toContain('avc1');
  expect(codecMime('vp9')).toBeNull();
  expect(codecMime(null)).toBeNull();
});
