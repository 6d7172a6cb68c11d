import fc from 'fast-check';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../gateway/base/clock.ts';
import type { Clock } from '../../../gateway/base/clock.ts';
import { isGatewayError } from '../../../gateway/base/gateway-error.ts';
import { findFfmpeg } from '../../../gateway/ffmpeg/find-ffmpeg.ts';
import { KeyFrameDecoder } from '../../../gateway/ffmpeg/key-frame-decoder.ts';
import type { KeyFrame } from '../../../gateway/ffmpeg/key-frame.ts';
import { toAnnexB } from '../../../gateway/ffmpeg/key-frame.ts';
import { isLonePicture } from '../../../gateway/ffmpeg/lone-picture.ts';
import { matroskaHead } from '../../../gateway/ffmpeg/matroska-packets.ts';
import { pictureStreamArguments } from '../../../gateway/ffmpeg/picture-arguments.ts';
import { PictureStream } from '../../../gateway/ffmpeg/picture-stream.ts';
import { PictureStreams } from '../../../gateway/ffmpeg/picture-streams.ts';
import { processTree } from '../../bench/measure/process-usage.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { wipingPicture } from '../../../gateway/ffmpeg/wiping-picture.ts';
import { keySample, madeKeyFrame, unitsOf } from '../../support/made-key-frame.ts';
import type { KeyFrameRecipe } from '../../support/made-key-frame.ts';

const { path } = await findFfmpeg();
const started: { stop(): void }[] = [];
const DAMAGED = process.env['GANTRY_SOAK'] === '1' ? 600 : 6;

afterEach(async () => {
  for (const one of started.splice(0)) one.stop();
  await expect.poll(ffmpegs).toBe(0);
});

/** Streams that have seen the format of this picture already, so that they take the next one. */
async function streamsFor(known: KeyFrame, clock: Clock = systemClock): Promise<PictureStreams> {
  const streams = new PictureStreams({ clock, mostOutputBytes: 64 * 1024 * 1024, deadlineMs: 60_000 });
  started.push(streams);
  expect(await streams.decode(path, known)).toEqual({ ok: false, tried: false });
  return streams;
}

/** What a process of its own says of the picture: a new decoder has not seen its format before. */
async function alone(frame: KeyFrame): Promise<Buffer | 'refused'> {
  const fresh = new KeyFrameDecoder({
    clock: systemClock,
    program: () => findFfmpeg(),
    maxConcurrent: 1,
    deadlineMs: 60_000,
  });
  return fresh.decode(frame).then(
    ({ jpeg }) => jpeg,
    (error: unknown) => {
      if (isGatewayError(error) && error.details['damaged'] === true) return 'refused';
      throw error;
    },
  );
}

async function streamed(streams: PictureStreams, frame: KeyFrame): Promise<Buffer | 'tried' | 'not tried'> {
  const picture = await streams.decode(path, frame);
  if (picture.ok) return picture.jpeg;
  return picture.tried ? 'tried' : 'not tried';
}

const of = (frame: KeyFrame, units: readonly Buffer[]): KeyFrame => ({
  track: frame.track,
  sample: keySample(units, 0),
});

const small = { width: 320, height: 192, slices: 4 } as const;
const recipes: [string, KeyFrameRecipe][] = [
  ['H.264', { codec: 'h264' }],
  ['H.264 in slices, with oblong pixels', { width: 704, height: 576, sar: [16, 11], slices: 4 }],
  ['H.265 in slices, with tall pixels', { codec: 'h265', height: 180, sar: [1, 2], slices: 4 }],
  ['H.265 of 10 bit', { codec: 'h265', width: 1280, height: 720, pixelFormat: 'yuv420p10le' }],
];

