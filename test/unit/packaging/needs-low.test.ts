import { expect, test } from 'vitest';
import type { StreamInfo } from '../../../gateway/contract/camera.ts';
import { needsLow } from '../../../gateway/packaging/needs-low.ts';

const limits = { aboveWidth: 1280, aboveKbps: 1000 };
const nothing: StreamInfo = {
  codec: null,
  profile: null,
  width: null,
  height: null,
  fps: null,
  bitrateKbps: null,
  gopSec: null,
  audio: null,
};

test.each<[string, Partial<StreamInfo>, boolean]>([
  ['a small H.264 stream', { codec: 'h264', width: 640, height: 360, bitrateKbps: 512 }, false],
  ['one at both limits', { codec: 'h264', width: 1280, height: 720, bitrateKbps: 1000 }, false],
  ['a wide one', { codec: 'h264', width: 1920, height: 1080, bitrateKbps: 900 }, true],
  ['a heavy one', { codec: 'h264', width: 640, height: 360, bitrateKbps: 2048 }, true],
  ['one of 720 lines whose rate nobody tells', { codec: 'h264', width: 1280, height: 720 }, true],
  ['one of D1 whose rate nobody tells', { codec: 'h264', width: 704, height: 576 }, false],
  ['H.265', { codec: 'h265', width: 640, height: 360, bitrateKbps: 300 }, true],
  ['MJPEG', { codec: 'mjpeg', width: 640, height: 360, bitrateKbps: 300 }, true],
  ['one that nothing is known of', {}, false],
])('%s as the smallest of a camera: low is %s', (_what, told, needed) => {
  expect(needsLow({ ...nothing, ...told }, told.bitrateKbps ?? null, limits)).toBe(needed);
});

test('a rate that is measured low for the moment does not take it away, one measured high brings it', () => {
  const quiet = { ...nothing, codec: 'h264', width: 1280, height: 720, bitrateKbps: 5 };
  expect(needsLow(quiet, null, limits)).toBe(true);
  expect(needsLow(quiet, 512, limits)).toBe(false);
  expect(needsLow({ ...quiet, width: 640, height: 360, bitrateKbps: 3000 }, null, limits)).toBe(true);
});
