import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { planSound } from '../../../../../gateway/ffmpeg/sound-plan.ts';
import { SoundPace } from '../../../../../gateway/packaging/convert/sound/sound-pace.ts';
import type { PlacedFrame } from '../../../../../gateway/packaging/convert/sound/sound-pace.ts';

const FRAME = 1024;
const plan = planSound({ timescale: 8000, channels: 1 });
const heard = Buffer.from([9, 9]);

function makePace(startSec = 0): { pace: SoundPace; frames: PlacedFrame[] } {
  const frames: PlacedFrame[] = [];
  return { pace: new SoundPace(plan, startSec, (frame) => frames.push(frame)), frames };
}

function expectUnbroken(frames: readonly PlacedFrame[]): void {
  for (const [index, { ticks }] of frames.entries())
    expect(ticks).toBe((frames[0]?.ticks ?? 0) + index * FRAME);
}

const isHeard = ({ data }: PlacedFrame): boolean => data.equals(heard);

describe('the pace of sound', () => {
  test('follows the picture with silence at once, before anything was converted', () => {
    const { pace, frames } = makePace();
    for (let frame = 0; frame <= 25; frame += 1) pace.picture(frame / 25);
    expectUnbroken(frames);
    const endSec = ((frames.at(-1)?.ticks ?? 0) + FRAME) / plan.rate;
    expect(endSec).toBeGreaterThan(1 - 0.15 - FRAME / plan.rate);
    expect(endSec).toBeLessThanOrEqual(1 - 0.15);
  });

  test('takes converted frames in place of silence, without gap or overlap', () => {
    const { pace, frames } = makePace();
    pace.picture(0.5);
    // Converted sound lies 0.3 s behind: the first frames come for places that are silent already.
    for (let index = 0; index < 40; index += 1) {
      pace.picture(0.3 + (index * FRAME) / plan.rate);
      pace.converted(index * FRAME, heard);
    }
    expectUnbroken(frames);
    expect(frames.slice(0, 5).some(isHeard)).toBe(false);
    expect(frames.slice(6).every(isHeard)).toBe(true);
  });

  test('goes on with silence one second behind when FFmpeg gives nothing any more', () => {
    const { pace, frames } = makePace();
    pace.converted(0, heard);
    pace.picture(4);
    expectUnbroken(frames);
    const endSec = (frames.length * FRAME) / plan.rate;
    expect(endSec).toBeGreaterThan(2.9);
    expect(endSec).toBeLessThanOrEqual(3);
  });

  test('gives a camera whose sound comes two seconds late the time it needs', () => {
    const { pace, frames } = makePace();
    for (let index = 0; index < 150; index += 1) {
      pace.picture(2 + (index * FRAME) / plan.rate);
      pace.converted(index * FRAME, heard);
    }
    expectUnbroken(frames);
    expect(frames.slice(-20).every(isHeard)).toBe(true);
  });

  test('leaps with a picture that leaps', () => {
    const { pace, frames } = makePace(10);
    pace.picture(11);
    const before = frames.length;
    pace.picture(4000);
    pace.picture(4000.1);
    expect(frames.length - before).toBeLessThan(3);
    expect((frames.at(-1)?.ticks ?? 0) / plan.rate).toBeGreaterThan(3990);
  });
});

describe('the frame of silence', () => {
  test.each([
    { timescale: 8000, channels: 1 },
    { timescale: 16_000, channels: 2 },
    { timescale: 48_000, channels: 1 },
    { timescale: 44_100, channels: 2 },
  ])('of a plan for %o is decoded by FFmpeg as silence of that rate', (source) => {
    const { silence, config, rate, channels } = planSound(source);
    const [first = 0, second = 0] = config;
    const rateIndex = ((first & 7) << 1) | (second >> 7);
    const size = silence.length + 7;
    const header = [0xff, 0xf1, 0x40 | (rateIndex << 2), (((second >> 3) & 3) << 6) | (size >> 11)];
    const frame = Buffer.from([...header, (size >> 3) & 255, ((size & 7) << 5) | 0x1f, 0xfc, ...silence]);
    const stream = Buffer.concat(Array.from({ length: 20 }, () => frame));
    const pcm = execFileSync('ffmpeg', ['-v', 'error', '-f', 'aac', '-i', '-', '-f', 's16le', '-'], {
      input: stream,
    });
    expect(pcm.length).toBe(20 * FRAME * 2 * channels);
    expect(pcm.every((byte) => byte === 0)).toBe(true);
    expect([16_000, 32_000]).toContain(rate);
  });
});
