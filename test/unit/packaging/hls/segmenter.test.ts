import { describe, expect, it } from 'vitest';
import { Segmenter } from '../../../../gateway/packaging/hls/segmenter.ts';
import type { Chunk, LiveRun } from '../../../../gateway/packaging/live-run.ts';

const run = (id: number) => ({ id, frameTicks: 3600, init: Buffer.alloc(0) }) as unknown as LiveRun;

function makeSegmenter(
  options: {
    targetDurationSec?: number;
    segmentSec?: number;
    listedCount?: number;
    frameTicks?: number;
    gopSec?: number;
  } = {},
) {
  return new Segmenter({
    firstMsn: 100,
    segmentSec: 2,
    listedCount: 4,
    targetDurationSec: 2,
    discontinuitySequence: 0,
    frameTicks: 3600,
    gopSec: null,
    onChange: () => undefined,
    ...options,
  });
}

/** `seconds` of 25 frames a second with a key frame each `gopFrames`. */
function feed(segmenter: Segmenter, seconds: number, gopFrames: number, bytes = 10): void {
  for (const chunk of chunks(0, seconds * 25, gopFrames, bytes)) segmenter.onChunk(chunk);
}

function chunks(from: number, to: number, gopFrames: number, bytes = 10, frameTicks = 3600): Chunk[] {
  return Array.from({ length: Math.ceil(to) - from }, (_, at) => ({
    kind: 'video',
    bytes: Buffer.alloc(bytes),
    key: (from + at) % gopFrames === 0,
    startTicks: (from + at) * frameTicks,
    durationTicks: frameTicks,
    capturedAtMs: ((from + at) * frameTicks) / 90,
  }));
}

const partsOf = (segmenter: Segmenter) =>
  segmenter.window.listed.map(({ parts }) => parts.map(({ durationTicks }) => durationTicks / 90_000));

const lengths = (segmenter: Segmenter) =>
  segmenter.window.listed.map((segment) => segment.durationTicks / 90_000);

