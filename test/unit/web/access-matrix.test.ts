import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '../../../gateway/contract/user.ts';
import { WebFixture } from '../../support/web-fixture.ts';

type Who = Role | 'nobody';
const callers: Who[] = ['nobody', 'leader', 'staff', 'technician', 'admin'];

/** Who gets past the gate. A route that is not here fails the test below. */
const everyone: Who[] = ['leader', 'staff', 'technician', 'admin'];
const anyone: Who[] = ['nobody', ...everyone];
const matrix: Record<string, Who[]> = {
  'get /healthz': anyone,
  'get /readyz': anyone,
  'get /metrics': ['admin'],
  'get /api/v1/openapi.json': anyone,
  'post /api/v1/session': anyone,
  'get /api/v1/session': everyone,
  'delete /api/v1/session': everyone,
  'get /api/v1/users': ['admin'],
  'post /api/v1/users': ['admin'],
  'patch /api/v1/users/{id}': ['admin'],
  'delete /api/v1/users/{id}': ['admin'],
  'get /api/v1/tokens': ['admin'],
  'post /api/v1/tokens': ['admin'],
  'delete /api/v1/tokens/{id}': ['admin'],
  'get /api/v1/projects': everyone,
  'post /api/v1/projects': ['technician', 'admin'],
  'get /api/v1/projects/{id}': everyone,
  'patch /api/v1/projects/{id}': ['staff', 'technician', 'admin'],
  'delete /api/v1/projects/{id}': ['admin'],
  'post /api/v1/discovery': ['technician', 'admin'],
  'get /api/v1/discovery/{id}': ['technician', 'admin'],
  'get /api/v1/discovery/{id}/previews/{n}': ['technician', 'admin'],
  'delete /api/v1/discovery/{id}': ['technician', 'admin'],
  'get /api/v1/cameras': everyone,
  'post /api/v1/cameras': ['technician', 'admin'],
  'get /api/v1/cameras/{id}': everyone,
  'patch /api/v1/cameras/{id}': ['technician', 'admin'],
  'delete /api/v1/cameras/{id}': ['technician', 'admin'],
  'get /api/v1/credential-sets': ['technician', 'admin'],
  'post /api/v1/credential-sets': ['technician', 'admin'],
  'patch /api/v1/credential-sets/{id}': ['technician', 'admin'],
  'delete /api/v1/credential-sets/{id}': ['technician', 'admin'],
  'post /api/v1/cameras/import': ['technician', 'admin'],
  'get /api/v1/cameras/export.xlsx': ['technician', 'admin'],
  'get /api/v1/cameras/import-template.xlsx': ['technician', 'admin'],
  'get /api/v1/cameras/{id}/ptz': ['technician', 'admin'],
  'post /api/v1/cameras/{id}/ptz': ['technician', 'admin'],
  'post /api/v1/cameras/{id}/clock': ['technician', 'admin'],
  'post /api/v1/cameras/{id}/certificate': ['technician', 'admin'],
  'post /api/v1/cameras/{id}/check': ['technician', 'admin'],
  'post /api/v1/camera-checks': ['technician', 'admin'],
  'get /api/v1/health/overview': everyone,
  'get /api/v1/cameras/{id}/health': everyone,
  'get /api/v1/cameras/{id}/health/history': everyone,
  'post /api/v1/cameras/{id}/snapshots': ['staff', 'technician', 'admin'],
  'get /api/v1/cameras/{id}/snapshots': everyone,
  'get /api/v1/cameras/{id}/snapshots/calendar': everyone,
  'get /api/v1/cameras/{id}/snapshots/gaps': everyone,
  'get /api/v1/cameras/{id}/snapshots/index': everyone,
  'get /api/v1/cameras/{id}/snapshots/sheets/{date}': everyone,
  'get /api/v1/cameras/{id}/snapshots/sheets/{date}.webp': everyone,
  'get /api/v1/cameras/{id}/snapshots/verify': ['staff', 'admin'],
  'get /api/v1/cameras/{id}/snapshots/export.zip': ['staff', 'admin'],
  'get /api/v1/cameras/{id}/reference': ['technician', 'admin'],
  'put /api/v1/cameras/{id}/reference': ['technician', 'admin'],
  'delete /api/v1/cameras/{id}/reference': ['technician', 'admin'],
  'get /api/v1/evidence': everyone,
  'get /api/v1/evidence/key': everyone,
  'get /api/v1/evidence/verify': ['admin'],
  'get /api/v1/evidence/{date}': everyone,
  'get /api/v1/snapshots/{id}/image': everyone,
  'patch /api/v1/snapshots/{id}': ['staff', 'admin'],
  'get /api/v1/snapshots/compare': everyone,
  'post /api/v1/timelapses': ['staff', 'admin'],
  'get /api/v1/timelapses': everyone,
  'get /api/v1/timelapses/{id}': everyone,
  'delete /api/v1/timelapses/{id}': ['staff', 'admin'],
  'get /api/v1/timelapses/{id}/video.mp4': everyone,
  'get /live/{cameraId}/index.m3u8': everyone,
  'get /live/{cameraId}/{rendition}/stream.m3u8': everyone,
  'get /live/{cameraId}/poster.jpg': everyone,
  'get /live/{cameraId}/{rendition}/ws': everyone,
  'get /live/ws': everyone,
  'get /live/{cameraId}/{rendition}/{file}': everyone,
  'get /api/v1/events': everyone,
  'post /api/v1/shares': ['staff', 'admin'],
  'get /api/v1/shares': ['staff', 'admin'],
  'delete /api/v1/shares/{id}': ['staff', 'admin'],
  // Whoever holds the secret; without one they are not found, whoever asks.
  'get /s/{secret}': anyone,
  'get /s/{secret}/info': anyone,
  'get /s/{secret}/picture/{side}': anyone,
  'get /s/{secret}/live/index.m3u8': anyone,
  'get /s/{secret}/live/{rendition}/stream.m3u8': anyone,
  'get /s/{secret}/live/poster.jpg': anyone,
  'get /s/{secret}/live/{rendition}/ws': anyone,
  'get /s/{secret}/live/{rendition}/{file}': anyone,
  'get /api/v1/incidents': everyone,
  'post /api/v1/incidents/{id}/acknowledge': everyone,
  'get /api/v1/notification-channels': ['admin'],
  'post /api/v1/notification-channels': ['admin'],
  'patch /api/v1/notification-channels/{id}': ['admin'],
  'delete /api/v1/notification-channels/{id}': ['admin'],
  'post /api/v1/notification-channels/{id}/test': ['admin'],
  'get /api/v1/notification-deliveries': ['admin'],
  'get /api/v1/notification-rules': ['admin'],
  'post /api/v1/notification-rules': ['admin'],
  'patch /api/v1/notification-rules/{id}': ['admin'],
  'delete /api/v1/notification-rules/{id}': ['admin'],
  'get /api/v1/audit': ['admin'],
  'get /api/v1/audit/verify': ['admin'],
};

