import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TlsOptions } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import type { Clock } from '../../../../gateway/base/clock.ts';
import { systemClock } from '../../../../gateway/base/clock.ts';
import type { GatewayError } from '../../../../gateway/base/gateway-error.ts';
import { NetworkGuard } from '../../../../gateway/base/network-guard.ts';
import { RtspSession } from '../../../../gateway/ingest/rtsp/rtsp-session.ts';
import type { TransportChoice } from '../../../../gateway/ingest/rtsp/rtsp-session.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { ScriptedCamera } from '../../../support/scripted-camera.ts';
import { interleaved, writeRtp } from '../../../support/rtp-writer.ts';
import type { HeardRequest, Reaction } from '../../../support/scripted-camera.ts';

const SDP = [
  'v=0',
  'm=video 0 RTP/AVP 96',
  'a=rtpmap:96 H264/90000',
  'a=control:track1',
  'm=audio 0 RTP/AVP 97',
  'a=rtpmap:97 MPEG4-GENERIC/16000/1',
  'a=fmtp:97 mode=AAC-hbr;config=1408;sizelength=13;indexlength=3;indexdeltalength=3',
  'a=control:track2',
  '',
].join('\r\n');
const OK = 'RTSP/1.0 200 OK\r\nCSeq: {cseq}\r\n';
const DESCRIBED = `${OK}Content-Type: application/sdp\r\nContent-Length: ${SDP.length}\r\n\r\n${SDP}`;

/** Answers of a plain camera by method. */
const plain: Readonly<Record<string, string>> = {
  OPTIONS: `${OK}Public: DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN\r\n\r\n`,
  DESCRIBE: DESCRIBED,
  SETUP: `${OK}Session: abc;timeout=60\r\nTransport: RTP/AVP/TCP;interleaved=0-1\r\n\r\n`,
  PLAY: `${OK}\r\n`,
  GET_PARAMETER: `${OK}\r\n`,
  TEARDOWN: `${OK}\r\n`,
};
const likePlain: Reaction = (request) => plain[request.method];

let camera: ScriptedCamera | undefined;
let session: RtspSession | undefined;
const heardRtp: string[] = [];

afterEach(async () => {
  await session?.close();
  await camera?.stop();
  session = undefined;
  camera = undefined;
});

async function connectTo(
  react: Reaction,
  options: {
    clock?: Clock;
    password?: string;
    networks?: string[];
    url?: string;
    transport?: TransportChoice;
    tls?: TlsOptions;
  } = {},
): Promise<{ session: RtspSession; camera: ScriptedCamera; ended: Promise<GatewayError> }> {
  camera = await ScriptedCamera.start(react, options.tls);
  heardRtp.length = 0;
  const ended = Promise.withResolvers<GatewayError>();
  session = new RtspSession({
    clock: options.clock ?? systemClock,
    guard: new NetworkGuard(options.networks ?? ['127.0.0.0/8']),
    url: options.url ?? `${options.tls ? 'rtsps' : 'rtsp'}://${camera.host}/live`,
    credentials: {
      username: options.password === undefined ? '' : 'admin',
      password: options.password ?? '',
    },
    timeoutMs: 2000,
    transport: options.transport ?? 'auto',
    sink: {
      onRtp: (track, buffer, start, end) => heardRtp.push(`${track} ${buffer.toString('hex', start, end)}`),
      onRtcp: () => undefined,
      onEnd: (error) => ended.resolve(error),
      onRedirect: () => undefined,
    },
  });
  return { session, camera, ended: ended.promise };
}

function challenge(request: HeardRequest): string | undefined {
  const nonce = request.headers.get('authorization')?.includes('nonce="n2"') ? 'n2' : 'n1';
  return `RTSP/1.0 401 Unauthorized\r\nCSeq: {cseq}\r\nWWW-Authenticate: Digest realm="r", nonce="${nonce}"\r\n\r\n`;
}

