import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebFixture } from '../../support/web-fixture.ts';

let web: WebFixture;
let admin: Record<string, string>;

beforeEach(async () => {
  web = await new WebFixture().start();
  admin = await web.bearer('admin');
});
afterEach(() => web.stop());

async function json<Body = Record<string, unknown>>(reply: Promise<Response>): Promise<Body> {
  return (await (await reply).json()) as Body;
}

describe('projects', () => {
  it('are founded by a technician, who then sees them', async () => {
    await web.addUser('tech', 'technician');
    const tech = await web.cookie('tech');
    const made = await web.send('POST', '/api/v1/projects', { name: '科技中心', stage: '主体' }, tech);
    const project = (await made.json()) as { id: string };
    expect([made.status, project]).toEqual([
      201,
      expect.objectContaining({
        name: '科技中心',
        light: 'grey',
        cameras: { total: 0, online: 0 },
        archivedAt: null,
      }),
    ]);
    expect((await web.get(`/api/v1/projects/${project.id}`, tech)).status).toBe(200);
    const token = await web.bearer('technician');
    const second = await json<{ id: string }>(web.send('POST', '/api/v1/projects', { name: 'B' }, token));
    expect((await web.get(`/api/v1/projects/${second.id}`, token)).status).toBe(200);
    expect((await web.get(`/api/v1/projects/${second.id}`, tech)).status).toBe(404);
  });

  it('let staff change steps and stage only, and only an admin archive', async () => {
    const id = await web.addProject('A');
    const staff = await web.bearer('staff', [id]);
    const tech = await web.bearer('technician', [id]);
    const path = `/api/v1/projects/${id}`;
    const steps = { milestones: [{ name: '立项', dueOn: '2026-11-20' }], stage: 'x' };
    expect(await json(web.send('PATCH', path, steps, staff))).toMatchObject({
      light: 'red',
      lightReasons: ['立项: overdue by 3 days (due 2026-11-20)'],
    });
    expect((await web.send('PATCH', path, { name: 'B' }, staff)).status).toBe(403);
    expect((await web.send('PATCH', path, { name: 'B' }, tech)).status).toBe(200);
    expect((await web.send('PATCH', path, { archived: true }, tech)).status).toBe(403);
    expect((await web.send('PATCH', path, { archived: true }, admin)).status).toBe(200);
    expect(await json(web.get('/api/v1/projects', staff))).toMatchObject({ items: [] });
    expect(await json(web.get('/api/v1/projects?archived=true', staff))).toMatchObject({ items: [{ id }] });
  });

  it('with cameras are not removed', async () => {
    const id = await web.addProject('A');
    const camera = await web.addCamera('gate', id);
    expect((await web.send('DELETE', `/api/v1/projects/${id}`, undefined, admin)).status).toBe(409);
    await web.send('DELETE', `/api/v1/cameras/${camera.id}`, undefined, admin);
    expect((await web.send('DELETE', `/api/v1/projects/${id}`, undefined, admin)).status).toBe(204);
  });
});

describe('cameras', () => {
  it('are registered by hand and never give their password back', async () => {
    const projectId = await web.addProject('A');
    const body = {
      name: '塔吊',
      projectId,
      rtsp: { main: 'rtsp://192.168.1.9/main', username: 'u', password: 'camera-secret' },
    };
    const made = await web.send('POST', '/api/v1/cameras', body, admin);
    const text = await made.text();
    expect(made.status).toBe(201);
    expect(text).not.toContain('camera-secret');
    const camera = JSON.parse(text) as { id: string };
    expect(camera).toMatchObject({ light: 'grey', reasons: [], rtsp: { username: 'u', hasPassword: true } });
    const patched = await web.send('PATCH', `/api/v1/cameras/${camera.id}`, { name: 'B' }, admin);
    expect(await patched.json()).toMatchObject({ name: 'B', rtsp: { hasPassword: true } });
    expect((await web.cameras.streamSource(camera.id, 'main'))?.password).toBe('camera-secret');
  });

  it('hand on what the fleet says when the device does not answer', async () => {
    const projectId = await web.addProject('A');
    const onvif = { xaddr: 'http://192.168.1.9/onvif/device_service' };
    const reply = await web.send('POST', '/api/v1/cameras', { name: 'x', projectId, onvif }, admin);
    expect([reply.status, await reply.json()]).toEqual([
      503,
      expect.objectContaining({ code: 'camera-offline', detail: 'no camera here' }),
    ]);
  });

  it('show their light, keep their records when removed, and lose them only when told so', async () => {
    const projectId = await web.addProject('A');
    const [kept, erased] = [await web.addCamera('1', projectId), await web.addCamera('2', projectId)];
    web.health.set(kept, 'red');
    expect(await json(web.get(`/api/v1/cameras/${kept.id}`, admin))).toMatchObject({
      light: 'red',
      reasons: [{ code: 'unreachable' }],
    });
    await web.send('DELETE', `/api/v1/cameras/${kept.id}`, undefined, admin);
    await web.send('DELETE', `/api/v1/cameras/${erased.id}?records=erase`, undefined, admin);
    expect(web.snapshots.erased).toEqual([erased.id]);
    expect(await json(web.get('/api/v1/cameras', admin))).toEqual({ items: [], nextCursor: null });
  });

  it('are checked by a technician', async () => {
    const projectId = await web.addProject('A');
    const camera = await web.addCamera('1', projectId);
    const reply = await web.send('POST', `/api/v1/cameras/${camera.id}/check`, undefined, admin);
    expect([reply.status, await reply.json()]).toEqual([200, expect.objectContaining({ ok: true })]);
  });
});