const web = new WebFixture();
const routes = web.server.routes;
const headersOf = new Map<Who, Record<string, string>>();
const strangersOf = new Map<Who, Record<string, string>>();
let ids: Record<string, string>;

beforeAll(async () => {
  await web.start();
  const projectId = await web.addProject('A');
  const camera = await web.addCamera('gate', projectId);
  web.health.set(camera, 'green');
  const snapshot = await web.snapshots.takeNow(camera.id);
  ids = { project: projectId, camera: camera.id, snapshot: snapshot.id };
  headersOf.set('nobody', {});
  for (const role of everyone as Role[]) {
    headersOf.set(role, await web.bearer(role, [projectId]));
    strangersOf.set(role, await web.bearer(role, ['prj_other']));
  }
});
afterAll(() => web.stop());

function pathOf(path: string): string {
  return path
    .replace(/\{cameraId\}|(?<=cameras\/)\{id\}/, ids['camera'] ?? '')
    .replace(/(?<=projects\/)\{id\}/, ids['project'] ?? '')
    .replace(/(?<=snapshots\/)\{id\}/, ids['snapshot'] ?? '')
    .replace(/(?<=evidence\/)\{date\}/, '2026-11-22')
    .replace('{date}', '2026-11-23')
    .replace('{rendition}', 'main')
    .replace('{file}', 'seg-1.m4s')
    .replace('{secret}', 'unknown')
    .replace('{side}', 'left')
    .replace('{id}', 'unknown');
}