describe('signing in', () => {
  test('a refused password is sent once and never again', async () => {
    const { session, camera } = await connectTo(challenge, { password: 'wrong' });
    await expect(session.open()).rejects.toMatchObject({ code: 'camera-auth-failed' });
    expect(camera.heard.filter(({ headers }) => headers.has('authorization'))).toHaveLength(1);
  });

  test('without a user name nothing is sent that could count as a wrong password', async () => {
    const { session, camera } = await connectTo(challenge);
    await expect(session.open()).rejects.toMatchObject({
      code: 'camera-auth-failed',
      message: expect.stringContaining('none is set') as string,
    });
    expect(camera.heard).toHaveLength(1);
  });

  test('a stale nonce is answered with the new one', async () => {
    let described = 0;
    const { session } = await connectTo(
      (request) => {
        const authorization = request.headers.get('authorization');
        if (!authorization) return challenge(request);
        if (request.method !== 'DESCRIBE') return plain[request.method];
        described += 1;
        return described === 1
          ? 'RTSP/1.0 401 Unauthorized\r\nCSeq: {cseq}\r\nWWW-Authenticate: Digest realm="r", nonce="n2", stale=TRUE\r\n\r\n'
          : DESCRIBED;
      },
      { password: 'right' },
    );
    await expect(session.open()).resolves.toBeDefined();
  });

  test('a nonce that is stale at its first use is no wrong password', async () => {
    const { session } = await connectTo(
      (request) => {
        const authorization = request.headers.get('authorization');
        if (authorization?.includes('nonce="fresh"')) return plain[request.method];
        const [nonce, stale] = authorization ? ['fresh', ', stale=true'] : ['old', ''];
        return `RTSP/1.0 401 Unauthorized\r\nCSeq: {cseq}\r\nWWW-Authenticate: Digest realm="r", nonce="${nonce}"${stale}\r\n\r\n`;
      },
      { password: 'right' },
    );
    await expect(session.open()).resolves.toBeDefined();
  });

  test('Basic is used only where nothing better is offered', async () => {
    const { session, camera } = await connectTo(
      (request) =>
        request.headers.has('authorization')
          ? plain[request.method]
          : 'RTSP/1.0 401 Unauthorized\r\nCSeq: {cseq}\r\nWWW-Authenticate: Basic realm="r"\r\n\r\n',
      { password: 'pw' },
    );
    await session.open();
    expect(camera.heard[1]?.headers.get('authorization')).toBe(
      `Basic ${Buffer.from('admin:pw').toString('base64')}`,
    );
  });
});

describe('failures name step and status', () => {
  test('a path that does not exist', async () => {
    const { session } = await connectTo((request) =>
      request.method === 'DESCRIBE'
        ? 'RTSP/1.0 404 Not Found\r\nCSeq: {cseq}\r\n\r\n'
        : likePlain(request, undefined as never),
    );
    await expect(session.open()).rejects.toMatchObject({
      code: 'camera-protocol-error',
      message: 'DESCRIBE was answered 404 Not Found: the stream path /live does not exist on the camera',
    });
  });

  test('a camera that refuses the connection is offline, by host and port', async () => {
    const { session, camera } = await connectTo(likePlain, { url: 'rtsp://127.0.0.1:1/live' });
    await expect(session.open()).rejects.toMatchObject({
      code: 'camera-offline',
      message: expect.stringContaining('127.0.0.1:1 refused') as string,
    });
    expect(camera.heard).toHaveLength(0);
  });

  test('an address outside the allowed networks is never contacted', async () => {
    const { session, camera } = await connectTo(likePlain, { networks: ['10.0.0.0/8'] });
    await expect(session.open()).rejects.toMatchObject({ code: 'address-not-allowed' });
    expect(camera.heard).toHaveLength(0);
  });

  test('a camera that does not answer is offline after the deadline', async () => {
    const clock = new FakeClock();
    const { session, camera } = await connectTo(() => undefined, { clock });
    const opening = session.open();
    const outcome = expect(opening).rejects.toMatchObject({
      code: 'camera-offline',
      message: expect.stringContaining('did not answer OPTIONS within 2 s') as string,
    });
    await camera.heardOne('OPTIONS');
    await clock.advance(2000);
    await outcome;
  });
});

