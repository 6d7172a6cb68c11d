import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseAacConfig } from '../../gateway/ingest/codec/aac-config.ts';
import { AacDepacketizer } from '../../gateway/ingest/codec/aac-depacketizer.ts';
import { parseLatmConfig } from '../../gateway/ingest/codec/latm-config.ts';
import { LatmDepacketizer } from '../../gateway/ingest/codec/latm-depacketizer.ts';
import { fuzzRuns } from './support/fuzz-runs.ts';

test('payloads of any bytes give frames inside them, parts or damage', () => {
  const layout = fc.record({
    sizeLength: fc.integer({ min: 1, max: 16 }),
    indexLength: fc.nat({ max: 16 }),
    indexDeltaLength: fc.nat({ max: 16 }),
  });
  const payload = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.uint8Array({ maxLength: 300 }).map((body) => Uint8Array.from([0, 16, 0, 64, ...body])),
  );
  fc.assert(
    fc.property(layout, fc.array(payload, { maxLength: 12 }), (fields, payloads) => {
      const depacketizer = new AacDepacketizer(fields);
      let fed = 0;
      for (const bytes of payloads) {
        fed += bytes.length;
        const outcome = depacketizer.push(Buffer.from(bytes), 0, bytes.length);
        if (outcome.kind !== 'frames') continue;
        const size = outcome.frames.reduce((sum, frame) => sum + frame.length, 0);
        expect(size).toBeLessThanOrEqual(fed);
      }
    }),
    fuzzRuns(2000, 1 / 4),
  );
});

test('a configuration of any bytes is read or refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
      const reading = parseAacConfig(bytes);
      if (!reading) return;
      expect(reading.samplingRate).toBeGreaterThan(0);
      expect(reading.channels).toBeGreaterThan(0);
    }),
    fuzzRuns(2000, 1 / 4),
  );
});

test('MP4A-LATM of any bytes gives frames inside the payloads, parts or damage', () => {
  const payload = fc.tuple(
    fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.uint8Array({ maxLength: 254 }).map((body) => Uint8Array.of(body.length, ...body)),
    ),
    fc.boolean(),
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 64 }), fc.array(payload, { maxLength: 12 }), (count, payloads) => {
      const depacketizer = new LatmDepacketizer(count);
      let fed = 0;
      for (const [bytes, marker] of payloads) {
        fed += bytes.length;
        const outcome = depacketizer.push(Buffer.from(bytes), 0, bytes.length, marker);
        if (outcome.kind !== 'frames') continue;
        expect(outcome.frames).toHaveLength(count);
        const size = outcome.frames.reduce((sum, frame) => sum + frame.length, 0);
        expect(size).toBeLessThanOrEqual(fed);
      }
    }),
    fuzzRuns(1000, 1 / 4),
  );
});

test('a StreamMuxConfig of any bytes gives a configuration that is AAC, or nothing', () => {
  const head = fc.uint8Array({ maxLength: 16 });
  const likely = head.map((tail) => Uint8Array.of(0x40, 0x00, 0x23, ...tail));
  fc.assert(
    fc.property(fc.oneof(head, likely), (bytes) => {
      const reading = parseLatmConfig(bytes);
      if (reading) expect(parseAacConfig(reading.config)).toBeDefined();
    }),
    fuzzRuns(2000, 1 / 4),
  );
});
