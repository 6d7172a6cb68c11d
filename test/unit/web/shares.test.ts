import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Share, ShareCreated } from '../../../gateway/contract/share.ts';
import { WebFixture } from '../../support/web-fixture.ts';

let viewerFolder = '';
let web: WebFixture;
let projectId: string;
let cameraId: string;
let otherId: string;
let staff: Record<string, string>;

beforeAll(async () => {
  viewerFolder = await mkdtemp(join(tmpdir(), 'gantry-viewer-'));
  await mkdir(join(viewerFolder, 'share'));
  await writeFile(join(viewerFolder, 'index.html'), 'the app');
  await writeFile(join(viewerFolder, 'share/index.html'), 'the page of links');
});
afterAll(() => rm(viewerFolder, { recursive: true }));
beforeEach(async () => {
  web = await new WebFixture({ viewerFolder }).start();
  projectId = await web.addProject('A');
  cameraId = (await web.addCamera('gate', projectId)).id;
  otherId = (await web.addCamera('other', projectId)).id;
  await web.addUser('li', 'staff', [projectId]);
  staff = await web.cookie('li');
});
afterEach(() => web.stop());

async function share(over: object = {}, headers = staff): Promise<ShareCreated & { path: string }> {
  const body = { target: { kind: 'live', cameraId }, expiresAt: '2026-11-24T06:00:00Z', ...over };
  const reply = await web.send('POST', '/api/v1/shares', body, headers);
  expect(reply.status).toBe(201);
  const made = (await reply.json()) as ShareCreated;
  return { ...made, path: new URL(made.url).pathname };
}

async function pair(): Promise<ShareCreated & { path: string }> {
  const [left, right] = [await web.snapshots.takeNow(cameraId), await web.snapshots.takeNow(cameraId)];
  return share({ target: { kind: 'pair', leftId: left.id, rightId: right.id } });
}

async function statusOf(path: string, headers: Record<string, string> = {}): Promise<number> {
  const reply = await web.get(path, headers);
  await reply.arrayBuffer();
  return reply.status;
}

function socketTo(path: string): WebSocket {
  const socket = new WebSocket(web.origin.replace('http', 'ws') + path);
  socket.on('error', () => undefined);
  return socket;
}

function codeOf(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => socket.once('close', resolve));
}

const LIVE_PATHS = ['live/index.m3u8', 'live/main/stream.m3u8', 'live/main/seg-1.m4s'];

