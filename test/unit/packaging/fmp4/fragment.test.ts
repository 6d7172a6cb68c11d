import { describe, expect, it } from 'vitest';
import { SAMPLE_HEADROOM } from '../../../../gateway/ingest/media.ts';
import { fragmentInPlace, fragmentOf } from '../../../../gateway/packaging/fmp4/fragment.ts';
import { makeSample } from '../../../support/encoded-media.ts';

const times = { pts: 0, dts: 0, key: true, capturedAtMs: 0, receivedAtMs: 0, epoch: 1 };
const sample = (...bytes: number[]) => makeSample({ kind: 'video', ...times }, [Uint8Array.from(bytes)]);
const one = { sizeBytes: 4, durationTicks: 3600, offsetTicks: -1800, key: false };

describe('a fragment', () => {
  it('is written in front of the sample without copying it', () => {
    const { data } = sample(1, 2, 3, 4);
    const fragment = fragmentInPlace(data, {
      sequence: 7,
      trackId: 1,
      decodeTimeTicks: 2 ** 33 + 5,
      samples: [one],
    });
    expect(fragment.buffer).toBe(data.buffer);
    expect(fragment.byteLength).toBeLessThanOrEqual(SAMPLE_HEADROOM + 4);
    expect([...fragment.subarray(-4)]).toEqual([1, 2, 3, 4]);
    const moofBytes = fragment.readUInt32BE(0);
    expect(fragment.toString('latin1', 4, 8)).toBe('moof');
    expect(fragment.toString('latin1', moofBytes + 4, moofBytes + 8)).toBe('mdat');
    expect(fragment.readUInt32BE(moofBytes)).toBe(12);
    const tfdt = fragment.indexOf('tfdt');
    expect(fragment.readBigUInt64BE(tfdt + 8)).toBe(2n ** 33n + 5n);
    const trun = fragment.indexOf('trun');
    expect(fragment.readUInt32BE(trun + 12)).toBe(moofBytes + 8);
    expect(fragment.readInt32BE(trun + 28)).toBe(-1800);
  });

  it('holds several samples in a row when they are given together', () => {
    const parts = [Buffer.from('ab'), Buffer.from('cde')];
    const fragment = fragmentOf(parts, {
      sequence: 1,
      trackId: 2,
      decodeTimeTicks: 0,
      samples: parts.map((part) => ({
        sizeBytes: part.length,
        durationTicks: 1024,
        offsetTicks: 0,
        key: true,
      })),
    });
    expect(fragment.subarray(-5).toString()).toBe('abcde');
    expect(fragment.readUInt32BE(fragment.indexOf('trun') + 8)).toBe(2);
  });
});
