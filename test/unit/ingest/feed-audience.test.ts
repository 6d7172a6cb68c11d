import { describe, expect, test } from 'vitest';
import { FeedAudience } from '../../../gateway/ingest/feed-audience.ts';
import type { FeedListener } from '../../../gateway/ingest/feeds.ts';
import type { Sample, StreamTracks } from '../../../gateway/ingest/media.ts';
import { SlidingRate } from '../../../gateway/ingest/sliding-rate.ts';

const tracks = { epoch: 1 } as StreamTracks;

function sample(key: boolean, atMs: number, bytes = 1000): Sample {
  const data = Buffer.alloc(bytes);
  return {
    kind: 'video',
    data,
    dts: atMs * 90,
    pts: atMs * 90,
    key,
    capturedAtMs: atMs,
    receivedAtMs: atMs,
    epoch: 1,
  };
}

function listen(): FeedListener & { log: string[] } {
  const log: string[] = [];
  return {
    log,
    onTracks: ({ epoch }) => log.push(`t${epoch}`),
    onSample: ({ key, dts }) => log.push(`${key ? 'K' : 'p'}${dts / 90}`),
  };
}

function audience(faults: unknown[] = []): FeedAudience {
  return new FeedAudience((error) => faults.push(error));
}

describe('the audience', () => {
  test('a newcomer gets tracks and the GOP held at once, then what follows', () => {
    const all = audience();
    all.tracks(tracks);
    for (const [key, atMs] of [
      [true, 0],
      [false, 40],
      [true, 80],
      [false, 120],
    ] as const)
      all.sample(sample(key, atMs));
    const late = listen();
    all.join(late, 0);
    expect(late.log).toEqual(['t1', 'K80', 'p120']);
    all.sample(sample(false, 160));
    expect(late.log.at(-1)).toBe('p160');
  });

  test('a GOP too long to hold makes the newcomer wait for a key frame', () => {
    const all = audience();
    all.tracks(tracks);
    all.sample(sample(true, 0));
    all.sample(sample(false, 20_001));
    const late = listen();
    all.join(late, 0);
    all.sample(sample(false, 20_040));
    expect(late.log).toEqual(['t1']);
    all.sample(sample(true, 20_080));
    expect(late.log).toEqual(['t1', 'K20080']);
  });

  test('a GOP too large to hold is let go', () => {
    const all = audience();
    all.tracks(tracks);
    for (let index = 0; index < 18; index += 1) all.sample(sample(index === 0, index, 1024 * 1024));
    const late = listen();
    all.join(late, 0);
    expect(late.log).toEqual(['t1']);
  });

  test('who joins inside a call is neither skipped nor served twice', () => {
    const all = audience();
    const second = listen();
    all.tracks(tracks);
    let joined = false;
    all.join(
      {
        onTracks: () => undefined,
        onSample: () => {
          if (!joined) all.join(second, 0);
          joined = true;
        },
      },
      0,
    );
    all.sample(sample(true, 0));
    all.sample(sample(false, 40));
    expect(second.log).toEqual(['t1', 'K0', 'p40']);
  });

  test('a listener that throws disturbs no other', () => {
    const faults: unknown[] = [];
    const all = audience(faults);
    const good = listen();
    all.join(
      {
        onTracks: () => undefined,
        onSample: () => {
          throw new Error('mine');
        },
      },
      0,
    );
    all.join(good, 0);
    all.tracks(tracks);
    all.sample(sample(true, 0));
    expect(good.log).toEqual(['t1', 'K0']);
    expect(faults).toHaveLength(1);
  });

  test('who left hears nothing more', () => {
    const all = audience();
    const gone = listen();
    all.leave(all.join(gone, 0));
    all.tracks(tracks);
    expect(gone.log).toEqual([]);
  });
});

describe('the sliding rate', () => {
  test('tells frames and bytes a second, and falls to zero when nothing comes', () => {
    const rate = new SlidingRate();
    for (let atMs = 0; atMs <= 8000; atMs += 40) rate.add(atMs, 1, 20_000);
    expect(rate.read(8000)?.frames).toBeCloseTo(25, 0);
    expect((rate.read(8000)?.bytes ?? 0) / 500_000).toBeCloseTo(1, 1);
    expect(rate.read(20_000)?.frames).toBe(0);
  });

  test('says nothing before there is a span', () => {
    const rate = new SlidingRate();
    expect(rate.read(0)).toBeNull();
    rate.add(0, 1, 1);
    expect(rate.read(400)).toBeNull();
  });
});