describe('the segmenter', () => {
  it('cuts at the first key frame past the aimed length', () => {
    const segmenter = makeSegmenter({ targetDurationSec: 3 });
    segmenter.onRun(run(1));
    feed(segmenter, 9.5, 38);
    expect(lengths(segmenter)).toEqual([0.2, 1.32, 3.04, 3.04]);
    expect(segmenter.window.listed.map((segment) => segment.startsWithKey)).toEqual([
      true,
      false,
      true,
      true,
    ]);
  });

  it('cuts before a segment would exceed the target duration, which never changes, and then at the next key frame', () => {
    const segmenter = makeSegmenter();
    segmenter.onRun(run(1));
    feed(segmenter, 15, 125);
    expect(segmenter.targetDurationSec).toBe(2);
    expect(lengths(segmenter)).toEqual([2.48, 0.04, 2.48, 2.48]);
    expect(segmenter.window.listed.map(({ startsWithKey }) => startsWithKey)).toEqual([
      false,
      false,
      true,
      false,
    ]);
  });

  it('lets a segment last as long as the target duration allows', () => {
    const segmenter = makeSegmenter({ targetDurationSec: 5 });
    segmenter.onRun(run(1));
    feed(segmenter, 20, 125);
    expect(lengths(segmenter).slice(1)).toEqual([4.8, 5, 5]);
  });

  it('keeps three target durations listed, and the number of segments asked for', () => {
    const segmenter = makeSegmenter();
    segmenter.onRun(run(1));
    feed(segmenter, 60, 50);
    expect(lengths(segmenter)).toEqual([2, 2, 2, 2]);
    const first = segmenter.window.listed[0]?.msn ?? 0;
    expect(segmenter.window.find(first - 2)).toBeDefined();
    expect(segmenter.window.find(first - 9)).toBeUndefined();
  });

  it('counts the discontinuities that left the list', () => {
    const segmenter = makeSegmenter();
    for (let id = 1; id <= 12; id += 1) {
      segmenter.onRun(run(id));
      feed(segmenter, 2, 50);
    }
    const { window } = segmenter;
    const listed = window.listed.filter((segment) => segment.discontinuity).length;
    // The last run is still open; the first began without a discontinuity, but with a short first segment.
    expect(window.discontinuitySequence + listed).toBe(10);
    expect(window.listed.map((segment) => segment.msn)).toEqual(
      window.listed.map((_segment, index) => (window.listed[0]?.msn ?? 0) + index),
    );
  });

  it('holds no more than 64 MiB', () => {
    const segmenter = makeSegmenter({ listedCount: 20 });
    segmenter.onRun(run(1));
    feed(segmenter, 30, 50, 200_000);
    let bytes = 0;
    for (let msn = 100; msn < segmenter.nextMsn; msn += 1)
      bytes += segmenter.window.find(msn)?.byteLength ?? 0;
    expect(bytes).toBeLessThanOrEqual(64 * 1024 * 1024);
    expect(bytes).toBeGreaterThan(32 * 1024 * 1024);
  });

  // hls.js 1.7.4 takes a segment for whole when up to 0.2 s are missing at its end, and then may never ask for them.
  it.each([
    [25, 50],
    [25, 25],
    [25, 100],
    [20, 40],
    [15, 30],
    [12, 24],
    [10, 20],
    [30, 60],
    [30, 30],
  ])('ends no segment in a short part: %i frames a second, a key frame each %i', (fps, gopFrames) => {
    const frameTicks = 90_000 / fps;
    const segmenter = makeSegmenter({ frameTicks, gopSec: gopFrames / fps, listedCount: 8 });
    segmenter.onRun(run(1));
    for (const chunk of chunks(0, fps * 30, gopFrames, 10, frameTicks)) segmenter.onChunk(chunk);
    for (const parts of partsOf(segmenter)) {
      expect(parts.at(-1)).toBeGreaterThan(0.21);
      const whole = parts.slice(0, -1);
      for (const part of whole) expect(part).toBeGreaterThanOrEqual(0.85 * segmenter.partTargetSec);
      for (const part of parts) expect(part).toBeLessThanOrEqual(segmenter.partTargetSec);
    }
  });

  it('ends no segment in a short part wherever in a GOP the first viewer comes', () => {
    for (let held = 1; held <= 50; held += 1) {
      const segmenter = makeSegmenter({ gopSec: 2, listedCount: 8 });
      const first = chunks(0, held, 50);
      segmenter.fill(run(1), first);
      for (const chunk of chunks(held, 301, 50)) segmenter.onChunk(chunk);
      const [opening = [], ...later] = partsOf(segmenter);
      const lasts = later.map((parts) => parts.at(-1) ?? 0);
      if (opening.length > 1) lasts.push(opening.at(-1) ?? 0);
      expect(Math.min(...lasts), `${held} frames held`).toBeGreaterThan(0.21);
    }
  });

  it('learns the distance of key frames that nobody told', () => {
    const segmenter = makeSegmenter({ listedCount: 8 });
    segmenter.onRun(run(1));
    feed(segmenter, 20, 50);
    const lasts = partsOf(segmenter).map((parts) => parts.at(-1) ?? 0);
    expect(Math.min(...lasts.slice(3))).toBeGreaterThan(0.21);
  });

  it('keeps to the usual parts where key frames come as they like', () => {
    const segmenter = makeSegmenter({ gopSec: 2, targetDurationSec: 12, listedCount: 8 });
    segmenter.onRun(run(1));
    for (const length of [50, 137, 61, 290, 50, 99]) {
      for (const chunk of chunks(0, length, 1000)) segmenter.onChunk(chunk);
    }
    for (const parts of partsOf(segmenter)) {
      for (const part of parts) expect(part).toBeLessThanOrEqual(segmenter.partTargetSec);
      for (const part of parts.slice(0, -1))
        expect(part).toBeGreaterThanOrEqual(0.85 * segmenter.partTargetSec);
    }
  });
});
