import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClipCache } from '../../../scripts/demo-site/clip/clip-cache.ts';
import type { Clip } from '../../../scripts/demo-site/clip/clip-file.ts';
import { bandLayout, type ClipSpec, type VideoCodec } from '../../../scripts/demo-site/clip/clip-spec.ts';
import { ffmpegProgram } from '../../../scripts/demo-site/clip/ffmpeg-program.ts';
import { ClockBand } from '../../../scripts/demo-site/picture/clock-band.ts';
import { ClockText } from '../../../scripts/demo-site/stream/clock-text.ts';
import { LiveVideo, type PictureMode } from '../../../scripts/demo-site/stream/live-video.ts';

const run = promisify(execFile);
const clock = new ClockText('Asia/Shanghai');
const startMs = Date.parse('2026-11-23T06:32:58Z');
let folder = '';
const clips = {} as Record<VideoCodec, Clip>;

/** Decodes `seconds` of the stream with FFmpeg: luma planes, and FFmpeg's complaints. */
async function decoded(
  clip: Clip,
  seconds: number,
  modeAt: (frame: number) => PictureMode = () => 'live',
): Promise<{ planes: Buffer[]; times: number[]; complaints: string }> {
  const live = new LiveVideo(clip, 0, (ms) => clock.at(ms));
  const first = live.frameNumberAt(startMs);
  const parts: Buffer[] = [];
  const times: number[] = [];
  for (let i = 0; i < seconds * clip.fps; i += 1) {
    live.show(modeAt(i));
    times.push(live.dueMs(first + i));
    for (const nal of live.frame(first + i).nals) parts.push(Buffer.from([0, 0, 0, 1]), nal);
  }
  const path = join(folder, `dump.${clip.codec}`);
  await writeFile(path, Buffer.concat(parts));
  const { stderr } = await run(ffmpegProgram(), [
    '-v',
    'warning',
    '-y',
    '-i',
    path,
    '-fps_mode',
    'passthrough',
    '-pix_fmt',
    'yuv420p',
    '-f',
    'rawvideo',
    `${path}.raw`,
  ]);
  const raw = await readFile(`${path}.raw`);
  const luma = clip.width * clip.height;
  const size = (luma * 3) / 2;
  return {
    planes: Array.from({ length: raw.length / size }, (_, i) => raw.subarray(i * size, i * size + luma)),
    times,
    complaints: stderr,
  };
}

function worstDifference(plane: Buffer, clip: Clip, text: string): number {
  const shown = clip.codec === 'h265' ? `    ${text}` : text;
  const band = new ClockBand(bandLayout(clip.width, clip.height, clip.codec), clip.background).paint(shown);
  return band.y.reduce((worst, value, i) => Math.max(worst, Math.abs(value - plane[i]!)), 0);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'demo-clock-'));
  const cache = new ClipCache(folder, () => undefined);
  await cache.start();
  const shape = {
    scene: 'gate',
    variant: 0,
    dayNumber: 20_780,
    part: 'noon',
    width: 640,
    height: 360,
    fps: 25,
    loopSec: 4,
    label: '',
  } as const;
  const spec = (codec: VideoCodec): ClipSpec => ({ ...shape, codec });
  [clips.h264, clips.h265] = (await Promise.all([cache.get(spec('h264')), cache.get(spec('h265'))])).map(
    ({ main }) => main,
  ) as [Clip, Clip];
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the clock in the picture', () => {
  it('shows the true time in every frame of H.264, exact to the sample, across a minute and the loop’s end', async () => {
    const { planes, times, complaints } = await decoded(clips.h264, 10);
    expect(complaints).toBe('');
    expect(planes).toHaveLength(250);
    expect(planes.map((plane, i) => worstDifference(plane, clips.h264, clock.at(times[i]!)))).toEqual(
      planes.map(() => 0),
    );
  });

  it('shows the true time in every frame of H.265, as near as its encoder keeps it', async () => {
    const { planes, times, complaints } = await decoded(clips.h265, 10);
    expect(complaints).toBe('');
    expect(planes).toHaveLength(250);
    planes.forEach((plane, i) => {
      const right = worstDifference(plane, clips.h265, clock.at(times[i]!));
      const wrong = worstDifference(plane, clips.h265, clock.at(times[i]! + 1000));
      expect(right).toBeLessThan(100);
      expect(right).toBeLessThan(wrong);
    });
  });

  it.each(['h264', 'h265'] as const)(
    '%s: a frozen picture stays as it is, clock and all, and comes back',
    async (codec) => {
      const { planes, complaints } = await decoded(clips[codec], 8, (frame) =>
        frame >= 60 && frame < 130 ? 'frozen' : 'live',
      );
      expect(complaints).toBe('');
      for (let i = 61; i < 100; i += 1) expect(planes[i]!.equals(planes[60]!), `frame ${i}`).toBe(true);
      for (let i = 101; i < 150; i += 1) expect(planes[i]!.equals(planes[100]!), `frame ${i}`).toBe(true);
      expect(planes[150]!.equals(planes[100]!)).toBe(false);
      expect(planes[170]!.equals(planes[150]!)).toBe(false);
    },
  );

  it.each(['h264', 'h265'] as const)(
    '%s: a black picture is black from the next key frame',
    async (codec) => {
      const { planes, complaints } = await decoded(clips[codec], 4, (frame) =>
        frame >= 10 ? 'black' : 'live',
      );
      expect(complaints).toBe('');
      const mean = (plane: Buffer): number => plane.reduce((sum, value) => sum + value, 0) / plane.length;
      expect(mean(planes[49]!)).toBeGreaterThan(60);
      expect(mean(planes[50]!)).toBeLessThan(24);
      expect(mean(planes[99]!)).toBeLessThan(24);
    },
  );
});
