import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JpegDepacketizer } from '../../gateway/ingest/codec/jpeg-depacketizer.ts';
import { readJpegExtension } from '../../gateway/ingest/codec/jpeg-extension.ts';
import { parseJpegPayload } from '../../gateway/ingest/codec/jpeg-payload.ts';
import { fuzzRuns } from './support/fuzz-runs.ts';

const bytes = fc.uint8Array({ maxLength: 400 });
/** Likely ones: offset 0 or a little, types 0, 1, 64, 65 and a neighbour, all Q. */
const likely = fc
  .tuple(fc.nat({ max: 600 }), fc.constantFrom(0, 1, 2, 64, 65, 200), fc.nat({ max: 255 }), bytes)
  .map(([offset, type, q, tail]) => Uint8Array.of(0, 0, offset >> 8, offset & 255, type, q, 15, 11, ...tail));
const payload = fc.oneof(bytes, likely);

test('payloads of any bytes are read within their bounds, or refused', () => {
  fc.assert(
    fc.property(payload, (given) => {
      const reading = parseJpegPayload(Buffer.from(given), 0, given.length);
      if (!reading.ok) return;
      expect(reading.payload.dataStart).toBeLessThanOrEqual(given.length);
      for (const { bits, values } of reading.payload.tables) expect(values).toHaveLength(bits * 8);
    }),
    fuzzRuns(3000),
  );
});

test('any run of payloads gives whole JPEGs or none, never more than was fed', () => {
  fc.assert(
    fc.property(fc.array(payload, { maxLength: 12 }), fc.boolean(), (payloads, told) => {
      const depacketizer = new JpegDepacketizer(told ? { width: 120, height: 88 } : null);
      let fed = 0;
      for (const given of payloads) {
        fed += given.length;
        depacketizer.push(Buffer.from(given), 0, 0, given.length);
      }
      const frame = depacketizer.finish();
      if (!frame) return;
      expect([...frame.data.subarray(0, 2)]).toEqual([0xff, 0xd8]);
      expect(frame.data.length).toBeLessThan(fed + 1200);
      expect(frame.width * frame.height).toBeGreaterThan(0);
      expect(depacketizer.empty).toBe(true);
    }),
    fuzzRuns(2000),
  );
});

test('header extensions of any bytes are read or left', () => {
  const extension = fc.oneof(
    bytes,
    bytes.map((tail) => Uint8Array.of(0x90, 26, ...Array<number>(10).fill(0), 0xff, 0xd8, 0, 9, ...tail)),
  );
  fc.assert(
    fc.property(extension, (given) => {
      const found = readJpegExtension(Buffer.from(given), 0, given.length);
      for (const tables of found?.huffmanTables ?? []) expect(tables.length).toBeLessThan(given.length);
    }),
    fuzzRuns(2000),
  );
});
