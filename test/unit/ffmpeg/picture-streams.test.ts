import { readFile, readdir } from 'node:fs/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../gateway/base/clock.ts';
import { isGatewayError } from '../../../gateway/base/gateway-error.ts';
import { findFfmpeg } from '../../../gateway/ffmpeg/find-ffmpeg.ts';
import type { KeyFrame } from '../../../gateway/ffmpeg/key-frame.ts';
import { KeyFrameDecoder } from '../../../gateway/ffmpeg/key-frame-decoder.ts';
import { PictureStreams } from '../../../gateway/ffmpeg/picture-streams.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { keySample, madeKeyFrame, unitsOf } from '../../support/made-key-frame.ts';

const { path } = await findFfmpeg();
const program = (): Promise<{ path: string }> => Promise.resolve({ path });
const MOST = 64 * 1024 * 1024;
const started: { stop(): void }[] = [];

afterAll(() => {
  for (const one of started) one.stop();
});

/** Streams that know the format of this picture already, so that the next one is streamed. */
async function streamsFor(...known: KeyFrame[]): Promise<PictureStreams> {
  const streams = new PictureStreams({ clock: systemClock, mostOutputBytes: MOST });
  started.push(streams);
  for (const frame of known) expect(await streams.decode(path, frame)).toEqual({ ok: false, tried: false });
  return streams;
}

/** What a process of its own makes of it. */
async function alone(frame: KeyFrame): Promise<Buffer> {
  const decoder = new KeyFrameDecoder({ clock: systemClock, program, maxConcurrent: 1 });
  return (await decoder.decode(frame)).jpeg;
}

const scene = (recipe: Parameters<typeof madeKeyFrame>[0], degrees: number): ReturnType<typeof madeKeyFrame> =>
  madeKeyFrame({ ...recipe, filters: `hue=h=${degrees}` });

describe('PictureStreams', () => {
  it.each([
    ['H.264', { codec: 'h264' }],
    ['H.264 in four slices', { codec: 'h264', width: 1280, height: 720, slices: 4, colorspace: 'bt709' }],
    ['H.264 of odd size', { codec: 'h264', width: 853, height: 481, pixelFormat: 'yuv444p' }],
    ['H.264 with oblong pixels', { codec: 'h264', width: 704, height: 576, sar: [16, 11] }],
    ['H.265', { codec: 'h265' }],
    ['H.265 in four slices with tall pixels', { codec: 'h265', width: 1280, height: 360, sar: [1, 2], slices: 4 }],
    ['H.265 of 10 bit', { codec: 'h265', width: 1920, height: 1080, pixelFormat: 'yuv420p10le', colorspace: 'bt709' }],
  ] as const)('gives the very bytes that a process of its own gives: %s', async (_, recipe) => {
    const frames = [0, 120, 240].map((degrees) => scene(recipe as Parameters<typeof madeKeyFrame>[0], degrees));
    const [first] = frames;
    const streams = await streamsFor(...(first ? [first] : []));
    for (const frame of frames) {
      const streamed = await streams.decode(path, frame);
      expect(streamed.ok && streamed.jpeg.equals(await alone(frame))).toBe(true);
    }
  });
});
