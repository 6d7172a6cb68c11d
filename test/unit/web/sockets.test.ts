import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { GatewayError } from '../../../gateway/base/gateway-error.ts';
import { SocketClient } from '../../support/socket-client.ts';
import type { SocketMessage } from '../../support/socket-client.ts';
import { WebFixture } from '../../support/web-fixture.ts';

let web: WebFixture;
const open: WebSocket[] = [];

beforeEach(async () => {
  web = await new WebFixture().start();
});
afterEach(async () => {
  for (const socket of open.splice(0)) socket.terminate();
  await web.stop();
});

function dial(path: string, headers: Record<string, string>, origin?: string): SocketClient {
  const client = new SocketClient(web.origin.replace('http', 'ws') + path, headers, origin);
  open.push(client.socket);
  return client;
}

async function camera() {
  const projectId = await web.addProject('A');
  return { projectId, camera: await web.addCamera('gate', projectId) };
}

describe('live over WebSocket', () => {
  it('sends what packaging sends: text first, then each list of chunks as one message', async () => {
    const { camera: gate, projectId } = await camera();
    const client = await dial(`/live/${gate.id}/main/ws`, await web.bearer('leader', [projectId])).opened();
    const [hello, fragment] = await client.received(2);
    expect(hello?.text).toContain('"timescale":90000');
    expect(fragment).toEqual({ text: null, bytes: Buffer.from('moofmdat') });
    client.socket.close();
    await client.closed();
    while (web.live.closed === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(web.live.asked).toEqual([`open ${gate.id} main`]);
  });

  it('asks who it is before the camera is contacted', async () => {
    const { camera: gate } = await camera();
    const path = `/live/${gate.id}/main/ws`;
    expect(await dial(path, {}).refused()).toBe(401);
    expect(await dial(path, await web.bearer('leader', ['prj_other'])).refused()).toBe(403);
    expect(await dial('/live/cam_unknown/main/ws', await web.bearer('leader')).refused()).toBe(404);
    expect(await dial(`/live/${gate.id}/other/ws`, await web.bearer('admin')).refused()).toBe(404);
    expect(await dial('/live/..%2f..%2fetc/main/ws', await web.bearer('admin')).refused()).toBe(404);
    expect(await dial('/nothing', await web.bearer('admin')).refused()).toBe(404);
    expect(web.live.asked).toEqual([]);
  });

  it('takes a cookie from the gateway’s own pages only', async () => {
    const { camera: gate, projectId } = await camera();
    await web.addUser('li', 'leader', [projectId]);
    const cookie = await web.cookie('li');
    const path = `/live/${gate.id}/main/ws`;
    expect(await dial(path, cookie, 'https://evil.example').refused()).toBe(403);
    expect(await dial(path, cookie, 'null').refused()).toBe(403);
    await dial(path, cookie, web.origin).opened();
  });

  it('closes with the code and words of what went wrong', async () => {
    const { camera: gate } = await camera();
    web.live.failure = new GatewayError('unsupported-codec', `摄像机 ${'很'.repeat(100)}`);
    const client = await dial(`/live/${gate.id}/main/ws`, await web.bearer('admin')).opened();
    const { code, reason } = await client.closed();
    expect([code, reason]).toEqual([4422, expect.stringMatching(/^unsupported-codec: 摄像机 很+$/)]);
  });

  it('tells packaging how much a slow client has not taken', async () => {
    const { camera: gate } = await camera();
    const client = await dial(`/live/${gate.id}/main/ws`, await web.bearer('admin')).opened();
    await client.received(2);
    client.socket.pause();
    const viewer = web.live.connected[0];
    for (let count = 0; count < 64; count += 1) viewer?.binary([Buffer.alloc(1_000_000)]);
    expect(viewer?.bufferedBytes()).toBeGreaterThan(10_000_000);
    client.socket.terminate();
  });

  it('ends when the session ends, the camera leaves the project, or the token runs out', async () => {
    const { camera: gate, projectId } = await camera();
    await web.addUser('li', 'leader', [projectId]);
    const cookie = await web.cookie('li');
    const path = `/live/${gate.id}/main/ws`;
    const client = await dial(path, cookie, web.origin).opened();
    const gone = client.closed();
    await web.send('DELETE', '/api/v1/session', undefined, cookie);
    expect((await gone).code).toBe(4401);

    const second = await dial(path, await web.bearer('leader', [projectId])).opened();
    await web.cameras.patch(gate.id, { projectId: await web.addProject('B') });
    const moved = second.closed();
    await web.clock.advance(20_000);
    expect((await moved).code).toBe(4403);
  });

  it('drops a client that no longer answers pings', async () => {
    const { camera: gate } = await camera();
    const client = await dial(`/live/${gate.id}/main/ws`, await web.bearer('admin')).opened();
    await client.received(2);
    client.socket.pause();
    await web.clock.advance(20_000);
    await web.clock.advance(20_000);
    client.socket.resume();
    expect((await client.closed()).code).toBe(1006);
  });

  it('are 64 at most for each user', async () => {
    const headers = await web.bearer('admin');
    await Promise.all(Array.from({ length: 64 }, () => dial('/api/v1/events', headers).opened()));
    expect(await dial('/api/v1/events', headers).refused()).toBe(429);
    await dial('/api/v1/events', await web.bearer('admin')).opened();
  });
});

describe('events', () => {
  it('come within one’s projects', async () => {
    const { camera: gate, projectId } = await camera();
    const foreign = await web.addCamera('other', await web.addProject('B'));
    const admin = await dial('/api/v1/events', await web.bearer('admin')).opened();
    const leader = await dial('/api/v1/events', await web.bearer('leader', [projectId])).opened();
    web.health.set(foreign, 'green');
    web.health.set(gate, 'red');
    await web.snapshots.takeNow(foreign.id);
    await web.snapshots.takeNow(gate.id);
    const types = (messages: SocketMessage[]) =>
      messages.map(({ text }) => (JSON.parse(text ?? '') as { type: string }).type);
    expect(types(await admin.received(6))).toEqual([
      'project',
      'health',
      'project',
      'health',
      'snapshot',
      'snapshot',
    ]);
    const own = await leader.received(3);
    expect(types(own)).toEqual(['project', 'health', 'snapshot']);
    expect(JSON.stringify(own)).not.toContain(foreign.id);
    expect(JSON.parse(own[0]?.text ?? '')).toMatchObject({
      data: {
        id: projectId,
        light: 'red',
        lightReasons: ['gate: does not answer'],
        cameras: { total: 1, online: 0 },
      },
    });
  });

  it('of a search go to who started it and to admins', async () => {
    const technician = await web.bearer('technician');
    const [own, other, admin] = [
      await dial('/api/v1/events', technician).opened(),
      await dial('/api/v1/events', await web.bearer('technician')).opened(),
      await dial('/api/v1/events', await web.bearer('admin')).opened(),
    ];
    const started = await web.send('POST', '/api/v1/discovery', { method: 'multicast' }, technician);
    web.discovery.update(((await started.json()) as { id: string }).id);
    await Promise.all([own.received(1), admin.received(1)]);
    other.socket.ping();
    await once(other.socket, 'pong');
    expect([own.messages.length, admin.messages.length, other.messages.length]).toEqual([1, 1, 0]);
  });

  it('are no place for long messages', async () => {
    const client = await dial('/api/v1/events', await web.bearer('admin')).opened();
    client.socket.send(Buffer.alloc(100_000));
    expect((await client.closed()).code).toBe(1009);
    expect((await web.get('/healthz')).status).toBe(200);
  });

  it('end with a goodbye when the gateway stops', async () => {
    const client = await dial('/api/v1/events', await web.bearer('admin')).opened();
    const gone = client.closed();
    await web.server.stop();
    expect(await gone).toEqual({ code: 1001, reason: 'the gateway is stopping' });
  });
});
