import { Writable } from 'node:stream';
import { pino } from 'pino';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { RobotReceiver } from '../../support/robot-receiver.ts';
import { WebFixture } from '../../support/web-fixture.ts';

let log = '';
const sink = new Writable({
  write(chunk: Buffer, _encoding, done) {
    log += chunk.toString();
    done();
  },
});
const web = new WebFixture({ logger: pino({ level: 'debug' }, sink) });
const robot = new RobotReceiver('dingtalk', { secret: 'canary-secret', now: () => web.clock.now() });
let admin: Record<string, string>;
let projectId: string;
let cameraId: string;
let replies = '';

type Reply = Record<string, unknown> & { items: { id: string }[] };

beforeAll(async () => {
  await web.start();
  await robot.start();
  admin = await web.bearer('admin');
  projectId = await web.addProject('赣江三桥');
  cameraId = (await web.addCamera('塔吊', projectId)).id;
});
afterAll(async () => {
  await web.stop();
  await robot.stop();
});

async function ask(
  method: string,
  path: string,
  body?: unknown,
  headers = admin,
): Promise<{ status: number; json: Reply }> {
  const reply = await web.send(method, `/api/v1${path}`, body, headers);
  const text = await reply.text();
  replies += text;
  return { status: reply.status, json: JSON.parse(text === '' ? '{}' : text) as Reply };
}

function light(to: 'red' | 'green'): void {
  const at = new Date(web.clock.now()).toISOString();
  const reasons = to === 'red' ? [{ code: 'unreachable' as const, since: at, message: 'gone' }] : [];
  web.lightChanges.tell({ schema: 1, at, cameraId, from: 'grey', to, reasons });
}

describe('notifications over the API', () => {
  let channelId: string;

  it('take a robot, try it out, and never show what is secret', async () => {
    const url = `${robot.url}&extra=canary-url`;
    const made = await ask('POST', '/notification-channels', {
      name: '值班群',
      kind: 'dingtalk',
      url,
      secret: 'canary-secret',
    });
    expect(made).toMatchObject({
      status: 201,
      json: { hasSecret: true, hostName: `127.0.0.1:${robot.port}`, fault: null },
    });
    channelId = made.json['id'] as string;
    const tested = await ask('POST', `/notification-channels/${channelId}/test`);
    expect(tested).toMatchObject({ status: 200, json: { ok: true, code: null } });
    expect(robot.texts[0]).toContain('测试消息');
    await ask('PATCH', `/notification-channels/${channelId}`, { secret: 'canary-wrong' });
    await web.clock.advance(4000);
    const refused = await ask('POST', `/notification-channels/${channelId}/test`);
    expect(refused.json).toMatchObject({
      ok: false,
      code: 'refused-sign',
      message: expect.stringContaining('加签'),
    });
    const list = await ask('GET', '/notification-channels');
    expect(list.json.items).toMatchObject([{ fault: { code: 'refused-sign' } }]);
    await ask('PATCH', `/notification-channels/${channelId}`, { secret: 'canary-secret' });
    await web.clock.advance(4000);
  });

  it('refuse masks, other schemes and names in addresses', async () => {
    for (const body of [
      { secret: '********' },
      { url: 'file:///etc/passwd' },
      { url: 'https://u:p@x.example/' },
      { hasSecret: true },
    ])
      expect((await ask('PATCH', `/notification-channels/${channelId}`, body)).status).toBe(400);
  });

  it('tell of an incident, within the projects of each, on WS too', async () => {
    const leader = await web.bearer('leader', [projectId]);
    const stranger = await web.bearer('leader', ['prj_other']);
    const events: unknown[] = [];
    const socket = new WebSocket(`${web.origin.replace('http', 'ws')}/api/v1/events`, { headers: leader });
    socket.on('message', (data: Buffer) => events.push(JSON.parse(data.toString())));
    await new Promise((resolve) => socket.once('open', resolve));
    expect(
      (await ask('POST', '/notification-rules', { name: '红灯', channelIds: [channelId], lights: ['red'] }))
        .status,
    ).toBe(201);
    light('red');
    await web.clock.advance(2000);
    const { json } = await ask('GET', `/incidents?state=open&projectId=${projectId}`, undefined, leader);
    expect(json.items).toMatchObject([
      { subjectName: '塔吊', projectName: '赣江三桥', light: 'red', state: 'open' },
    ]);
    const id = json.items[0]?.id ?? '';
    expect((await ask('GET', '/incidents', undefined, stranger)).json).toEqual({
      items: [],
      nextCursor: null,
    });
    expect((await ask('POST', `/incidents/${id}/acknowledge`, { note: 'x' }, stranger)).status).toBe(404);
    const taken = await ask('POST', `/incidents/${id}/acknowledge`, { note: '已派电工' }, leader);
    const active = await ask('GET', '/incidents?state=active', undefined, leader);
    expect(active.json.items).toMatchObject([{ id, state: 'acknowledged' }]);
    expect(taken.json).toMatchObject({
      state: 'acknowledged',
      acknowledged: { note: '已派电工', by: { kind: 'token' } },
    });
    expect((await ask('POST', `/incidents/${id}/acknowledge`, {}, leader)).status).toBe(409);
    await web.clock.advance(100);
    socket.close();
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'incident', data: expect.objectContaining({ id, state: 'open' }) }),
    );
    const audit = await ask('GET', '/audit?action=incident');
    expect(audit.json.items).toMatchObject([
      { action: 'incident.acknowledged', subject: { name: '塔吊' }, projectId },
    ]);
  });

  it('list what was sent', async () => {
    for (let n = 0; n < 200 && robot.texts.length < 2; n += 1) {
      await web.clock.advance(1000);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
    await web.clock.advance(1000);
    const { json } = await ask('GET', '/notification-deliveries?state=sent');
    expect(json.items).toMatchObject([{ channelName: '值班群', attempts: 1, count: 1, fault: null }]);
    expect(robot.texts[1]).toContain('已接手：已派电工');
  });

  it('page incidents by a cursor', async () => {
    for (let n = 0; n < 3; n += 1) {
      light('green');
      await web.clock.advance(1_700_000);
      light('red');
      await web.clock.advance(5000);
    }
    const seen: string[] = [];
    let cursor = '';
    do {
      const { json } = await ask('GET', `/incidents?limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`);
      seen.push(...json.items.map(({ id }) => id));
      cursor = (json['nextCursor'] as string | null) ?? '';
    } while (cursor !== '');
    expect(new Set(seen).size).toBe(4);
    expect((await ask('GET', '/incidents?cursor=x')).status).toBe(400);
  });

  it('keep the canaries out of replies, logs and database', async () => {
    robot.instead = (response) => response.writeHead(500).end('canary-secret');
    await ask('POST', `/notification-channels/${channelId}/test`);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const { rows: tables } = await sql<{
      name: string;
    }>`select name from sqlite_master where type = 'table'`.execute(web.database);
    let stored = '';
    for (const { name } of tables)
      stored += JSON.stringify((await sql`select * from ${sql.table(name)}`.execute(web.database)).rows);
    expect(stored).toContain('notification-channel.tested');
    for (const place of [stored, log, replies]) {
      expect(place).not.toContain('canary');
      expect(place).not.toContain(robot.token);
    }
  });
});
