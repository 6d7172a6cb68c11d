import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readOtherSound } from '../../gateway/ingest/codec/other-sound.ts';
import { PayloadDepacketizer } from '../../gateway/ingest/codec/payload-depacketizer.ts';
import type { OtherSoundTrack } from '../../gateway/ingest/media.ts';
import { AdtsReader } from '../../gateway/packaging/convert/sound/adts-reader.ts';
import { soundInputOf } from '../../gateway/packaging/convert/sound/sound-input.ts';
import { fuzzRuns } from './support/fuzz-runs.ts';

const payload = fc.uint8Array({ maxLength: 400 });
const track = fc.oneof(
  fc.constantFrom<OtherSoundTrack['codec']>('pcmu', 'pcma', 'l16', 'opus').chain((codec) =>
    fc.record({
      kind: fc.constant('audio' as const),
      codec: fc.constant(codec),
      timescale: fc.integer({ min: 4000, max: 192_000 }),
      channels: fc.integer({ min: 1, max: 8 }),
    }),
  ),
  fc.record({
    kind: fc.constant('audio' as const),
    codec: fc.constant('g726' as const),
    timescale: fc.constant(8000),
    channels: fc.constant(1),
    g726: fc.record({
      bits: fc.constantFrom(2 as const, 3 as const, 4 as const, 5 as const),
      packing: fc.constantFrom('rfc3551' as const, 'aal2' as const),
    }),
  }),
);

test('payloads of any bytes become samples or nothing, as many as their length says', () => {
  fc.assert(
    fc.property(track, fc.array(payload, { maxLength: 8 }), (source, payloads) => {
      const input = soundInputOf(source);
      for (const bytes of payloads) {
        const piece = input.piece(Buffer.from(bytes));
        if (!piece) continue;
        expect(piece.ticks).toBeGreaterThan(0);
        if (input.kind === 'pcm') expect(piece.data.length).toBe(piece.ticks * 2 * source.channels);
      }
    }),
    fuzzRuns(1500),
  );
});

test('packets of any size are handed on in whole units', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 16 }), payload, (unit, bytes) => {
      const outcome = new PayloadDepacketizer(unit).push(Buffer.from(bytes), 0, bytes.length);
      if (outcome.kind === 'frames') expect((outcome.frames[0]?.length ?? 0) % unit).toBe(0);
      else expect(bytes.length).toBeLessThan(unit);
    }),
    fuzzRuns(1000),
  );
});

test('any format of an SDP is a known sound or none', () => {
  const encoding = fc.oneof(
    fc.string({ maxLength: 20 }),
    fc.constantFrom('PCMU', 'PCMA', 'L16', 'OPUS', 'G726-32', 'AAL2-G726-40', 'G726-99'),
  );
  const numbers = fc.tuple(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 1, max: 64 }));
  fc.assert(
    fc.property(encoding, numbers, (name, [clockRate, channels]) => {
      const format = { payloadType: 97, encoding: name, clockRate, channels, parameters: new Map() };
      const found = readOtherSound(format);
      if (found) expect(found.channels).toBeLessThanOrEqual(8);
    }),
    fuzzRuns(2000),
  );
});

test('ADTS comes out the same however it is cut, and other bytes are refused or wait', () => {
  const frames = fc.array(fc.uint8Array({ minLength: 1, maxLength: 60 }), { maxLength: 8 });
  const cuts = fc.array(fc.nat({ max: 600 }), { maxLength: 6 });
  fc.assert(
    fc.property(frames, cuts, payload, (given, places, junk) => {
      const stream = Buffer.concat(given.map((data) => Buffer.concat([adtsHeader(data.length), data])));
      const read: Buffer[] = [];
      const reader = new AdtsReader((frame) => read.push(frame));
      const edges = [0, ...places.map((place) => Math.min(place, stream.length)).toSorted((a, b) => a - b)];
      for (const [index, edge] of edges.entries())
        expect(reader.push(stream.subarray(edge, edges[index + 1] ?? stream.length))).toBe(true);
      expect(read.map((frame) => [...frame])).toEqual(given.map((data) => [...data]));
      new AdtsReader(() => {}).push(Buffer.from(junk));
    }),
    fuzzRuns(1500),
  );
});

function adtsHeader(dataBytes: number): Buffer {
  const size = dataBytes + 7;
  return Buffer.from([
    0xff,
    0xf1,
    0x60,
    0x40 | (size >> 11),
    (size >> 3) & 255,
    ((size & 7) << 5) | 0x1f,
    0xfc,
  ]);
}
