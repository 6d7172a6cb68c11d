import { describe, expect, it } from 'vitest';
import { AccessUnit } from '../../../gateway/ingest/codec/access-unit.ts';
import { FeedAudience } from '../../../gateway/ingest/feed-audience.ts';
import type { Sample } from '../../../gateway/ingest/media.ts';
import { SlabPool } from '../../../gateway/ingest/slab-pool.ts';

const KIB = 1024;

describe('the pool of slabs', () => {
  it('gives a slab out again once its writer and all holders have let go', () => {
    const pool = new SlabPool();
    const slab = pool.take(KIB);
    slab.retain();
    slab.release();
    expect(pool.take(KIB).bytes).not.toBe(slab.bytes);
    slab.release();
    expect(pool.take(KIB).bytes).toBe(slab.bytes);
  });

  it('never gives out again what was abandoned', () => {
    const pool = new SlabPool();
    const slab = pool.take(KIB);
    slab.abandon();
    slab.release();
    expect(pool.freeBytes).toBe(0);
    expect(pool.take(KIB).bytes).not.toBe(slab.bytes);
  });

  it('fits large pictures and keeps sizes apart', () => {
    const pool = new SlabPool();
    const large = pool.take(1500 * KIB);
    expect(large.bytes.byteLength).toBe(2048 * KIB);
    large.release();
    expect(pool.take(KIB).bytes).not.toBe(large.bytes);
    expect(pool.take(1100 * KIB).bytes).toBe(large.bytes);
  });

  it('leaves huge slabs and more than 32 MiB of free ones to the garbage collector', () => {
    const pool = new SlabPool();
    pool.take(5 * KIB * KIB).release();
    expect(pool.freeBytes).toBe(0);
    const slabs = Array.from({ length: 200 }, () => pool.take(KIB));
    for (const slab of slabs) slab.release();
    expect(pool.freeBytes).toBe(32 * KIB * KIB);
  });
});

describe('samples in slabs', () => {
  it('stay as they are while the audience holds them, and their memory serves again afterwards', () => {
    const pool = new SlabPool();
    const unit = new AccessUnit(pool);
    const audience = new FeedAudience((error) => expect(error).toBeUndefined());
    const heard: Sample[] = [];
    audience.join(
      { retainsMemory: true, onTracks: () => undefined, onSample: (sample) => heard.push(sample) },
      0,
    );
    const give = (value: number, key: boolean): Sample => {
      unit.addNal(key ? 5 : 1, Buffer.alloc(100 * KIB, value), 0, 100 * KIB);
      const sample = sampleOf(
        unit.build(() => true),
        key,
      );
      audience.sample({ ...sample, memory: unit.memory });
      return sample;
    };
    const gop = Array.from({ length: 20 }, (_each, index) => give(index + 1, index === 0));
    expect(pool.freeBytes).toBe(0);
    for (const [index, { data }] of gop.entries())
      expect([...new Set(data.subarray(4))]).toEqual([index + 1]);
    expect(heard).toHaveLength(20);
    give(99, true);
    // Two pictures of 100 KiB lie in a slab of 256 KiB: nine of the GOP's ten are free, the writer's own is not.
    expect(pool.freeBytes).toBe(9 * 256 * KIB + 256 * KIB);
  });

  it('are left alone for listeners that do not say when they are done', () => {
    const pool = new SlabPool();
    const unit = new AccessUnit(pool);
    const audience = new FeedAudience((error) => expect(error).toBeUndefined());
    const kept: Buffer[] = [];
    audience.join({ onTracks: () => undefined, onSample: ({ data }) => kept.push(data) }, 0);
    for (let value = 1; value <= 40; value += 1) {
      unit.addNal(5, Buffer.alloc(60 * KIB, value), 0, 60 * KIB);
      audience.sample({
        ...sampleOf(
          unit.build(() => true),
          true,
        ),
        memory: unit.memory,
      });
    }
    expect(pool.freeBytes).toBe(0);
    for (const [index, data] of kept.entries()) expect([...new Set(data.subarray(4))]).toEqual([index + 1]);
  });
});

function sampleOf(data: Buffer, key: boolean): Sample {
  return { kind: 'video', data, dts: 0, pts: 0, key, capturedAtMs: 0, receivedAtMs: 0, epoch: 1 };
}
