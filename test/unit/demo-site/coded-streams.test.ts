import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAdts } from '../../../scripts/demo-site/clip/adts.ts';
import { escapeNal, nalUnitsOf, unescapeNal } from '../../../scripts/demo-site/clip/annex-b.ts';
import { BitReader } from '../../../scripts/demo-site/clip/bit-reader.ts';
import { BitWriter } from '../../../scripts/demo-site/clip/bit-writer.ts';

const sparse = fc.uint8Array({ max: 4, minLength: 1, maxLength: 300, size: 'max' });

describe('the demo site reads and writes coded streams', () => {
  it('escaping forbids start codes and unescaping gives the bytes back', () => {
    fc.assert(
      fc.property(sparse, (array) => {
        const escaped = escapeNal(array);
        expect(escaped.indexOf(Buffer.from([0, 0, 1]))).toBe(-1);
        expect(Buffer.from(unescapeNal(escaped))).toEqual(Buffer.from(array));
      }),
    );
  });

  it('cuts a stream with long and short start codes into its units', () => {
    const stream = Buffer.from([0, 0, 0, 1, 0x67, 1, 2, 0, 0, 1, 0x68, 3, 0, 0, 0, 1, 0x65, 9]);
    expect(nalUnitsOf(stream).map((nal) => [...nal])).toEqual([
      [0x67, 1, 2],
      [0x68, 3],
      [0x65, 9],
    ]);
  });

  it('Exp-Golomb numbers and copied bits come back as written, at any alignment', () => {
    const numbers = fc.array(fc.integer({ min: -5000, max: 5000 }), { maxLength: 20 });
    fc.assert(
      fc.property(numbers, sparse, fc.integer({ min: 0, max: 15 }), (list, blob, shift) => {
        const w = new BitWriter();
        w.bits(0, shift);
        for (const n of list) {
          w.se(n);
          w.ue(Math.abs(n));
        }
        w.copy(blob, 3, blob.length * 8);
        const end = shift;
        const r = new BitReader(w.finishRbsp(), end);
        expect(list.map(() => [r.se(), r.ue()])).toEqual(list.map((n) => [n, Math.abs(n)]));
        const from = new BitReader(blob, 3);
        const length = blob.length * 8 - 3;
        expect(Array.from({ length }, () => r.bit())).toEqual(Array.from({ length }, () => from.bit()));
        expect(r.at).toBe(r.stopBitAt());
      }),
    );
  });

  it('reads ADTS frames with their configuration, and nothing from noise', () => {
    const frame = Buffer.from([0xff, 0xf1, 0x60, 0x40, 0x01, 0x3f, 0xfc, 0xaa, 0xbb]);
    const read = readAdts(Buffer.concat([frame, frame]));
    expect(read?.sampleRate).toBe(16_000);
    expect(read?.channels).toBe(1);
    expect(read?.config.toString('hex')).toBe('1408');
    expect(read?.frames.map((f) => f.toString('hex'))).toEqual(['aabb', 'aabb']);
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (noise) => void readAdts(Buffer.from(noise))));
  });
});
