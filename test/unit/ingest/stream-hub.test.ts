import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../gateway/base/clock.ts';
import type { Clock } from '../../../gateway/base/clock.ts';
import { silentLogger } from '../../../gateway/base/logger.ts';
import { NetworkGuard } from '../../../gateway/base/network-guard.ts';
import type { FeedStatus } from '../../../gateway/ingest/feeds.ts';
import type { TransportChoice } from '../../../gateway/ingest/rtsp/rtsp-session.ts';
import { StreamHub } from '../../../gateway/ingest/stream-hub.ts';
import type { StreamSource } from '../../../gateway/ingest/stream-sources.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { interleaved, writeRtp } from '../../support/rtp-writer.ts';
import { ScriptedCamera } from '../../support/scripted-camera.ts';
import type { Reaction } from '../../support/scripted-camera.ts';
import { StreamRecorder as Recorder } from '../../support/stream-recorder.ts';

const undo: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

const user = { username: 'viewer', password: 'gst-pass' };

function makeHub(
  source: () => StreamSource | undefined,
  clock: Clock = systemClock,
  transport: TransportChoice = 'auto',
): StreamHub {
  const hub = new StreamHub({
    clock,
    logger: silentLogger,
    sources: { streamSource: async () => source() },
    guard: new NetworkGuard(['127.0.0.0/8']),
    idleTimeoutSec: 30,
    connectTimeoutSec: 5,
    noFramesTimeoutSec: 6,
    transport,
  });
  hub.start();
  undo.push(() => hub.stop());
  return hub;
}

function untilStatus(hub: StreamHub, fits: (status: FeedStatus) => boolean): Promise<FeedStatus> {
  return new Promise((resolve) => {
    const leave = hub.onStatus((status) => {
      if (!fits(status)) return;
      leave();
      resolve(status);
    });
  });
}

const SDP =
  'v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=fmtp:96 sprop-parameter-sets=Z0LAHtkDxWhAAAADAEAAAAwDxYuS,aMuMsg==\r\na=control:t\r\n';
const OK = 'RTSP/1.0 200 OK\r\nCSeq: {cseq}\r\n';
const key = interleaved(
  0,
  writeRtp({ sequence: 1, timestamp: 0, marker: true, payload: Buffer.from([0x65, 0x88, 0x84, 0, 0x33]) }),
);

/** A camera of one key frame for each PLAY. */
const simple: Reaction = (request, socket) => {
  if (request.method === 'DESCRIBE') return `${OK}Content-Length: ${SDP.length}\r\n\r\n${SDP}`;
  if (request.method === 'SETUP') return `${OK}Session: s\r\nTransport: RTP/AVP/TCP;interleaved=0-1\r\n\r\n`;
  if (request.method === 'PLAY') setImmediate(() => socket.write(key));
  return `${OK}\r\n`;
};

async function scripted(react: Reaction): Promise<{ camera: ScriptedCamera; source: StreamSource }> {
  const camera = await ScriptedCamera.start(react);
  undo.push(() => camera.stop());
  return { camera, source: { url: `rtsp://${camera.host}/live`, ...user, revision: '1' } };
}

const refuse: Reaction = () =>
  'RTSP/1.0 401 Unauthorized\r\nCSeq: {cseq}\r\nWWW-Authenticate: Digest realm="r", nonce="n"\r\n\r\n';

