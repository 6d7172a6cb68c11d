import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CredentialSet } from '../../../gateway/contract/credential-set.ts';
import type { Problem } from '../../../gateway/contract/common.ts';
import type { CameraRecord } from '../../../gateway/fleet/camera-record.ts';
import { WebFixture } from '../../support/web-fixture.ts';

let web: WebFixture;
let headers: Record<string, string>;
let projectId: string;
let camera: CameraRecord;

beforeEach(async () => {
  web = await new WebFixture().start();
  projectId = await web.addProject('医院');
  headers = await web.bearer('technician', [projectId]);
  const onvif = { xaddr: 'http://192.168.1.4/onvif/device_service', username: 'admin', password: 'p' };
  const [added] = await web.cameras.addUnread([{ name: 'dome', projectId, position: '', onvif }]);
  camera = added!;
});
afterEach(() => web.stop());

async function send(
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: unknown }> {
  const reply = await web.send(method, `/api/v1${path}`, body, headers);
  const text = await reply.text();
  return { status: reply.status, body: text === '' ? null : (JSON.parse(text) as unknown) };
}

describe('credential sets', () => {
  it('are kept, listed, changed and removed, and never told', async () => {
    const made = await send('POST', '/credential-sets', {
      name: ' 海康 ',
      username: 'admin',
      password: 'canary-1',
    });
    expect(made.status).toBe(201);
    const set = made.body as CredentialSet;
    expect(set).toMatchObject({ name: '海康', username: 'admin', hasPassword: true });
    const changed = await send('PATCH', `/credential-sets/${set.id}`, { username: 'root' });
    expect(changed.body).toMatchObject({ username: 'root', hasPassword: true });
    expect(web.credentialSets.credentialsOf(set.id)).toEqual({ username: 'root', password: 'canary-1' });
    const listed = await send('GET', '/credential-sets?limit=1000');
    expect(listed.body).toMatchObject({ items: [{ id: set.id }], nextCursor: null });
    expect(JSON.stringify([made, changed, listed])).not.toContain('canary');
    const rows = await web.database
      .withTables<{ credential_sets: object }>()
      .selectFrom('credential_sets')
      .selectAll()
      .execute();
    expect(JSON.stringify(rows)).not.toContain('canary');
    expect((await send('DELETE', `/credential-sets/${set.id}`)).status).toBe(204);
    expect((await send('DELETE', `/credential-sets/${set.id}`)).status).toBe(404);
  });

  it('bear different names', async () => {
    const body = { name: 'Hik', username: 'a', password: '' };
    expect((await send('POST', '/credential-sets', body)).body).toMatchObject({ hasPassword: false });
    expect((await send('POST', '/credential-sets', { ...body, name: 'HIK' })).status).toBe(409);
  });

  it('lend a camera a copy of their sign-in', async () => {
    const set = await web.credentialSets.create({ name: 'x', username: 'admin', password: 'canary-2' });
    const rtsp = { main: 'rtsp://192.168.1.9/1', credentialSetId: set.id };
    const body = { name: 'by hand', projectId, rtsp };
    const made = await send('POST', '/cameras', body);
    expect(made).toMatchObject({ status: 201, body: { rtsp: { username: 'admin', hasPassword: true } } });
    expect(JSON.stringify(made)).not.toContain('canary');
    await web.credentialSets.remove(set.id);
    const { id } = made.body as { id: string };
    expect(await web.cameras.streamSource(id, 'main')).toMatchObject({ password: 'canary-2' });
    expect((await send('POST', '/cameras', { ...body, name: 'late' })).status).toBe(404);
    const both = { ...rtsp, username: 'u' };
    expect((await send('POST', '/cameras', { ...body, rtsp: both })).status).toBe(400);
  });
});