describe('the life of a session', () => {
  test('it is torn down when PLAY is refused', async () => {
    const { session, camera } = await connectTo((request) =>
      request.method === 'PLAY'
        ? 'RTSP/1.0 453 Not Enough Bandwidth\r\nCSeq: {cseq}\r\n\r\n'
        : plain[request.method],
    );
    const plan = await session.open();
    await expect(session.play(plan)).rejects.toMatchObject({ code: 'camera-protocol-error' });
    await session.close();
    expect((await camera.heardOne('TEARDOWN')).headers.get('session')).toBe('abc');
  });

  test('a sound track that cannot be set up is left out', async () => {
    const { session } = await connectTo((request) =>
      request.uri.endsWith('track2') ? 'RTSP/1.0 500 Oops\r\nCSeq: {cseq}\r\n\r\n' : plain[request.method],
    );
    const plan = await session.open();
    expect(plan.audio).not.toBeNull();
    expect((await session.play(plan)).audio).toBeNull();
  });

  test('it is kept alive at half of the advertised timeout', async () => {
    const clock = new FakeClock();
    const { session, camera } = await connectTo(likePlain, { clock });
    await session.play(await session.open());
    await clock.advance(29_000);
    expect(camera.methods).not.toContain('GET_PARAMETER');
    await clock.advance(1000);
    expect((await camera.heardOne('GET_PARAMETER')).headers.get('session')).toBe('abc');
  });

  test('OPTIONS keeps it alive where GET_PARAMETER is not offered', async () => {
    const clock = new FakeClock();
    const { session, camera } = await connectTo(
      (request) =>
        request.method === 'OPTIONS' ? `${OK}Public: DESCRIBE, PLAY\r\n\r\n` : plain[request.method],
      { clock },
    );
    await session.play(await session.open());
    const before = camera.heard.length;
    await clock.advance(30_000);
    while (camera.heard.length === before) await new Promise((resolve) => setImmediate(resolve));
    expect(camera.heard.at(-1)?.method).toBe('OPTIONS');
  });

  test('a session that the camera forgot ends', async () => {
    const clock = new FakeClock();
    let playing = false;
    const { session, ended } = await connectTo(
      (request) =>
        playing && ['GET_PARAMETER', 'OPTIONS'].includes(request.method)
          ? 'RTSP/1.0 454 Session Not Found\r\nCSeq: {cseq}\r\n\r\n'
          : plain[request.method],
      { clock },
    );
    await session.play(await session.open());
    playing = true;
    await clock.advance(30_000);
    expect((await ended).message).toContain('the camera forgot the session');
  });

  test('it follows a redirect, and not for ever', async () => {
    const target = await ScriptedCamera.start(likePlain);
    const { session } = await connectTo((request) =>
      request.method === 'DESCRIBE'
        ? `RTSP/1.0 302 Moved\r\nCSeq: {cseq}\r\nLocation: rtsp://${target.host}/other\r\n\r\n`
        : plain[request.method],
    );
    await session.open();
    expect((await target.heardOne('DESCRIBE')).uri).toBe(`rtsp://${target.host}/other`);
    await session.close();
    await target.stop();
    await camera?.stop();
    const circle = await connectTo((request) =>
      request.method === 'DESCRIBE'
        ? 'RTSP/1.0 301 Moved\r\nCSeq: {cseq}\r\nLocation: rtsp://{host}/again\r\n\r\n'
        : plain[request.method],
    );
    await expect(circle.session.open()).rejects.toMatchObject({ code: 'camera-protocol-error' });
  });

  test('a camera that hangs up is told, once', async () => {
    const { session, camera, ended } = await connectTo(likePlain);
    await session.play(await session.open());
    for (const socket of camera.sockets) socket.destroy();
    expect((await ended).code).toBe('camera-offline');
  });
});

describe('packets on the connection', () => {
  const packet = (sequence: number): Buffer =>
    writeRtp({ sequence, timestamp: 0, payload: Buffer.from([0x41, sequence]) });

  test('before the answer to PLAY are taken, those of channels that were not set up are not', async () => {
    const { session } = await connectTo((request, socket) => {
      if (request.method !== 'PLAY') return plain[request.method];
      const early = [interleaved(0, packet(1)), interleaved(9, packet(2)), interleaved(0, packet(3))];
      socket.write(Buffer.concat(early));
      return plain['PLAY'];
    });
    await session.play(await session.open());
    expect(heardRtp).toEqual([packet(1), packet(3)].map((bytes) => `video ${bytes.toString('hex')}`));
  });

  test('come on the channels that the camera chose', async () => {
    const { session } = await connectTo((request, socket) => {
      if (request.method === 'SETUP' && request.uri.endsWith('track1')) {
        return `${OK}Session: abc\r\nTransport: RTP/AVP/TCP;interleaved=6-7\r\n\r\n`;
      }
      if (request.method === 'PLAY') socket.write(interleaved(6, packet(1)));
      return plain[request.method];
    });
    await session.play(await session.open());
    expect(heardRtp).toHaveLength(1);
  });
});

