import { expect, test } from 'vitest';
import { ReorderBuffer } from '../../../../gateway/ingest/rtp/reorder-buffer.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { writeRtp } from '../../../support/rtp-writer.ts';

function makeBuffer(): { clock: FakeClock; out: number[]; push: (...sequences: number[]) => void } {
  const clock = new FakeClock();
  const out: number[] = [];
  const buffer = new ReorderBuffer(clock, (packet) => out.push(packet.readUInt16BE(2)));
  const push = (...sequences: number[]): void => {
    for (const sequence of sequences) {
      buffer.push(writeRtp({ sequence, timestamp: 0, payload: Buffer.from([1]) }));
    }
  };
  return { clock, out, push };
}

test('packets in order pass at once, over the wrap', () => {
  const { clock, out, push } = makeBuffer();
  push(65_534, 65_535, 0, 1);
  expect(out).toEqual([65_534, 65_535, 0, 1]);
  expect(clock.pending).toBe(0);
});

test('packets before their turn wait for those that are missing; repeats and late ones are left out', () => {
  const { clock, out, push } = makeBuffer();
  push(65_534, 1, 65_535, 1, 65_535, 0, 2, 1);
  expect(out).toEqual([65_534, 65_535, 0, 1, 2]);
  expect(clock.pending).toBe(0);
});

test('a gap is given up 200 ms after the packet behind it came, and each gap for itself', async () => {
  const { clock, out, push } = makeBuffer();
  push(1, 3);
  await clock.advance(100);
  push(5);
  await clock.advance(99);
  expect(out).toEqual([1]);
  await clock.advance(1);
  expect(out).toEqual([1, 3]);
  await clock.advance(100);
  expect(out).toEqual([1, 3, 5]);
  push(4, 6);
  expect(out).toEqual([1, 3, 5, 6]);
  expect(clock.pending).toBe(0);
});

test('many gaps do not add up their waits', async () => {
  const { clock, out, push } = makeBuffer();
  push(...Array.from({ length: 50 }, (_, index) => index * 2));
  await clock.advance(200);
  expect(out).toHaveLength(50);
});

test('no more than 1024 packets are held', () => {
  const { out, push } = makeBuffer();
  push(0, ...Array.from({ length: 1024 }, (_, index) => index + 2));
  expect(out).toHaveLength(1025);
});

test('a single packet out of all order is a stray, two in a row are a new numbering', () => {
  const { out, push } = makeBuffer();
  push(1, 40_000, 2, 3);
  expect(out).toEqual([1, 2, 3]);
  push(50_000, 50_001, 50_002);
  expect(out).toEqual([1, 2, 3, 50_000, 50_001, 50_002]);
});

test('another source begins anew behind what was held of the first', () => {
  const clock = new FakeClock();
  const out: string[] = [];
  const buffer = new ReorderBuffer(clock, (packet) =>
    out.push(`${packet.readUInt32BE(8)}/${packet.readUInt16BE(2)}`),
  );
  for (const [ssrc, sequence] of [
    [7, 1],
    [7, 3],
    [8, 500],
    [8, 501],
  ] as const) {
    buffer.push(writeRtp({ sequence, ssrc, timestamp: 0, payload: Buffer.from([1]) }));
  }
  expect(out).toEqual(['7/1', '7/3', '8/500', '8/501']);
});

test('what is no RTP packet is left out, and closing ends the wait', () => {
  const { clock, out, push } = makeBuffer();
  const buffer = new ReorderBuffer(clock, () => out.push(-1));
  for (const size of [0, 3, 11, 30]) buffer.push(Buffer.alloc(size));
  push(1, 3);
  expect(out).toEqual([1]);
  buffer.push(writeRtp({ sequence: 1, timestamp: 0, payload: Buffer.alloc(1) }));
  buffer.push(writeRtp({ sequence: 9, timestamp: 0, payload: Buffer.alloc(1) }));
  buffer.close();
  expect(clock.pending).toBe(1);
});