describe('on demand', () => {
  test('the pull ends with TEARDOWN when the last user has been gone for its linger time', async () => {
    const clock = new FakeClock();
    const { camera, source } = await scripted(simple);
    const hub = makeHub(() => source, clock);
    const recorder = new Recorder();
    const leave = hub.subscribe('cam', 'main', recorder, { lingerMs: 4000 });
    await recorder.until(({ video }) => video.length === 1);
    leave();
    await clock.advance(3999);
    expect(camera.methods).not.toContain('TEARDOWN');
    const idle = untilStatus(hub, ({ state }) => state === 'idle');
    await clock.advance(1);
    await camera.heardOne('TEARDOWN');
    expect(await idle).toMatchObject({ tracks: null, failure: null, subscribers: 0 });
  });

  test('who comes back in time finds the connection and the GOP held', async () => {
    const clock = new FakeClock();
    const { camera, source } = await scripted(simple);
    const hub = makeHub(() => source, clock);
    const first = new Recorder();
    const leave = hub.subscribe('cam', 'main', first);
    await first.until(({ video }) => video.length === 1);
    leave();
    await clock.advance(3000);
    const again = new Recorder();
    hub.subscribe('cam', 'main', again);
    expect(again.samples).toEqual(first.samples);
    await clock.advance(1500);
    expect(camera.methods).not.toContain('TEARDOWN');
    expect(camera.heard.at(-1)?.connection).toBe(1);
  });

  test('stop tells the camera', async () => {
    const { camera, source } = await scripted(simple);
    const hub = makeHub(() => source);
    const recorder = new Recorder();
    hub.subscribe('cam', 'main', recorder);
    await recorder.until(({ video }) => video.length === 1);
    await hub.stop();
    expect(camera.methods.at(-1)).toBe('TEARDOWN');
    expect(hub.status('cam', 'main').state).toBe('idle');
  });

  test('nothing is asked of a camera that nobody wants', async () => {
    const { camera, source } = await scripted(simple);
    const hub = makeHub(() => source);
    expect(hub.status('cam', 'main')).toMatchObject({ state: 'idle', subscribers: 0 });
    hub.refresh('cam');
    expect(camera.heard).toHaveLength(0);
  });
});

