import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InterleavedReader } from '../../gateway/ingest/rtsp/interleaved-reader.ts';
import { RtspAuthorization } from '../../gateway/ingest/rtsp/rtsp-authorization.ts';
import { parseChallenges } from '../../gateway/ingest/rtsp/rtsp-challenge.ts';
import { parseRtspHead, serializeRtsp } from '../../gateway/ingest/rtsp/rtsp-message.ts';
import { parseRtspUrl, resolveControl } from '../../gateway/ingest/rtsp/rtsp-url.ts';
import { parseTransport } from '../../gateway/ingest/rtsp/transport-header.ts';
import { interleaved } from '../support/rtp-writer.ts';
import { fuzzRuns } from './support/fuzz-runs.ts';

const bytes = fc.uint8Array({ maxLength: 400 }).map((array) => Buffer.from(array));
const packet = fc
  .record({ channel: fc.nat({ max: 255 }), body: bytes })
  .map(({ channel, body }) => interleaved(channel, body));
const message = fc.constantFrom(
  'RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n',
  'RTSP/1.0 200 OK\nContent-Length: 3\n\nabc',
  'RTSP/1.0 200 \u2028\r\n\r\n',
  'OPTIONS * RTSP/1.0\r\n\r\n',
  'RTSP/1.0 200 OK\r\nContent-Length: 99999999\r\n\r\n',
  'RTSP/',
  'TEARDOWN nowhere',
);
const piece = fc.oneof(
  packet,
  message.map((text) => Buffer.from(text)),
  bytes,
);

function read(chunks: readonly Buffer[]): string[] {
  const found: string[] = [];
  const reader = new InterleavedReader({
    onPacket: (channel, buffer, start, end) => {
      expect(end).toBeLessThanOrEqual(buffer.length);
      found.push(`${channel}:${buffer.toString('hex', start, end)}`);
    },
    onMessage: (heard) => found.push(`${heard.kind} ${heard.body.toString('hex')}`),
    isKnownChannel: (channel) => channel < 4,
  });
  for (const chunk of chunks) if (reader.push(chunk) !== undefined) break;
  return found;
}

test('any chunks are read to an end without a throw', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => void read(pieces)),
    fuzzRuns(500, 1 / 5),
  );
});

test('true packets and messages come out the same however they are cut', () => {
  const whole = fc.array(
    fc.oneof(
      packet,
      fc.constantFrom('RTSP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nabc').map((text) => Buffer.from(text)),
    ),
    { maxLength: 10 },
  );
  fc.assert(
    fc.property(whole, fc.integer({ min: 1, max: 50 }), (pieces, size) => {
      const stream = Buffer.concat(pieces);
      const cut = Array.from({ length: Math.ceil(stream.length / size) }, (_, index) =>
        stream.subarray(index * size, (index + 1) * size),
      );
      expect(read(cut)).toEqual(read([stream]));
      expect(read([stream])).toHaveLength(pieces.length);
    }),
    fuzzRuns(300, 1 / 5),
  );
});

const headerName = fc.stringMatching(/^[A-Za-z][A-Za-z-]{0,12}$/);
const headerValue = fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/);

test('what is written reads back the same', () => {
  fc.assert(
    fc.property(fc.dictionary(headerName, headerValue, { maxKeys: 6 }), (headers) => {
      const read = parseRtspHead(serializeRtsp('RTSP/1.0 200 OK', headers).trimEnd());
      for (const [name, value] of Object.entries(headers)) {
        expect(read?.headers.get(name.toLowerCase())).toContain(value);
      }
    }),
    fuzzRuns(100, 1 / 5),
  );
});

test('no header text throws, and every answer is one line', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'binary', maxLength: 200 }), { maxLength: 3 }),
      fc.string(),
      (values, uri) => {
        parseRtspHead(values.join('\n'));
        parseTransport(values.join(';'));
        const authorization = new RtspAuthorization({ username: uri, password: 'x' });
        authorization.accept(parseChallenges(values));
        authorization.accept(parseChallenges([`Digest realm="${values.join()}", nonce="${uri}"`]));
        expect(authorization.header('OPTIONS', 'rtsp://x/') ?? '').not.toMatch(/[\r\n]/);
      },
    ),
    fuzzRuns(100, 1 / 5),
  );
});

test('no URL leads to a request line of two lines', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (path, control) => {
      const target = parseRtspUrl(`rtsp://host/${path}`);
      const uris = [target?.uri ?? '', resolveControl('rtsp://host/x', control)];
      for (const uri of uris) expect(uri).toMatch(/^[\x21-\x7e]*$/);
    }),
    fuzzRuns(100, 1 / 5),
  );
});