describe('a share link', () => {
  it('opens one camera’s live view without sign-in', async () => {
    const { path, url, ...made } = await share({ note: 'for the mayor' });
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/s\/[\w-]{43}$/);
    expect(made).toMatchObject({
      note: 'for the mayor',
      views: 0,
      revokedAt: null,
      createdBy: { kind: 'user', name: 'li' },
    });
    const page = await web.get(path);
    expect([page.status, await page.text()]).toEqual([200, 'the page of links']);
    expect(Object.fromEntries(page.headers)).toMatchObject({
      'referrer-policy': 'no-referrer',
      'x-robots-tag': expect.stringContaining('noindex'),
      'cache-control': 'no-store',
      'content-security-policy': expect.stringContaining("default-src 'self'"),
    });
    const info = await (await web.get(`${path}/info`)).json();
    expect(info).toMatchObject({
      kind: 'live',
      projectName: 'A',
      cameraName: 'gate',
      timeZone: 'Asia/Shanghai',
    });
    expect(JSON.stringify(info)).not.toMatch(/192\.168|cam_|prj_/);
    for (const live of LIVE_PATHS) {
      const reply = await web.get(`${path}/${live}`);
      await reply.arrayBuffer();
      expect([reply.status, reply.headers.get('cache-control')]).toEqual([200, 'no-store']);
    }
    const socket = socketTo(`${path}/live/main/ws`);
    await new Promise((resolve) => socket.once('message', resolve));
    socket.close();
    expect(new Set(web.live.asked.map((asked) => asked.split(' ')[1]))).toEqual(new Set([cameraId]));
  });

  it('reaches nothing else on any route', async () => {
    const { path } = await share();
    const { path: pairPath } = await pair();
    const secret = path.slice('/s/'.length);
    const { id: snapshotId } = await web.snapshots.takeNow(otherId);
    const asSignIn: Record<string, string>[] = [
      { authorization: `Bearer ${secret}` },
      { cookie: `gantry_session=${secret}` },
    ];
    for (const headers of asSignIn) {
      for (const route of web.server.routes) {
        if (route.access === 'public' || route.kind === 'socket') continue;
        const filled = route.path
          .replace(/\{cameraId\}|(?<=cameras\/)\{id\}/, cameraId)
          .replace(/(?<=snapshots\/)\{id\}/, snapshotId)
          .replace('{rendition}', 'main')
          .replace('{file}', 'seg-1.m4s')
          .replace('{id}', projectId);
        const extra: Record<string, string> =
          route.path === '/metrics' ? { 'x-forwarded-for': '192.0.2.1' } : {};
        const reply = await web.send(route.method.toUpperCase(), filled, undefined, { ...headers, ...extra });
        await reply.arrayBuffer();
        expect([route.path, [401, 403].includes(reply.status)]).toEqual([route.path, true]);
      }
    }
    expect(await statusOf(`${path}/picture/left`)).toBe(404);
    for (const live of [...LIVE_PATHS, 'live/poster.jpg'])
      expect(await statusOf(`${pairPath}/${live}`)).toBe(404);
    expect(await codeOf(socketTo(`${pairPath}/live/main/ws`))).toBe(1006);
    for (const other of [`${path}/live/${otherId}/main/stream.m3u8`, `${path}/../live/${otherId}/index.m3u8`])
      expect([401, 404]).toContain(await statusOf(other));
  });

  it('opens one pair of pictures', async () => {
    const { path } = await pair();
    expect(await (await web.get(`${path}/info`)).json()).toMatchObject({
      kind: 'pair',
      projectName: 'A',
      left: { cameraName: 'gate', takenAt: '2026-11-23T06:00:00.000Z' },
      right: { cameraName: 'gate' },
    });
    for (const side of ['left', 'right']) {
      const reply = await web.get(`${path}/picture/${side}`);
      expect([reply.status, reply.headers.get('cache-control')]).toEqual([200, 'no-store']);
    }
    expect(await statusOf(`${path}/picture/middle`)).toBe(404);
  });

  it('counts how often its page was opened, in list and audit, and is listed without its secret', async () => {
    const { path, id } = await share();
    await statusOf(path);
    await statusOf(path);
    await statusOf(`${path}/info`);
    const reply = await web.get('/api/v1/shares', staff);
    const text = await reply.text();
    expect(text).not.toContain(path.slice(3));
    const { items } = JSON.parse(text) as { items: Share[] };
    expect(items).toMatchObject([{ id, views: 2, lastViewedAt: '2026-11-23T06:00:00.000Z' }]);
    const { items: entries } = await web.audit.list({ actor: id }, { order: 'asc', limit: 10 });
    expect(entries.map(({ action }) => action)).toEqual(['share.opened', 'share.opened']);
  });

  it('is told apart by nothing when it is unknown, ended or revoked', async () => {
    const ended = await share({ expiresAt: '2026-11-23T06:01:00Z' });
    const revoked = await share();
    await web.send('DELETE', `/api/v1/shares/${revoked.id}`, undefined, staff);
    await web.clock.advance(61_000);
    const answers = await Promise.all(
      [ended.path, revoked.path, `/s/${'x'.repeat(43)}`, '/s/%00', '/s/short'].map(async (path) => {
        const page = await web.get(path);
        const info = await web.get(`${path}/info`);
        return [page.status, await page.text(), info.status, await info.text()];
      }),
    );
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]?.[0]).toBe(404);
  });

  it('cuts off whoever watches when it ends and when it is revoked', async () => {
    const first = await share({ expiresAt: '2026-11-23T06:01:00Z' });
    const second = await share();
    const ending = socketTo(`${first.path}/live/main/ws`);
    const revoked = socketTo(`${second.path}/live/main/ws`);
    await Promise.all(
      [ending, revoked].map((socket) => new Promise((resolve) => socket.once('message', resolve))),
    );
    const codes = [codeOf(ending), codeOf(revoked)];
    await web.clock.advance(59_000);
    expect(ending.readyState).toBe(WebSocket.OPEN);
    await web.clock.advance(1500);
    expect(await codes[0]).toBe(4401);
    expect(revoked.readyState).toBe(WebSocket.OPEN);
    await web.send('DELETE', `/api/v1/shares/${second.id}`, undefined, staff);
    expect(await codes[1]).toBe(4401);
    expect(await statusOf(`${second.path}/live/main/stream.m3u8`)).toBe(404);
  });

  it.each([
    ['their project', { projectIds: [] }],
    ['their role', { role: 'leader' }],
  ])('is revoked when its maker loses %s', async (_what, patch) => {
    const { path } = await share();
    const socket = socketTo(`${path}/live/main/ws`);
    await new Promise((resolve) => socket.once('message', resolve));
    const [li] = await web.server.access.users.all();
    await web.server.access.users.patch(li?.id ?? '', patch as object);
    expect(await codeOf(socket)).toBe(4401);
    expect(await statusOf(`${path}/info`)).toBe(404);
    // For good: rights that come back do not bring it back.
    await web.server.access.users.patch(li?.id ?? '', { role: 'staff', projectIds: [projectId] });
    expect(await statusOf(`${path}/info`)).toBe(404);
  });

  it('is revoked with its maker, its maker’s token, and when its camera moves away', async () => {
    const token = await web.bearer('staff', [projectId]);
    const [byUser, byToken] = [await share(), await share({}, token)];
    const [record] = await web.server.access.tokens.all();
    await web.server.access.tokens.remove(record?.id ?? '');
    expect(await statusOf(`${byToken.path}/info`)).toBe(404);
    expect(await statusOf(`${byUser.path}/info`)).toBe(200);
    await web.cameras.patch(cameraId, { projectId: await web.addProject('B') });
    await web.clock.advance(6000);
    expect(await statusOf(`${byUser.path}/info`)).toBe(404);
  });
});

