import { describe, expect, test } from 'vitest';
import { InterleavedReader } from '../../../../gateway/ingest/rtsp/interleaved-reader.ts';
import { interleaved, writeRtp } from '../../../support/rtp-writer.ts';

function readAll(chunks: readonly Buffer[]): { found: string[]; fault: string | undefined; garbage: number } {
  const found: string[] = [];
  const reader = new InterleavedReader({
    onPacket: (channel, buffer, start, end) =>
      found.push(`$${channel} ${buffer.toString('hex', start, end)}`),
    onMessage: (message) =>
      found.push(
        message.kind === 'response'
          ? `${message.status} ${message.body.toString()}`
          : `${message.method} ${message.uri}`,
      ),
    isKnownChannel: (channel) => channel < 2,
  });
  let fault: string | undefined;
  for (const chunk of chunks) fault ??= reader.push(chunk);
  return { found, fault, garbage: reader.garbageBytes };
}

function split(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    Buffer.from(bytes.subarray(index * size, (index + 1) * size)),
  );
}

const packet = writeRtp({ sequence: 1, timestamp: 2, payload: Buffer.from('RTSP/1.0 is only payload here') });
const second = writeRtp({ sequence: 2, timestamp: 2, payload: Buffer.from([0x24, 0, 0, 1, 9]) });
const hexOf = (channel: number, bytes: Buffer): string => `$${channel} ${bytes.toString('hex')}`;

describe('packets and messages', () => {
  const stream = Buffer.concat([
    interleaved(0, packet),
    Buffer.from('RTSP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello'),
    interleaved(1, second),
    Buffer.from('OPTIONS rtsp://x/ RTSP/1.0\nCSeq: 7\n\n'),
    interleaved(0, Buffer.alloc(0)),
    interleaved(9, packet),
  ]);
  const expected = [
    hexOf(0, packet),
    '200 hello',
    hexOf(1, second),
    'OPTIONS rtsp://x/',
    '$0 ',
    hexOf(9, packet),
  ];

  test.each([1, 2, 3, 5, 7, 16, 64, 1000])('come out the same from chunks of %i bytes', (size) => {
    expect(readAll(split(stream, size))).toEqual({ found: expected, fault: undefined, garbage: 0 });
  });

  test('a packet inside one chunk is a view, not a copy', () => {
    const chunk = interleaved(0, packet);
    let same = false;
    new InterleavedReader({
      onPacket: (_, buffer) => {
        same = buffer === chunk;
      },
      onMessage: () => undefined,
      isKnownChannel: () => true,
    }).push(chunk);
    expect(same).toBe(true);
  });
});

describe('bytes that do not belong there', () => {
  const garbage = Buffer.from([
    0x24, 0x77, 0x00, 0x05, 1, 2, 3, 4, 5, 0xff, 0x24, 0x30, 0x10, 0x10, 0x11, 0x52, 0x54,
  ]);

  test.each([1, 4, 9, 1000])('are skipped up to the next packet (chunks of %i)', (size) => {
    const stream = Buffer.concat([
      Buffer.from([0xff]),
      garbage,
      interleaved(0, packet),
      interleaved(1, second),
    ]);
    const { found, fault } = readAll(split(stream, size));
    expect(fault).toBeUndefined();
    expect(found.slice(-2)).toEqual([hexOf(0, packet), hexOf(1, second)]);
  });

  test('are no packet of a channel that was never set up', () => {
    const stray = Buffer.from([0xff, 0x24, 0x77, 0x00, 0x05, 0x80, 2, 3, 4, 5]);
    expect(readAll([Buffer.concat([stray, interleaved(0, packet)])]).found).toEqual([hexOf(0, packet)]);
  });

  test('are skipped up to the next reply', () => {
    const reply = Buffer.from('RTSP/1.0 454 Session Not Found\r\nCSeq: 3\r\n\r\n');
    expect(readAll([Buffer.from([1, 2, 3, 0x24]), Buffer.from([0x50]), reply]).found).toEqual(['454 ']);
  });

  test('end the connection when nothing else comes', () => {
    expect(readAll([Buffer.alloc(2 * 1024 * 1024, 0xee)]).fault).toContain('neither RTP nor RTSP');
  });
});

describe('limits', () => {
  test('headers without end are refused', () => {
    expect(readAll(split(Buffer.from(`RTSP/1.0 200 OK\r\nA: ${'x'.repeat(80_000)}`), 8000)).fault).toContain(
      'longer than',
    );
  });

  test.each(['2000000', '-1', 'x'])('a body of %s bytes is refused', (length) => {
    expect(readAll([Buffer.from(`RTSP/1.0 200 OK\r\nContent-Length: ${length}\r\n\r\n`)]).fault).toContain(
      'body of',
    );
  });
});