/** Sent with a broken body, so that nothing is changed: whoever passes the gate gets 400. */
async function statusFor(method: string, path: string, headers: Record<string, string>): Promise<number> {
  const unsafe = method === 'post' || method === 'patch';
  const reply = await web.send(
    method.toUpperCase(),
    pathOf(path),
    unsafe ? { broken: true } : undefined,
    headers,
  );
  await reply.arrayBuffer();
  return reply.status;
}

describe('the access matrix', () => {
  it('has an entry for every route, and no entry for what is no route', () => {
    expect(routes.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(Object.keys(matrix).sort());
  });

  const cases = routes
    .filter(({ method, path }) => !(method === 'delete' && /session|cameras|projects/.test(path)))
    .flatMap((route) => callers.map((who) => [route.method, route.path, who] as const));

  it.each(cases)('%s %s by %s', async (method, path, who) => {
    const allowed = matrix[`${method} ${path}`]?.includes(who) ?? false;
    const headers = { ...headersOf.get(who), ...(path === '/metrics' && { 'x-forwarded-for': '192.0.2.1' }) };
    const status = await statusFor(method, path, headers);
    if (allowed) expect([200, 201, 202, 204, 400, 404, 422]).toContain(status);
    else expect(status).toBe(who === 'nobody' ? 401 : 403);
    if (allowed && !/unknown/.test(pathOf(path)) && !path.endsWith('poster.jpg'))
      expect(status).not.toBe(404);
  });

  const deletions = callers.flatMap((who) =>
    ['/api/v1/projects/{id}', '/api/v1/cameras/{id}'].map((path) => [path, who] as const),
  );
  it.each(deletions.filter(([path, who]) => !matrix[`delete ${path}`]?.includes(who)))(
    'delete %s is refused to %s',
    async (path, who) => {
      expect(await statusFor('delete', path, headersOf.get(who) ?? {})).toBe(who === 'nobody' ? 401 : 403);
    },
  );
});

describe('projects of others', () => {
  const scoped = routes.filter(({ scope }) => ['camera', 'project', 'snapshot'].includes(scope.in));
  const cases = scoped.flatMap((route) =>
    (['leader', 'staff', 'technician'] as const)
      .filter((who) => matrix[`${route.method} ${route.path}`]?.includes(who))
      .map((who) => [route.method, route.path, who] as const),
  );

  it.each(cases)('%s %s hides the thing from a %s of another project', async (method, path, who) => {
    const status = await statusFor(method, path, strangersOf.get(who) ?? {});
    expect(status).toBe(path.startsWith('/live/') ? 403 : 404);
  });

  it('are left out of lists', async () => {
    for (const who of ['leader', 'staff', 'technician'] as const) {
      for (const list of ['cameras', 'projects']) {
        const own = await (await web.get(`/api/v1/${list}`, headersOf.get(who))).json();
        const foreign = await (await web.get(`/api/v1/${list}`, strangersOf.get(who))).json();
        expect(own).toMatchObject({ items: [{}], nextCursor: null });
        expect(foreign).toEqual({ items: [], nextCursor: null });
      }
    }
  });

  it('cannot be named in a body', async () => {
    const body = { name: 'x', projectId: ids['project'], rtsp: { main: 'rtsp://192.168.1.2/' } };
    const reply = await web.send('POST', '/api/v1/cameras', body, strangersOf.get('technician'));
    expect(reply.status).toBe(404);
    expect(web.cameras.all()).toHaveLength(1);
  });

  it('never reach packaging before the gate says yes', async () => {
    web.live.asked.length = 0;
    for (const headers of [{}, strangersOf.get('leader') ?? {}]) {
      await statusFor('get', '/live/{cameraId}/index.m3u8', headers);
      await statusFor('get', '/live/{cameraId}/{rendition}/stream.m3u8', headers);
      await statusFor('get', '/live/{cameraId}/{rendition}/{file}', headers);
    }
    expect(web.live.asked).toEqual([]);
  });
});
