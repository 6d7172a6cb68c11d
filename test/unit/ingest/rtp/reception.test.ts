import { expect, test } from 'vitest';
import { Reception } from '../../../../gateway/ingest/rtp/reception.ts';
import { parseRtcp } from '../../../../gateway/ingest/rtp/rtcp.ts';
import { parseRtpPacket } from '../../../../gateway/ingest/rtp/rtp-packet.ts';
import { writeReceiverReport } from '../../../../gateway/ingest/rtp/receiver-report.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { writeRtp, writeSenderReport } from '../../../support/rtp-writer.ts';

const clock = new FakeClock();

function take(reception: Reception, sequence: number, timestamp = 0, ssrc = 5): void {
  const packet = writeRtp({ sequence, timestamp, payload: Buffer.from([1]), ssrc });
  const head = parseRtpPacket(packet, 0, packet.length);
  if (head) reception.take(head);
}

test('nothing is reported before the first packet', () => {
  expect(new Reception(clock, 90_000).block()).toBeUndefined();
});

test('losses since the start and since the last report, over the wrap', () => {
  const reception = new Reception(clock, 90_000);
  for (const sequence of [65_533, 65_534, 1, 2]) take(reception, sequence);
  expect(reception.block()).toMatchObject({
    ssrc: 5,
    highestSequence: 65_536 + 2,
    packetsLost: 2,
    fractionLost: Math.floor((2 * 256) / 6),
  });
  for (const sequence of [3, 4, 5, 6]) take(reception, sequence);
  expect(reception.block()).toMatchObject({ packetsLost: 2, fractionLost: 0 });
});

test('packets that came twice make the losses negative and the fraction nothing', () => {
  const reception = new Reception(clock, 90_000);
  for (const sequence of [1, 2, 2, 2]) take(reception, sequence);
  expect(reception.block()).toMatchObject({ packetsLost: -2, fractionLost: 0 });
});

test('a new source or numbering is counted from its start', () => {
  const reception = new Reception(clock, 90_000);
  take(reception, 1);
  take(reception, 30_000);
  expect(reception.block()).toMatchObject({ packetsLost: 0, highestSequence: 30_000 });
  take(reception, 9, 0, 6);
  expect(reception.block()).toMatchObject({ ssrc: 6, packetsLost: 0, highestSequence: 9 });
});

test('jitter is that of RFC 3550 section 6.4.1, of the first packets of pictures', () => {
  const reception = new Reception(clock, 90_000);
  take(reception, 1, 0);
  clock.advanceNow(30);
  take(reception, 2, 0);
  clock.advanceNow(26);
  // 40 ms later by its clock, 56 ms later here: 16 ms = 1440 ticks, of which a sixteenth counts.
  take(reception, 3, 3600);
  expect(reception.block()?.jitter).toBe(90);
});

test('the last sender report is named with the time since', () => {
  const reception = new Reception(clock, 90_000);
  take(reception, 1);
  const written = writeSenderReport(1_795_449_600_250, 7);
  const { report } = parseRtcp(written, 0, written.length);
  if (report) reception.takeReport(report);
  clock.advanceNow(2500);
  expect(reception.block()).toMatchObject({
    lastReport: written.readUInt32BE(10),
    sinceLastReport: 2.5 * 65_536,
  });
});

test('the packet is a receiver report and a name, as RFC 3550 sections 6.4.2 and 6.5 lay them out', () => {
  const block = {
    ssrc: 0x01020304,
    fractionLost: 51,
    packetsLost: -2,
    highestSequence: 0x00010005,
    jitter: 9,
    lastReport: 0xaabbccdd,
    sinceLastReport: 65_536,
  };
  const packet = writeReceiverReport({ ssrc: 0x0a0b0c0d, cname: 'abc' }, block);
  expect(packet.toString('hex')).toBe(
    '81c90007' +
      '0a0b0c0d' +
      '01020304' +
      '33fffffe' +
      '00010005' +
      '00000009' +
      'aabbccdd' +
      '00010000' +
      '81ca0003' +
      '0a0b0c0d' +
      '0103616263000000',
  );
  for (let length = 0; length < 20; length += 1) {
    const other = writeReceiverReport({ ssrc: 1, cname: 'x'.repeat(length) }, block);
    expect(other.length % 4).toBe(0);
    expect(other.readUInt16BE(34)).toBe((other.length - 32) / 4 - 1);
    expect(other.at(-1)).toBe(0);
  }
});