describe('PictureStreams', () => {
  it.each(recipes)('gives the very bytes that a process of its own gives: %s', async (_, recipe) => {
    const frames = [madeKeyFrame(recipe), madeKeyFrame({ ...recipe, source: 'smptebars' })];
    const streams = await streamsFor(frames[0] as KeyFrame);
    const own = await Promise.all(frames.map((frame) => alone(frame)));
    for (const turn of [0, 1, 0, 1]) {
      const picture = await streamed(streams, frames[turn] as KeyFrame);
      expect(Buffer.isBuffer(picture) && picture.equals(own[turn] as Buffer)).toBe(true);
    }
  });

  it.each(['h264', 'h265'] as const)(
    'shows nothing of an earlier picture where parts of the next are missing: %s',
    async (codec) => {
      const red = madeKeyFrame({ ...small, codec, source: 'color=c=red' });
      const bars = madeKeyFrame({ ...small, codec, source: 'smptebars' });
      const [s0, s1, s2, s3] = slicesIn(bars) as [Buffer, Buffer, Buffer, Buffer];
      const half = s2.subarray(0, s2.length / 2);
      const streams = await streamsFor(red);
      for (const broken of [
        [s0, s1, s3],
        [s0, s1, s2, s2],
        [s0, s1, s1, s2],
        [s0, s1, half, s3],
      ]) {
        for (let turn = 0; turn < 2; turn += 1) expect(await streamed(streams, red)).toBeInstanceOf(Buffer);
        const frame = of(bars, broken);
        expect(verdict(await streamed(streams, frame), await alone(frame))).toBe('same');
      }
      expect(await streamed(streams, bars)).toEqual(await alone(bars));
    },
  );

  it('says of any damage what a process of its own says, and of the next picture too', async () => {
    const codecs = { h264: await scenes('h264'), h265: await scenes('h265') };
    const streams = { h264: await streamsFor(codecs.h264.red), h265: await streamsFor(codecs.h265.red) };
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('h264', 'h265'),
        fc.nat(),
        fc.nat(),
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { maxLength: 4 }),
        fc.boolean(),
        async (codec, which, at, flips, cut) => {
          const { red, bars, good } = codecs[codec];
          expect(await streamed(streams[codec], red)).toBeInstanceOf(Buffer);
          const units = slicesIn(bars);
          const hit = units[which % units.length] as Buffer;
          for (const [place, mask] of flips)
            hit.writeUInt8((hit[place % hit.length] ?? 0) ^ mask, place % hit.length);
          if (cut) units[which % units.length] = hit.subarray(0, 1 + (at % hit.length));
          const frame = of(bars, units);
          expect(verdict(await streamed(streams[codec], frame), await alone(frame))).toBe('same');
          expect(await streamed(streams[codec], bars)).toEqual(good);
        },
      ),
      { numRuns: DAMAGED },
    );
  });

  it('leaves alone what needs more than itself: other key frames, two pictures at once, B-frames, JPEGs', async () => {
    const frame = madeKeyFrame({ ...small, slices: 1 });
    const [slice] = slicesIn(frame) as [Buffer];
    const streams = await streamsFor(frame);
    const recovery = Buffer.from(slice);
    recovery[0] = 0x41;
    expect(await streamed(streams, of(frame, [recovery]))).toBe('not tried');
    expect(await streamed(streams, of(frame, [slice, slice]))).toBe('not tried');
    expect(await streamed(streams, of(frame, []))).toBe('not tried');
    for (const other of [
      madeKeyFrame({ ...small, codec: 'h265', reordered: true }),
      { track: { ...frame.track, codec: 'mjpeg' as const }, sample: frame.sample },
    ]) {
      expect(await streamed(streams, other)).toBe('not tried');
      expect(await streamed(streams, other)).toBe('not tried');
    }
    expect(await streamed(streams, frame)).toBeInstanceOf(Buffer);
  });

  it('refuses slices that refer to other pictures in what calls itself a lone one', async () => {
    const pair = madeKeyFrame({ ...small, slices: 1, followedBy: 1 });
    const [first, second] = unitsOf(pair.sample).filter((unit) => [1, 5].includes((unit[0] ?? 0) & 0x1f));
    const key = of(pair, [first as Buffer]);
    const liar = Buffer.from(second as Buffer);
    liar[0] = (first as Buffer)[0] ?? 0;
    const dependent = of(pair, [liar]);
    const streams = await streamsFor(key);
    expect(await streamed(streams, key)).toBeInstanceOf(Buffer);
    expect(await streamed(streams, dependent)).toBe('tried');
    expect(await alone(dependent)).toBe('refused');
    expect(await streamed(streams, key)).toEqual(await alone(key));
  });

  it('finds memory empty that held an earlier picture, even where the scaler reads past its rows', async () => {
    const recipe = { width: 853, height: 481, pixelFormat: 'yuv444p', colorspace: 'bt709' } as const;
    const frames = [madeKeyFrame(recipe), madeKeyFrame({ ...recipe, source: 'smptebars' })];
    const { track } = frames[0] as KeyFrame;
    expect(frames.map(isLonePicture)).toEqual([false, false]);
    const stream = new PictureStream({
      clock: systemClock,
      path,
      arguments: pictureStreamArguments(track),
      head: matroskaHead('h264', track.width, track.height),
      wiper: wipingPicture.h264,
      mostOutputBytes: 1e7,
    });
    started.push(stream);
    stream.start();
    for (const frame of [...frames, ...frames])
      expect(await stream.decode(toAnnexB(frame), 60_000)).toEqual(await alone(frame));
  });

  it('starts a process at the second picture of a format and ends it a minute after the last', async () => {
    const clock = new FakeClock();
    const frame = madeKeyFrame(small);
    const streams = await streamsFor(frame, clock);
    expect(await ffmpegs()).toBe(0);
    expect(await streamed(streams, frame)).toBeInstanceOf(Buffer);
    expect(await ffmpegs()).toBe(1);
    await clock.advance(59_000);
    expect(await streamed(streams, frame)).toBeInstanceOf(Buffer);
    await clock.advance(59_000);
    expect(await ffmpegs()).toBe(1);
    await clock.advance(1000);
    await expect.poll(ffmpegs).toBe(0);
    expect(clock.pending).toBe(0);
    expect(await streamed(streams, frame)).toBe('not tried');
  });

  it('holds six processes at most, and ends the one used longest ago for a new one', async () => {
    const frames = [1, 2, 3, 4, 5, 6, 7].map((step) => madeKeyFrame({ ...small, width: 320 + 16 * step }));
    const streams = await streamsFor(frames[0] as KeyFrame);
    for (const frame of frames.slice(1)) expect(await streamed(streams, frame)).toBe('not tried');
    for (const frame of frames) expect(await streamed(streams, frame)).toBeInstanceOf(Buffer);
    await expect.poll(ffmpegs).toBe(6);
    streams.stop();
    await expect.poll(ffmpegs).toBe(0);
    expect(await streamed(streams, frames[0] as KeyFrame)).toBe('not tried');
  });

  it('gives up a process that hangs, and has the next picture decoded alone when that went well', async () => {
    const clock = new FakeClock();
    const frame = madeKeyFrame(small);
    const streams = new PictureStreams({ clock, mostOutputBytes: 1e6 });
    started.push(streams);
    const folder = await mkdtemp(join(tmpdir(), 'gantry-hanging-'));
    const sleeper = join(folder, 'ffmpeg');
    await writeFile(sleeper, '#!/bin/sh\nexec /bin/sleep 60\n');
    await chmod(sleeper, 0o700);
    const decode = (program: string): Promise<unknown> => streams.decode(program, frame);
    expect(await decode(sleeper)).toEqual({ ok: false, tried: false });
    const hanging = decode(sleeper);
    await clock.advance(10_000);
    expect(await hanging).toEqual({ ok: false, tried: true });
    expect(await decode('/bin/echo')).toEqual({ ok: false, tried: true });
    expect(await decode('/nowhere/ffmpeg')).toEqual({ ok: false, tried: true });
    streams.distrust(frame);
    expect(await decode(path)).toEqual({ ok: false, tried: false });
    await clock.advance(120_000);
    await decode(path);
    expect(await decode(path)).toMatchObject({ ok: true });
    await rm(folder, { recursive: true });
  });
});

