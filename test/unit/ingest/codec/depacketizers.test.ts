import { describe, expect, test } from 'vitest';
import { AacDepacketizer, readAuHeaderLayout } from '../../../../gateway/ingest/codec/aac-depacketizer.ts';
import { parseAacConfig } from '../../../../gateway/ingest/codec/aac-config.ts';
import { AccessUnit } from '../../../../gateway/ingest/codec/access-unit.ts';
import { depacketizeH264 } from '../../../../gateway/ingest/codec/h264-depacketizer.ts';
import { depacketizeH265 } from '../../../../gateway/ingest/codec/h265-depacketizer.ts';
import { SAMPLE_HEADROOM } from '../../../../gateway/ingest/media.ts';

type Depacketize = typeof depacketizeH264;

function feed(
  depacketize: Depacketize,
  payloads: readonly number[][],
): { taken: boolean[]; hex: string; types: number[] } {
  const unit = new AccessUnit();
  const taken = payloads.map((payload) => {
    // Bytes around the payload show when a reader goes beyond it.
    const buffer = Buffer.from([0xee, ...payload, 0xee]);
    return depacketize(buffer, 1, buffer.length - 1, unit);
  });
  const types = unit.nals.map(({ type }) => type);
  const data = unit.build(() => true);
  if (data.length > 0) expect(data.byteOffset).toBeGreaterThanOrEqual(SAMPLE_HEADROOM);
  return { taken, hex: data.toString('hex'), types };
}

describe('H.264 payloads', () => {
  test('a single NAL unit', () => {
    expect(feed(depacketizeH264, [[0x65, 1, 2]])).toEqual({
      taken: [true],
      hex: '00000003650102',
      types: [5],
    });
  });

  test('an aggregate of parameter sets and slice', () => {
    const { hex, types } = feed(depacketizeH264, [[0x78, 0, 2, 0x67, 1, 0, 1, 0x68, 0, 3, 0x65, 8, 9]]);
    expect(types).toEqual([7, 8, 5]);
    expect(hex).toBe('000000026701000000016800000003650809');
  });

  test('fragments are joined behind their rebuilt header', () => {
    const { taken, hex } = feed(depacketizeH264, [
      [0x7c, 0x85, 1],
      [0x7c, 0x05, 2, 3],
      [0x7c, 0x45, 4],
    ]);
    expect(taken).toEqual([true, true, true]);
    expect(hex).toBe('000000056501020304');
  });

  test('a start code left in the payload is cut off', () => {
    expect(feed(depacketizeH264, [[0, 0, 0, 1, 0x65, 7]]).hex).toBe('000000026507');
  });

  test.each([
    ['a fragment without its start', [[0x7c, 0x05, 2]]],
    [
      'a start within another',
      [
        [0x7c, 0x85, 1],
        [0x7c, 0x85, 1],
      ],
    ],
    [
      'a NAL unit within a fragmented one',
      [
        [0x7c, 0x85, 1],
        [0x65, 1],
      ],
    ],
    ['an aggregate that is cut', [[0x78, 0, 9, 0x67]]],
    ['a fragment without payload header', [[0x7c]]],
    ['an interleaved kind', [[0x79, 0, 0]]],
  ])('%s is damage', (_, payloads) => {
    expect(feed(depacketizeH264, payloads).taken.at(-1)).toBe(false);
  });
});

describe('H.265 payloads', () => {
  test('single, aggregate and fragments', () => {
    const { taken, hex, types } = feed(depacketizeH265, [
      [0x60, 1, 0, 3, 0x40, 1, 5, 0, 3, 0x42, 1, 6],
      [0x62, 1, 0x93, 1],
      [0x62, 1, 0x53, 2],
      [0x02, 1, 9],
    ]);
    expect(taken).toEqual([true, true, true, true]);
    expect(types).toEqual([32, 33, 19, 1]);
    expect(hex).toBe('0000000340010500000003420106000000042601010200000003020109');
  });

  test.each([
    ['a fragment without its start', [[0x62, 1, 0x13, 1]]],
    ['an unknown kind', [[0x64, 1, 0]]],
    [
      'a NAL unit within a fragmented one',
      [
        [0x62, 1, 0x93, 1],
        [0x02, 1, 9],
      ],
    ],
    ['an aggregate that is cut', [[0x60, 1, 0, 9, 1]]],
  ])('%s is damage', (_, payloads) => {
    expect(feed(depacketizeH265, payloads).taken.at(-1)).toBe(false);
  });
});

describe('AAC payloads', () => {
  const hbr = { sizeLength: 13, indexLength: 3, indexDeltaLength: 3 };
  const lbr = { sizeLength: 6, indexLength: 2, indexDeltaLength: 2 };
  const push = (depacketizer: AacDepacketizer, bytes: number[]): string[] | string => {
    const buffer = Buffer.from([0xee, ...bytes, 0xee]);
    const payload = depacketizer.push(buffer, 1, buffer.length - 1);
    return payload.kind === 'frames' ? payload.frames.map((frame) => frame.toString('hex')) : payload.kind;
  };

  test('several frames in one packet, hbr', () => {
    expect(push(new AacDepacketizer(hbr), [0, 32, 0, 16, 0, 24, 1, 2, 3, 4, 5])).toEqual(['0102', '030405']);
  });

  test('one frame, lbr', () => {
    expect(push(new AacDepacketizer(lbr), [0, 8, 0b00001100, 7, 8, 9])).toEqual(['070809']);
  });

  test('a frame that is split over packets', () => {
    const depacketizer = new AacDepacketizer(hbr);
    expect(push(depacketizer, [0, 16, 0, 32, 1, 2])).toBe('partial');
    expect(push(depacketizer, [0, 16, 0, 32, 3, 4])).toEqual(['01020304']);
  });

  test('a split frame is dropped when its rest was lost', () => {
    const depacketizer = new AacDepacketizer(hbr);
    push(depacketizer, [0, 16, 0, 32, 1, 2]);
    depacketizer.reset();
    expect(push(depacketizer, [0, 16, 0, 16, 3, 4])).toEqual(['0304']);
  });

  test.each([
    ['headers longer than the packet', [0xff, 0xff, 1]],
    ['no header', [0, 0, 1]],
    ['frames longer than the packet', [0, 32, 0, 16, 0xff, 0xf8, 1, 2]],
    ['one byte', [0]],
  ])('%s is damage', (_, bytes) => {
    expect(push(new AacDepacketizer(hbr), bytes)).toBe('damaged');
  });

  test('the layout comes from a=fmtp', () => {
    expect(
      readAuHeaderLayout(
        new Map([
          ['sizelength', '13'],
          ['indexlength', '3'],
          ['indexdeltalength', '3'],
        ]),
      ),
    ).toEqual(hbr);
    expect(readAuHeaderLayout(new Map())).toBeUndefined();
    expect(readAuHeaderLayout(new Map([['sizelength', '99']]))).toBeUndefined();
  });

  test.each([
    ['1210', { objectType: 2, samplingRate: 44100, channels: 2, samplesPerFrame: 1024 }],
    ['1408', { objectType: 2, samplingRate: 16000, channels: 1 }],
    ['2b920800', { objectType: 5, samplingRate: 22050, channels: 2 }],
    ['1214', { samplesPerFrame: 960 }],
    ['', undefined],
    ['ffff', undefined],
  ])('AudioSpecificConfig %s', (hex, expected) => {
    const reading = parseAacConfig(new Uint8Array(Buffer.from(hex, 'hex')));
    if (expected) expect(reading).toMatchObject(expected);
    else expect(reading).toBeUndefined();
  });
});
