import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SAMPLE_HEADROOM } from '../../gateway/ingest/media.ts';
import { readAvcRecord } from '../../gateway/packaging/convert/avc-record.ts';
import { FlvReader } from '../../gateway/packaging/convert/flv-reader.ts';
import type { FlvFrame } from '../../gateway/packaging/convert/flv-reader.ts';

const FILE_HEADER = Buffer.from('464c5601010000000900000000', 'hex');

interface MadeFrame {
  timeMs: number;
  key: boolean;
  data: Uint8Array;
}

/** A video tag as FFmpeg writes it: header, AVC packet, size of the tag. */
function tagOf({ timeMs, key, data }: MadeFrame, packet = 1): Buffer {
  const body = Buffer.concat([Buffer.from([key ? 0x17 : 0x27, packet, 0, 0, 0]), data]);
  const header = Buffer.alloc(11);
  header[0] = 9;
  header.writeUIntBE(body.length, 1, 3);
  header.writeUIntBE(timeMs % 0x1000000, 4, 3);
  header[7] = Math.floor(timeMs / 0x1000000);
  return Buffer.concat([header, body, Buffer.alloc(4)]);
}

function read(
  bytes: Buffer,
  cuts: readonly number[],
): { frames: FlvFrame[]; records: number; whole: boolean } {
  const frames: FlvFrame[] = [];
  let records = 0;
  const reader = new FlvReader({ onConfig: () => (records += 1), onFrame: (frame) => frames.push(frame) });
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  let whole = true;
  for (const [index, place] of places.entries()) {
    whole = reader.push(bytes.subarray(place, places[index + 1] ?? bytes.length)) && whole;
  }
  return { frames, records, whole };
}

const madeFrame = fc.record({
  timeMs: fc.nat(0x7fffffff),
  key: fc.boolean(),
  data: fc.uint8Array({ minLength: 1, maxLength: 400 }),
});

it('FLV comes out as it went in, however the bytes are cut, each frame with its headroom', () => {
  fc.assert(
    fc.property(
      fc.array(madeFrame, { maxLength: 8 }),
      fc.array(fc.nat(), { maxLength: 12 }),
      (made, cuts) => {
        const config = { timeMs: 0, key: true, data: Buffer.from([1]) };
        const tags = [FILE_HEADER, tagOf(config, 0), ...made.map((frame) => tagOf(frame))];
        const { frames, records, whole } = read(Buffer.concat(tags), cuts);
        expect([whole, records]).toEqual([true, 1]);
        expect(frames.map(({ timeMs, key }) => ({ timeMs, key }))).toEqual(
          made.map(({ timeMs, key }) => ({ timeMs, key })),
        );
        for (const [index, { data }] of frames.entries()) {
          expect(data.equals(made[index]?.data ?? new Uint8Array())).toBe(true);
          expect(data.byteOffset).toBeGreaterThanOrEqual(SAMPLE_HEADROOM);
        }
      },
    ),
  );
});

it('other bytes never make the FLV reader throw, and too large a tag ends it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), fc.array(fc.nat(), { maxLength: 8 }), (noise, cuts) => {
      read(Buffer.from(noise), cuts);
      read(Buffer.concat([FILE_HEADER, noise]), cuts);
    }),
  );
  const huge = Buffer.concat([FILE_HEADER, Buffer.from('09ffffff00000000000000', 'hex')]);
  expect(read(huge, []).whole).toBe(false);
});

it('an AVC record is read or refused, never thrown over', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (noise, likely) => {
      const bytes = likely ? Uint8Array.of(1, 77, 64, 31, 0xff, 0xe1, ...noise) : noise;
      const sets = readAvcRecord(bytes);
      for (const set of [...(sets?.sps ?? []), ...(sets?.pps ?? [])]) {
        expect(set.length).toBeGreaterThan(0);
        expect(set.length).toBeLessThan(bytes.length);
      }
    }),
  );
  const record = Buffer.from(
    '014d401fffe10017674d401fda014016ec0440000003004000000ca3c60ca801000468ef0fc8',
    'hex',
  );
  expect(readAvcRecord(record)).toEqual({
    sps: [new Uint8Array(record.subarray(8, 31))],
    pps: [new Uint8Array(record.subarray(34))],
  });
});
