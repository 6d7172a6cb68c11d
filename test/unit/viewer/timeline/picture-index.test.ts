import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Snapshot } from '../../../../gateway/contract/snapshot.ts';
import { FLAG, indexOf, readIndex } from '../../../../viewer/timeline/picture-index.ts';

const at = (...times: number[]) => indexOf(times.map((time, place) => [`snap_${place}`, time, 0, 100, 1]));
const told = (id: string, takenAtMs: number, rest: Partial<Snapshot> = {}): Snapshot => ({
  id,
  cameraId: 'cam',
  takenAt: new Date(takenAtMs).toISOString(),
  scheduledFor: null,
  width: 1,
  height: 1,
  bytes: 1,
  sha256: '',
  chainHash: '',
  prevHash: '',
  source: 'keyframe',
  quality: { luma: 80, sharpness: 1, verdict: 'ok' },
  milestoneId: null,
  note: null,
  picked: false,
  ...rest,
});

describe('the index', () => {
  test('finds the picture nearest to an instant, within a range', () => {
    const index = at(10, 20, 40);
    expect([0, 14, 16, 29, 31, 99].map((instant) => index.nearest(instant))).toEqual([0, 0, 1, 1, 2, 2]);
    expect(index.nearest(30, 21, 40)).toBe(-1);
    expect(index.nearest(0, 15, 41)).toBe(1);
    expect(index.nearest(99, 0, 40)).toBe(1);
    expect(at().nearest(5)).toBe(-1);
  });

  test('nearest is what a search of all of them finds', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: 200 })),
        fc.integer({ min: -5, max: 205 }),
        (times, when) => {
          const sorted = times.sort((a, b) => a - b);
          const found = at(...sorted).nearest(when);
          const least = Math.min(...sorted.map((time) => Math.abs(time - when)));
          expect(found < 0 ? Infinity : Math.abs((sorted[found] ?? 0) - when)).toBe(least);
        },
      ),
    );
  });

  test('takes a new picture in its place, and the new flags of a known one', () => {
    const index = at(10, 20, 20, 40);
    const grown = index.with(told('snap_new', 30, { note: 'x' }));
    expect(grown.ids).toEqual(['snap_0', 'snap_1', 'snap_2', 'snap_new', 'snap_3']);
    expect([...grown.takenAtMs]).toEqual([10, 20, 20, 30, 40]);
    expect(grown.has(3, FLAG.noted)).toBe(true);
    const changed = index.with(told('snap_2', 20, { milestoneId: 'step', picked: true }));
    expect(changed).toHaveLength(4);
    expect([...changed.flags]).toEqual([1, 1, FLAG.milestone | FLAG.picked, 1]);
    expect([...index.flags]).toEqual([1, 1, 1, 1]);
  });
});

describe('reading the index', () => {
  test('gives every entry of a long text, pausing in between', async () => {
    const items = Array.from({ length: 20_000 }, (_, place) => [
      `snap_${place}`,
      place * 1000,
      0,
      place % 256,
      1,
    ]);
    let pauses = 0;
    const pause = async (): Promise<void> => void (pauses += 1);
    const text = JSON.stringify({ items, nextFrom: '2026-11-20T00:00:00.000Z' });
    const { entries, nextFrom } = await readIndex(text, pause);
    expect(entries).toEqual(items);
    expect(nextFrom).toBe('2026-11-20T00:00:00.000Z');
    expect(pauses).toBeGreaterThan(1);
    expect(await readIndex('{"items":[],"nextFrom":null}', pause)).toEqual({ entries: [], nextFrom: null });
  });

  test('of any text gives entries or a SyntaxError, nothing else', async () => {
    const pause = (): Promise<void> => Promise.resolve();
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.string(), fc.json(), fc.constant('{"items":[[1,2],"nextFrom":null}')),
        async (text) => {
          await readIndex(text, pause).catch((error: unknown) => expect(error).toBeInstanceOf(SyntaxError));
        },
      ),
    );
  });
});