describe('making share links', () => {
  it('is for staff of the project, for a time that has an end', async () => {
    const body = { target: { kind: 'live', cameraId }, expiresAt: '2026-11-24T06:00:00Z' };
    for (const role of ['leader', 'technician'] as const)
      expect(
        (await web.send('POST', '/api/v1/shares', body, await web.bearer(role, [projectId]))).status,
      ).toBe(403);
    const stranger = await web.bearer('staff', ['prj_other']);
    expect((await web.send('POST', '/api/v1/shares', body, stranger)).status).toBe(404);
    for (const expiresAt of ['2026-11-23T05:00:00Z', '2027-11-24T06:00:00Z', 'tomorrow'])
      expect((await web.send('POST', '/api/v1/shares', { ...body, expiresAt }, staff)).status).toBe(400);
    const { id } = await share();
    expect((await web.send('DELETE', `/api/v1/shares/${id}`, undefined, stranger)).status).toBe(404);
    expect(await (await web.get('/api/v1/shares', stranger)).json()).toEqual({ items: [], nextCursor: null });
    const pictureOf = async (camera: string) => (await web.snapshots.takeNow(camera)).id;
    const foreign = (await web.addCamera('x', await web.addProject('B'))).id;
    const target = { kind: 'pair', leftId: await pictureOf(cameraId), rightId: await pictureOf(foreign) };
    expect((await web.send('POST', '/api/v1/shares', { ...body, target }, staff)).status).toBe(404);
  });

  it('is bounded, and lists by pages', async () => {
    for (let nth = 0; nth < 50; nth += 1) await share();
    const body = { target: { kind: 'live', cameraId }, expiresAt: '2026-11-24T06:00:00Z' };
    expect((await web.send('POST', '/api/v1/shares', body, staff)).status).toBe(409);
    const first = (await (await web.get('/api/v1/shares?limit=30', staff)).json()) as {
      items: Share[];
      nextCursor: string;
    };
    const rest = (await (
      await web.get(`/api/v1/shares?limit=30&cursor=${first.nextCursor}`, staff)
    ).json()) as { items: Share[] };
    expect(new Set([...first.items, ...rest.items].map(({ id }) => id)).size).toBe(50);
  });
});
