import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GatewayError } from '../../../gateway/base/gateway-error.ts';
import { SocketClient } from '../../support/socket-client.ts';
import { WebFixture } from '../../support/web-fixture.ts';

let web: WebFixture;
const open: SocketClient[] = [];

beforeEach(async () => {
  web = await new WebFixture().start();
});
afterEach(async () => {
  for (const { socket } of open.splice(0)) socket.terminate();
  await web.stop();
});

async function wall(headers: Record<string, string>): Promise<SocketClient> {
  const client = new SocketClient(`${web.origin.replace('http', 'ws')}/live/ws`, headers);
  open.push(client);
  return client.opened();
}

function subscribe(client: SocketClient, channel: number, cameraId: string, rendition = 'sub'): void {
  client.socket.send(JSON.stringify({ subscribe: { channel, cameraId, rendition } }));
}

/** What came so far, in words: texts parsed, binary messages as channel and bytes. */
function told(client: SocketClient): unknown[] {
  return client.messages.map(({ text, bytes }) =>
    text === null ? [bytes.readUInt32BE(0), bytes.subarray(4).toString()] : (JSON.parse(text) as unknown),
  );
}

/** Waits until the server has taken everything that was sent before. */
async function settled(client: SocketClient): Promise<void> {
  client.socket.ping();
  await once(client.socket, 'pong');
}

async function twoCameras() {
  const projectId = await web.addProject('A');
  const own = await web.addCamera('gate', projectId);
  const foreign = await web.addCamera('other', await web.addProject('B'));
  return { projectId, own, foreign };
}

describe('the wall’s socket', () => {
  it('carries several cameras, each message with its channel', async () => {
    const { own, foreign } = await twoCameras();
    const client = await wall(await web.bearer('admin'));
    subscribe(client, 7, own.id);
    subscribe(client, 0xffffffff, foreign.id, 'main');
    await client.received(4);
    const hello = { mime: 'video/mp4; codecs="avc1.640028"', timescale: 90_000 };
    expect(told(client)).toEqual([
      { channel: 7, ...hello },
      [7, 'moofmdat'],
      { channel: 0xffffffff, ...hello },
      [0xffffffff, 'moofmdat'],
    ]);
    expect(web.live.asked).toEqual([`open ${own.id} sub`, `open ${foreign.id} main`]);
  });

  it('asks for each camera whether it may be seen, before the camera is contacted', async () => {
    const { projectId, own, foreign } = await twoCameras();
    const client = await wall(await web.bearer('leader', [projectId]));
    subscribe(client, 1, foreign.id);
    subscribe(client, 2, 'cam_unknown');
    subscribe(client, 3, own.id);
    await client.received(4);
    expect(told(client)).toMatchObject([
      { channel: 1, closed: { code: 4403 } },
      { channel: 2, closed: { code: 4404 } },
      { channel: 3, timescale: 90_000 },
      [3, 'moofmdat'],
    ]);
    expect(web.live.asked).toEqual([`open ${own.id} sub`]);
  });

  it('sends nothing more of a channel that was given up, and lets go of its camera', async () => {
    const { own } = await twoCameras();
    const client = await wall(await web.bearer('admin'));
    subscribe(client, 1, own.id);
    await client.received(2);
    client.socket.send('{"unsubscribe":{"channel":1}}');
    await settled(client);
    web.live.connected[0]?.binary([Buffer.from('late')]);
    await settled(client);
    expect([client.messages.length, web.live.closed]).toEqual([2, 1]);
  });

  it('lets go of every camera when it closes', async () => {
    const { own, foreign } = await twoCameras();
    const client = await wall(await web.bearer('admin'));
    subscribe(client, 1, own.id);
    subscribe(client, 2, foreign.id);
    await client.received(4);
    client.socket.close();
    await client.closed();
    while (web.live.closed < 2) await new Promise((resolve) => setImmediate(resolve));
  });

  it('tells of one channel that ends and goes on with the others', async () => {
    const { own, foreign } = await twoCameras();
    const client = await wall(await web.bearer('admin'));
    subscribe(client, 1, own.id);
    subscribe(client, 2, foreign.id);
    await client.received(4);
    web.live.connected[0]?.close(4503, 'the camera does not answer');
    web.live.connected[1]?.binary([Buffer.from('more')]);
    await client.received(6);
    expect(told(client).slice(4)).toEqual([
      { channel: 1, closed: { code: 4503, reason: 'the camera does not answer' } },
      [2, 'more'],
    ]);
    web.live.failure = new GatewayError('unsupported-codec', 'MJPEG cannot be handed on');
    subscribe(client, 3, own.id);
    await client.received(7);
    const reason = 'unsupported-codec: MJPEG cannot be handed on';
    expect(told(client).at(-1)).toEqual({ channel: 3, closed: { code: 4422, reason } });
  });

  it('ends a channel whose camera moved out of sight', async () => {
    const { own, projectId } = await twoCameras();
    const client = await wall(await web.bearer('leader', [projectId]));
    subscribe(client, 1, own.id);
    await client.received(2);
    await web.cameras.patch(own.id, { projectId: await web.addProject('C') });
    await web.clock.advance(20_000);
    await client.received(3);
    expect(told(client).at(-1)).toMatchObject({ channel: 1, closed: { code: 4403 } });
  });

  it('carries 64 channels at most', async () => {
    const { own } = await twoCameras();
    const client = await wall(await web.bearer('admin'));
    for (let channel = 0; channel < 65; channel += 1) subscribe(client, channel, own.id);
    await client.received(129);
    expect(told(client).at(-1)).toMatchObject({ channel: 64, closed: { code: 4429 } });
    client.socket.send('{"unsubscribe":{"channel":0}}');
    subscribe(client, 65, own.id);
    await client.received(131);
    expect(told(client).at(-1)).toEqual([65, 'moofmdat']);
  });

  it('tells packaging what the shared socket has not taken, but for what neighbours may have', async () => {
    const { own } = await twoCameras();
    const client = await wall(await web.bearer('admin'));
    subscribe(client, 1, own.id);
    await client.received(2);
    client.socket.pause();
    const [first] = web.live.connected;
    for (let count = 0; count < 32; count += 1) first?.binary([Buffer.alloc(1_000_000)]);
    const alone = first?.bufferedBytes() ?? 0;
    expect(alone).toBeGreaterThan(10_000_000);
    subscribe(client, 2, own.id);
    while (web.live.connected.length < 2) await new Promise((resolve) => setImmediate(resolve));
    expect(first?.bufferedBytes()).toBeLessThan(alone);
    expect(web.live.connected[1]?.bufferedBytes()).toBeGreaterThan(10_000_000);
    client.socket.terminate();
  });

  it.each(['hello', '{"subscribe":{"channel":-1,"cameraId":"c","rendition":"sub"}}', '[]'])(
    'closes on %s',
    async (text) => {
      const client = await wall(await web.bearer('admin'));
      client.socket.send(text);
      expect((await client.closed()).code).toBe(4400);
    },
  );

  it('is for those signed in alone', async () => {
    const client = new SocketClient(`${web.origin.replace('http', 'ws')}/live/ws`, {});
    expect(await client.refused()).toBe(401);
  });
});