describe('turning a camera', () => {
  it('passes on a short move or a preset', async () => {
    expect((await send('POST', `/cameras/${camera.id}/ptz`, { pan: -1, ms: 300 })).status).toBe(204);
    expect((await send('POST', `/cameras/${camera.id}/ptz`, { preset: 'p1' })).status).toBe(204);
    expect(web.deviceControl.orders).toEqual([{ pan: -1, tilt: 0, zoom: 0, ms: 300 }, 'p1']);
    const state = await send('GET', `/cameras/${camera.id}/ptz`);
    expect(state.body).toEqual({ supported: true, presets: [{ token: 'p1', name: 'gate' }] });
  });

  it.each([{ pan: 1.1, ms: 100 }, { pan: 1, ms: 5001 }, { pan: 1, preset: 'p1' }, { preset: '' }])(
    'refuses %o',
    async (order) => {
      expect((await send('POST', `/cameras/${camera.id}/ptz`, order)).status).toBe(400);
      expect(web.deviceControl.orders).toEqual([]);
    },
  );

  it('says so when the camera has no motors, no ONVIF, or does not answer', async () => {
    web.deviceControl.failure = { ok: false, failure: 'not-supported', message: 'it offers no PTZ' };
    const refused = await send('POST', `/cameras/${camera.id}/ptz`, { preset: 'p1' });
    expect(refused).toMatchObject({
      status: 422,
      body: { code: 'camera-unsupported', detail: 'it offers no PTZ' },
    });
    web.deviceControl.failure = { ok: false, failure: 'unreachable', message: 'no answer' };
    expect((await send('POST', `/cameras/${camera.id}/clock`)).status).toBe(503);
    const byHand = await web.addCamera('gate', projectId);
    expect((await send('GET', `/cameras/${byHand.id}/ptz`)).body).toEqual({ supported: false, presets: [] });
    const problem = (await send('POST', `/cameras/${byHand.id}/ptz`, { preset: 'p1' })).body as Problem;
    expect(problem).toMatchObject({ status: 422, code: 'camera-unsupported' });
    expect(problem.detail).toContain('gate was registered by its RTSP address');
  });
});

describe('the clock', () => {
  it('is set to the gateway’s', async () => {
    expect(await send('POST', `/cameras/${camera.id}/clock`)).toEqual({
      status: 200,
      body: { clockDriftSec: 0.4, ntpEnded: false },
    });
  });
});

describe('a certificate', () => {
  const [first, second] = ['a'.repeat(64), 'b'.repeat(64)];

  it('is accepted only when it is the one that the camera shows', async () => {
    await web.cameras.revise(camera.id, (before) => ({
      ...before,
      onvif: before.onvif && { ...before.onvif, certificate: { sha256: first, changedTo: second } },
    }));
    const path = `/cameras/${camera.id}/certificate`;
    expect((await send('POST', path, { sha256: 'c'.repeat(64) })).status).toBe(409);
    expect((await send('POST', path, { sha256: 'short' })).status).toBe(400);
    expect((await send('POST', path, { sha256: second.toUpperCase() })).status).toBe(204);
    expect((await send('GET', `/cameras/${camera.id}`)).body).toMatchObject({
      onvif: { certificate: { sha256: second, changedTo: null } },
    });
    const byHand = await web.addCamera('gate', projectId);
    expect((await send('POST', `/cameras/${byHand.id}/certificate`, { sha256: first })).status).toBe(422);
  });
});

describe('a thousand cameras', () => {
  it('are listed by pages, each at once', async () => {
    const bodies = Array.from({ length: 999 }, (_, n) => ({
      name: `c${n}`,
      projectId,
      position: '',
      rtsp: { main: `rtsp://192.168.1.9/${n}` },
    }));
    for (const added of await web.cameras.addUnread(bodies)) web.health.set(added, 'green');
    const seen = new Set<string>();
    let cursor: string | null = '';
    const startedMs = performance.now();
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page = (await send('GET', `/cameras?limit=100${query}`)).body as {
        items: { id: string }[];
        nextCursor: string | null;
      };
      for (const { id } of page.items) seen.add(id);
      cursor = page.nextCursor;
    }
    const pagesMs = performance.now() - startedMs;
    const whole = (await send('GET', '/cameras?limit=1000')).body as { items: object[] };
    console.log(
      `ten pages in ${Math.round(pagesMs)} ms, all in ${Math.round(performance.now() - startedMs - pagesMs)} ms`,
    );
    expect(seen.size).toBe(1000);
    expect(whole.items).toHaveLength(1000);
    expect(performance.now() - startedMs).toBeLessThan(5000);
  });
});
