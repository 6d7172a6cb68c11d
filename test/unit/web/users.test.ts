import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureFirstAdmin } from '../../../gateway/web/access/first-admin.ts';
import { WebFixture } from '../../support/web-fixture.ts';

let web: WebFixture;

beforeEach(async () => {
  web = await new WebFixture().start();
});
afterEach(() => web.stop());

describe('the first admin', () => {
  it('gets a generated password that can be read out, once', async () => {
    const { users, signIn } = web.server.access;
    const first = await ensureFirstAdmin(users, undefined);
    expect(first?.password).toMatch(/^([a-z2-9]{4}-){4}[a-z2-9]{4}$/);
    expect(await ensureFirstAdmin(users, undefined)).toBeNull();
    const opened = await signIn.open('admin', first?.password ?? '', { address: '127.0.0.1', userAgent: '' });
    expect(opened.user.role).toBe('admin');
  });

  it('takes the configured password and does not tell it', async () => {
    const { users } = web.server.access;
    expect(await ensureFirstAdmin(users, 'set by config')).toMatchObject({
      username: 'admin',
      password: null,
    });
  });

  it('refuses a configured password that is too short', async () => {
    await expect(ensureFirstAdmin(web.server.access.users, 'short')).rejects.toMatchObject({
      code: 'config-invalid',
    });
  });
});

describe('users', () => {
  it('are added, listed by pages, changed and removed by an admin', async () => {
    const admin = await web.bearer('admin');
    const made = await web.send(
      'POST',
      '/api/v1/users',
      { username: '王工', password: 'long enough', role: 'technician', projectIds: ['prj_1'] },
      admin,
    );
    const user = (await made.json()) as { id: string };
    expect([made.status, user]).toEqual([
      201,
      {
        id: user.id,
        username: '王工',
        displayName: '王工',
        role: 'technician',
        projectIds: ['prj_1'],
      },
    ]);
    await web.clock.advance(1);
    await web.addUser('second', 'leader');
    const first = (await (await web.get('/api/v1/users?limit=1', admin)).json()) as { nextCursor: string };
    expect(first).toMatchObject({ items: [{ username: '王工' }] });
    const rest = await (await web.get(`/api/v1/users?cursor=${first.nextCursor}`, admin)).json();
    expect(rest).toMatchObject({ items: [{ username: 'second' }], nextCursor: null });
    const patched = await web.send('PATCH', `/api/v1/users/${user.id}`, { displayName: 'Wang' }, admin);
    expect(await patched.json()).toMatchObject({ displayName: 'Wang', role: 'technician' });
    expect((await web.send('DELETE', `/api/v1/users/${user.id}`, undefined, admin)).status).toBe(204);
    expect((await web.send('PATCH', `/api/v1/users/${user.id}`, {}, admin)).status).toBe(404);
  });

  it('have names that differ in more than case or width', async () => {
    await web.addUser('Admin', 'leader');
    const admin = await web.bearer('admin');
    const body = { username: 'ａｄｍｉｎ', password: 'long enough', role: 'leader' };
    const reply = await web.send('POST', '/api/v1/users', body, admin);
    expect([reply.status, ((await reply.json()) as { code: string }).code]).toEqual([409, 'conflict']);
  });

  it('always keep one admin', async () => {
    const id = await web.addUser('boss', 'admin');
    const admin = await web.cookie('boss');
    expect((await web.send('PATCH', `/api/v1/users/${id}`, { role: 'leader' }, admin)).status).toBe(409);
    expect((await web.send('DELETE', `/api/v1/users/${id}`, undefined, admin)).status).toBe(409);
    await web.addUser('deputy', 'admin');
    expect((await web.send('DELETE', `/api/v1/users/${id}`, undefined, admin)).status).toBe(204);
  });
});