/** Only the slices: encoders write more, which is left out anyway. */
function slicesIn({ track, sample }: ReturnType<typeof madeKeyFrame>): Buffer[] {
  return unitsOf(sample).filter((unit) =>
    track.codec === 'h264' ? ((unit[0] ?? 0) & 0x1f) === 5 : (unit[0] ?? 0) >> 1 < 32,
  );
}

async function scenes(
  codec: 'h264' | 'h265',
): Promise<Record<'red' | 'bars', ReturnType<typeof madeKeyFrame>> & { good: Buffer | 'refused' }> {
  const red = madeKeyFrame({ ...small, codec, source: 'color=c=red' });
  const bars = madeKeyFrame({ ...small, codec, source: 'smptebars' });
  return { red, bars, good: await alone(bars) };
}

/** A stream that fails on a picture has it decoded alone: then both say the same by themselves. */
function verdict(fromStream: Buffer | 'tried' | 'not tried', own: Buffer | 'refused'): string {
  if (!Buffer.isBuffer(fromStream)) return 'same';
  if (own === 'refused') return 'the stream gave a picture that is to be refused';
  return fromStream.equals(own) ? 'same' : 'the stream gave another picture';
}

async function ffmpegs(): Promise<number> {
  const pids = await processTree(process.pid);
  const names = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')));
  return names.filter((name) => name.trim() === 'ffmpeg').length;
}