describe('failures', () => {
  test('a camera that is off is unreachable and tried again after a second', async () => {
    const clock = new FakeClock();
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    const hub = makeHub(() => ({ url: `rtsp://127.0.0.1:${port}/live`, ...user, revision: '1' }), clock);
    const recorder = new Recorder();
    hub.subscribe('cam', 'main', recorder);
    await recorder.until(({ failures }) => failures.length === 1);
    const [failure] = recorder.failures;
    expect(failure).toMatchObject({ code: 'unreachable', sinceMs: clock.now() });
    expect(failure?.message).toContain(`127.0.0.1:${port} refused`);
    const waitMs = (failure?.retryAtMs ?? 0) - clock.now();
    expect(waitMs).toBeGreaterThanOrEqual(800);
    expect(waitMs).toBeLessThanOrEqual(1200);
    const again = recorder.until(({ failures }) => failures.length === 2);
    await clock.advance(waitMs);
    await again;
    expect(recorder.failures[1]?.sinceMs).toBe(failure?.sinceMs);
    expect(hub.status('cam', 'main').measures.reconnects).toBe(0);
  });

  test('a camera that plays but sends nothing has no frames, and is torn down', async () => {
    const clock = new FakeClock();
    const { camera, source } = await scripted((request, socket) =>
      request.method === 'PLAY' ? `${OK}\r\n` : simple(request, socket),
    );
    const hub = makeHub(() => source, clock);
    const recorder = new Recorder();
    hub.subscribe('cam', 'main', recorder);
    await camera.heardOne('PLAY');
    const failed = recorder.until(({ failures }) => failures.length === 1);
    while (recorder.failures.length === 0) await clock.advance(1000);
    await failed;
    expect(recorder.failures[0]).toMatchObject({ code: 'no-frames' });
    expect(camera.methods.at(-1)).toBe('TEARDOWN');
  });

  test('a camera that hangs up is connected to again, as a new epoch', async () => {
    const clock = new FakeClock();
    const { camera, source } = await scripted(simple);
    const hub = makeHub(() => source, clock);
    const recorder = new Recorder();
    hub.subscribe('cam', 'main', recorder);
    await recorder.until(({ video }) => video.length === 1);
    const failed = recorder.until(({ failures }) => failures.length === 1);
    for (const socket of camera.sockets) socket.destroy();
    await failed;
    expect(hub.status('cam', 'main')).toMatchObject({ state: 'waiting', tracks: null });
    const back = recorder.until(({ video }) => video.length === 2);
    await clock.advance(1300);
    await back;
    expect(recorder.tracks.map(({ epoch }) => epoch)).toEqual([1, 2]);
    expect(recorder.samples.map(({ epoch, dts }) => [epoch, dts])).toEqual([
      [1, 0],
      [2, 0],
    ]);
    expect(hub.status('cam', 'main')).toMatchObject({ state: 'running', failure: null });
    expect(hub.status('cam', 'main').measures.reconnects).toBe(1);
  });

  test('a camera that sends us elsewhere while it plays is torn down and followed at once, the next time asked first again', async () => {
    const clock = new FakeClock();
    const { camera, source } = await scripted(simple);
    const other = await scripted(simple);
    const hub = makeHub(() => source, clock);
    const recorder = new Recorder();
    hub.subscribe('cam', 'main', recorder);
    await recorder.until(({ video }) => video.length === 1);
    const moved = recorder.until(({ video }) => video.length === 2);
    const [socket] = camera.sockets;
    socket?.write(`REDIRECT * RTSP/1.0\r\nCSeq: 1\r\nLocation: ${other.source.url}\r\n\r\n`);
    await moved;
    expect([camera.methods.at(-1), other.camera.methods.at(-1)]).toEqual(['TEARDOWN', 'PLAY']);
    expect(recorder.failures).toEqual([]);
    const failed = recorder.until(({ failures }) => failures.length === 1);
    for (const open of other.camera.sockets) open.destroy();
    await failed;
    const back = recorder.until(({ video }) => video.length === 3);
    await clock.advance(1300);
    await back;
    expect(camera.methods.filter((method) => method === 'PLAY')).toHaveLength(2);
  });

  test('while the next try runs no time of a retry is told', async () => {
    const clock = new FakeClock();
    let tries = 0;
    const { source } = await scripted((request) => {
      if (request.method === 'OPTIONS') tries += 1;
      return tries === 1 ? 'RTSP/1.0 500 Oops\r\nCSeq: {cseq}\r\n\r\n' : undefined;
    });
    const hub = makeHub(() => source, clock);
    const recorder = new Recorder();
    hub.subscribe('cam', 'main', recorder);
    await recorder.until(({ failures }) => failures.length === 1);
    expect(recorder.failures[0]?.retryAtMs).toBeGreaterThan(clock.now());
    const connecting = untilStatus(hub, ({ state }) => state === 'connecting');
    await clock.advance(1300);
    expect((await connecting).failure).toMatchObject({ code: 'rtsp-error', retryAtMs: null });
  });

  test('a camera that takes UDP and sends no datagram is pulled over TCP, then and from then on', async () => {
    const clock = new FakeClock();
    const { camera, source } = await scripted((request, socket) => {
      const asked = request.headers.get('transport') ?? '';
      if (!asked.includes('client_port')) return simple(request, socket);
      return `${OK}Session: s\r\nTransport: ${asked};server_port=9-10\r\n\r\n`;
    });
    const hub = makeHub(() => source, clock, 'udp');
    const recorder = new Recorder();
    hub.subscribe('cam', 'main', recorder);
    // The key frame that this camera sends on the connection was not asked for there.
    while (!camera.methods.includes('TEARDOWN')) await clock.advance(100);
    await recorder.until(({ video }) => video.length === 1);
    const setUps = () => camera.heard.filter(({ method }) => method === 'SETUP');
    expect(setUps().map(({ headers }) => headers.get('transport')?.split(';')[0])).toEqual([
      'RTP/AVP',
      'RTP/AVP/TCP',
    ]);
    expect(camera.heard.find(({ method }) => method === 'TEARDOWN')?.connection).toBe(1);
    expect(recorder.failures).toEqual([]);
    expect(hub.status('cam', 'main').measures.reconnects).toBe(0);
    for (const socket of camera.sockets) socket.destroy();
    await recorder.until(({ failures }) => failures.length === 1);
    await clock.advance(1300);
    await recorder.until(({ video }) => video.length === 2);
    expect(setUps().at(-1)?.headers.get('transport')).toContain('RTP/AVP/TCP');
    expect(setUps()).toHaveLength(3);
  });

  test('a camera without such a stream is told as that', async () => {
    const hub = makeHub(() => undefined);
    const recorder = new Recorder();
    hub.subscribe('cam', 'sub', recorder);
    await recorder.until(({ failures }) => failures.length === 1);
    expect(recorder.failures[0]).toMatchObject({
      code: 'rtsp-error',
      message: 'the camera has no sub stream or is switched off',
    });
  });
});