test('rtsps is RTSP over TLS, with the certificate that the camera made itself', async () => {
  const file = (name: string): Buffer =>
    readFileSync(join(import.meta.dirname, '../../../fixtures/onvif', name));
  const tls = { cert: file('self-signed_cert.pem'), key: file('self-signed_key.pem') };
  const { session, camera } = await connectTo(likePlain, { tls });
  await session.play(await session.open());
  expect(camera.heard[0]?.uri).toBe(`rtsps://${camera.host}/live`);
  await session.close();
  expect(camera.methods.at(-1)).toBe('TEARDOWN');
});

describe('UDP', () => {
  const portsOf = (request: HeardRequest): number[] =>
    (/client_port=(\d+)-(\d+)/.exec(request.headers.get('transport') ?? '') ?? []).slice(1).map(Number);

  test('has an even port and its neighbour, and takes packets from the camera’s address alone', async () => {
    const from = createSocket('udp4').bind(0, '127.0.0.1');
    const stranger = createSocket('udp4').bind(0, '127.0.0.2');
    await Promise.all([once(from, 'listening'), once(stranger, 'listening')]);
    const punched = once(from, 'message');
    let ports: number[] = [];
    const { session } = await connectTo(
      (request) => {
        if (request.method !== 'SETUP') return plain[request.method];
        if (request.uri.endsWith('track2')) return `RTSP/1.0 500 Oops\r\nCSeq: {cseq}\r\n\r\n`;
        ports = portsOf(request);
        const server = `${from.address().port}-${from.address().port}`;
        return `${OK}Session: abc\r\nTransport: ${request.headers.get('transport')};server_port=${server}\r\n\r\n`;
      },
      { transport: 'udp' },
    );
    const running = await session.play(await session.open());
    const [rtp = 0, rtcp = 0] = ports;
    expect([rtp % 2, rtcp - rtp]).toEqual([0, 1]);
    expect([running.audio, session.transport]).toEqual([null, 'udp']);
    const [punch] = (await punched) as [Buffer, { port: number }];
    expect(punch[0]).toBe(0x80);
    const packet = (sequence: number): Buffer =>
      writeRtp({ sequence, timestamp: 0, payload: Buffer.from([1]) });
    for (const sequence of [7, 8, 9]) stranger.send(packet(sequence), rtp, '127.0.0.1');
    for (const sequence of [1, 2]) from.send(packet(sequence), rtp, '127.0.0.1');
    while (heardRtp.length < 2) await new Promise((resolve) => setImmediate(resolve));
    expect(heardRtp).toEqual([1, 2].map((sequence) => `video ${packet(sequence).toString('hex')}`));
    await session.close();
    const again = createSocket('udp4').bind(rtp, '127.0.0.1');
    await once(again, 'listening');
    for (const socket of [from, stranger, again]) socket.close();
  });

  test.each([
    ['auto', ['RTP/AVP/TCP', 'RTP/AVP', 'RTP/AVP'], 'udp'],
    ['udp', ['RTP/AVP', 'RTP/AVP/TCP', 'RTP/AVP/TCP'], 'tcp'],
  ] as const)('with %s the first answer 461 brings the other way', async (transport, asked, kind) => {
    let setUps = 0;
    const { session, camera } = await connectTo(
      (request) => {
        if (request.method !== 'SETUP') return plain[request.method];
        setUps += 1;
        if (setUps === 1) return 'RTSP/1.0 461 Unsupported Transport\r\nCSeq: {cseq}\r\n\r\n';
        return `${OK}Session: abc\r\nTransport: ${request.headers.get('transport')}\r\n\r\n`;
      },
      { transport },
    );
    await session.play(await session.open());
    const offers = camera.heard.filter(({ method }) => method === 'SETUP');
    expect(offers.map(({ headers }) => headers.get('transport')?.split(';')[0])).toEqual(asked);
    expect(session.transport).toBe(kind);
  });

  test.each([
    ['auto', 'neither over TCP nor over UDP', 2],
    ['tcp', 'not send RTP over TCP; set ingest.transport to auto', 1],
  ] as const)('with %s a camera that takes nothing is told as that', async (transport, words, tries) => {
    const { session, camera } = await connectTo(
      (request) =>
        request.method === 'SETUP'
          ? 'RTSP/1.0 461 Unsupported Transport\r\nCSeq: {cseq}\r\n\r\n'
          : plain[request.method],
      { transport },
    );
    const plan = await session.open();
    await expect(session.play(plan)).rejects.toMatchObject({
      code: 'camera-protocol-error',
      message: expect.stringContaining(words) as string,
    });
    expect(camera.methods.filter((method) => method === 'SETUP')).toHaveLength(tries);
  });
});
