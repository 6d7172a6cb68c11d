import { describe, expect, it } from 'vitest';
import { Segmenter } from '../../../../gateway/packaging/hls/segmenter.ts';
import type { Chunk, LiveRun } from '../../../../gateway/packaging/live-run.ts';

const run = (id: number) => ({ id, frameTicks: 3600, init: Buffer.alloc(0) }) as unknown as LiveRun;

function makeSegmenter(
  options: { targetDurationSec?: number; segmentSec?: number; listedCount?: number } = {},
) {
  return new Segmenter({
    firstMsn: 100,
    segmentSec: 2,
    listedCount: 4,
    targetDurationSec: 2,
    discontinuitySequence: 0,
    frameTicks: 3600,
    onChange: () => undefined,
    ...options,
  });
}

/** `seconds` of 25 frames a second with a key frame each `gopFrames`. */
function feed(segmenter: Segmenter, seconds: number, gopFrames: number, bytes = 10): void {
  for (let index = 0; index < seconds * 25; index += 1) {
    const chunk: Chunk = {
      kind: 'video',
      bytes: Buffer.alloc(bytes),
      key: index % gopFrames === 0,
      startTicks: index * 3600,
      durationTicks: 3600,
      capturedAtMs: index * 40,
    };
    segmenter.onChunk(chunk);
  }
}

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
});