describe('a refused password', () => {
  const passwordsSent = (camera: ScriptedCamera): number =>
    camera.heard.filter(({ headers }) => headers.has('authorization')).length;

  test('is sent once in five minutes, however many want both profiles', async () => {
    const clock = new FakeClock();
    const { camera, source } = await scripted(refuse);
    const hub = makeHub(() => source, clock);
    const main = new Recorder();
    const sub = new Recorder();
    hub.subscribe('cam', 'main', main);
    hub.subscribe('cam', 'sub', sub);
    await Promise.all([main, sub].map((recorder) => recorder.until(({ failures }) => failures.length > 0)));
    expect([main, sub].map(({ failures }) => failures[0]?.code).sort()).toEqual([
      'auth-failed',
      'auth-paused',
    ]);
    expect(passwordsSent(camera)).toBe(1);
    const late = new Recorder();
    hub.subscribe('cam', 'main', late);
    await late.until(({ failures }) => failures.length > 0);
    expect(late.failures[0]).toMatchObject({ code: 'auth-paused', retryAtMs: main.failures[0]?.retryAtMs });
    await clock.advance(299_000);
    const heard = camera.heard.length;
    expect(passwordsSent(camera)).toBe(1);
    const again = main.until(({ failures }) => failures.length > 1);
    await clock.advance(1000);
    await again;
    expect(camera.heard.length).toBeGreaterThan(heard);
    expect(passwordsSent(camera)).toBe(2);
  });

  test('a corrected one is tried at once', async () => {
    const clock = new FakeClock();
    let right = false;
    const { source } = await scripted((request, socket) => (right ? simple : refuse)(request, socket));
    let now = source;
    const hub = makeHub(() => now, clock);
    const recorder = new Recorder();
    hub.subscribe('cam', 'main', recorder);
    await recorder.until(({ failures }) => failures.length === 1);
    right = true;
    now = { ...source, password: 'other', revision: '2' };
    hub.refresh('cam');
    await recorder.until(({ video }) => video.length === 1);
    expect(hub.status('cam', 'main')).toMatchObject({ state: 'running', failure: null });
  });
});

test('the camera is told every five seconds how its packets arrive, on the connection too', async () => {
  const clock = new FakeClock();
  const { camera, source } = await scripted((request, socket) => {
    if (request.method !== 'PLAY') return simple(request, socket);
    const packet = (sequence: number): Buffer =>
      interleaved(0, writeRtp({ sequence, timestamp: 3600, payload: Buffer.from([6, 1]) }));
    setImmediate(() => socket.write(Buffer.concat([key, packet(2), packet(5)])));
    return `${OK}\r\n`;
  });
  const hub = makeHub(() => source, clock);
  const recorder = new Recorder();
  hub.subscribe('cam', 'main', recorder);
  await recorder.until(({ video }) => video.length === 1);
  await clock.advance(4999);
  expect(camera.packets).toEqual([]);
  await clock.advance(1);
  await camera.heardPackets(1);
  const { channel, packet } = camera.packets[0] ?? { channel: -1, packet: Buffer.alloc(0) };
  expect(channel).toBe(1);
  expect(packet.readUInt16BE(0)).toBe(0x81c9);
  // Two of five packets were lost.
  expect(packet.readIntBE(13, 3)).toBe(2);
  expect(packet.readUInt32BE(16)).toBe(5);
});

test('a camera that sends nonsense disturbs no other', async () => {
  const bad = await scripted((request, socket) => {
    if (request.method !== 'PLAY') return simple(request, socket);
    return Buffer.alloc(3 * 1024 * 1024, 0xee);
  });
  const good = await scripted(simple);
  const hub = new StreamHub({
    clock: systemClock,
    logger: silentLogger,
    sources: { streamSource: async (id) => (id === 'bad' ? bad.source : good.source) },
    guard: new NetworkGuard(['127.0.0.0/8']),
    idleTimeoutSec: 0,
    connectTimeoutSec: 5,
    noFramesTimeoutSec: 5,
  });
  undo.push(() => hub.stop());
  const [first, second] = [new Recorder(), new Recorder()];
  hub.subscribe('bad', 'main', first);
  hub.subscribe('good', 'main', second);
  await Promise.all([
    first.until(({ failures }) => failures.length > 0),
    second.until(({ video }) => video.length === 1),
  ]);
  expect(first.failures[0]).toMatchObject({ code: 'rtsp-error' });
  expect(hub.status('good', 'main').state).toBe('running');
});