describe('health', () => {
  it('is told as it is, and as it was in a span that makes sense', async () => {
    const camera = await web.addCamera('1', await web.addProject('A'));
    const path = `/api/v1/cameras/${camera.id}/health`;
    expect((await web.get(path, admin)).status).toBe(404);
    web.health.set(camera, 'green');
    expect(await json(web.get(path, admin))).toMatchObject({ light: 'green', schema: 1 });
    expect(await json(web.get(`${path}/history`, admin))).toEqual({ changes: [], uptime: 1 });
    const backwards = '?from=2026-11-23T00:00:00Z&to=2026-11-22T00:00:00Z';
    expect((await web.get(path + '/history' + backwards, admin)).status).toBe(400);
  });

  it('of all cameras is told within the caller’s projects', async () => {
    const [own, foreign] = [await web.addProject('own'), await web.addProject('foreign')];
    const mine = await web.addCamera('mine', own);
    web.health.set(mine, 'green');
    web.health.set(await web.addCamera('theirs', foreign), 'red');
    const overview = await json<{ items: { cameraId: string; halfHours: string }[]; days: string[] }>(
      web.get('/api/v1/health/overview?days=7', await web.bearer('leader', [own])),
    );
    expect(overview.items.map(({ cameraId }) => cameraId)).toEqual([mine.id]);
    expect([overview.days.length, overview.items[0]?.halfHours.length]).toEqual([7, 48]);
    expect((await web.get('/api/v1/health/overview?days=31', admin)).status).toBe(400);
  });
});

describe('discovery', () => {
  it('is seen by who started it and by admins', async () => {
    const [one, other] = [await web.bearer('technician'), await web.bearer('technician')];
    const started = await web.send('POST', '/api/v1/discovery', { method: 'multicast' }, one);
    const { id } = (await started.json()) as { id: string };
    expect(started.status).toBe(202);
    expect(await json(web.get(`/api/v1/discovery/${id}`, one))).toMatchObject({ id, state: 'running' });
    expect((await web.get(`/api/v1/discovery/${id}`, admin)).status).toBe(200);
    expect((await web.get(`/api/v1/discovery/${id}`, other)).status).toBe(404);
    expect((await web.send('DELETE', `/api/v1/discovery/${id}`, undefined, other)).status).toBe(404);
    expect((await web.get(`/api/v1/discovery/${id}/previews/0`, other)).status).toBe(404);
    const picture = await web.get(`/api/v1/discovery/${id}/previews/0`, one);
    expect(picture.headers.get('content-type')).toBe('image/jpeg');
    expect(picture.headers.get('cache-control')).toBe('private, max-age=60');
    expect((await web.get(`/api/v1/discovery/${id}/previews/1`, one)).status).toBe(404);
    expect((await web.send('DELETE', `/api/v1/discovery/${id}`, undefined, one)).status).toBe(204);
    expect((await web.get(`/api/v1/discovery/${id}`, one)).status).toBe(404);
  });
});

describe('snapshots', () => {
  it('are taken, listed, counted and verified', async () => {
    const camera = await web.addCamera('1', await web.addProject('A'));
    const path = `/api/v1/cameras/${camera.id}/snapshots`;
    const taken = await web.send('POST', path, undefined, admin);
    expect(taken.status).toBe(201);
    expect(await json(web.get(`${path}?every=day&hour=12&order=desc`, admin))).toMatchObject({ items: [{}] });
    expect(await json(web.get(`${path}/calendar?month=2026-11`, admin))).toMatchObject({
      days: [{ taken: 1 }],
    });
    expect((await web.get(`${path}/calendar?month=2026-13`, admin)).status).toBe(400);
    expect(await json(web.get(`${path}/verify`, admin))).toMatchObject({ ok: true, checked: 1 });
  });

  it('give their picture with a tag that never changes', async () => {
    const camera = await web.addCamera('1', await web.addProject('A'));
    const { id } = await web.snapshots.takeNow(camera.id);
    const path = `/api/v1/snapshots/${id}/image`;
    const image = await web.get(path, admin);
    expect([image.status, await image.text(), image.headers.get('content-type')]).toEqual([
      200,
      'jpeg',
      'image/jpeg',
    ]);
    expect(image.headers.get('cache-control')).toBe('private, max-age=31536000, immutable');
    const etag = image.headers.get('etag') ?? '';
    const again = await web.get(path, { ...admin, 'if-none-match': etag });
    expect([again.status, await again.text()]).toEqual([304, '']);
    const webp = await web.get(`${path}?size=thumb&format=webp`, { ...admin, 'if-none-match': etag });
    expect([webp.status, webp.headers.get('content-type')]).toEqual([200, 'image/webp']);
  });

  it('of a camera that is gone are an admin’s to see', async () => {
    const projectId = await web.addProject('A');
    const camera = await web.addCamera('1', projectId);
    const { id } = await web.snapshots.takeNow(camera.id);
    await web.cameras.remove(camera.id);
    expect((await web.get(`/api/v1/snapshots/${id}/image`, admin)).status).toBe(200);
    const staff = await web.bearer('staff', [projectId]);
    expect((await web.get(`/api/v1/snapshots/${id}/image`, staff)).status).toBe(404);
  });
});
