import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebFixture } from '../../support/web-fixture.ts';

const DAY_MS = 86_400_000;
let web: WebFixture;

beforeEach(async () => {
  web = await new WebFixture().start();
  await web.addUser('Zhang.Wei', 'admin');
});
afterEach(() => web.stop());

/** The wall clock alone, and the few seconds for which an answer of the database holds. */
async function later(days: number): Promise<void> {
  web.clock.setWallClock(web.clock.now() + days * DAY_MS - 11_000);
  await web.clock.advance(11_000);
}

const signIn = (username: string, password: string, headers = {}) =>
  web.send('POST', '/api/v1/session', { username, password }, headers);

describe('signing in', () => {
  it('opens a session by cookie, whatever the case of the name', async () => {
    const reply = await signIn('zhang.wei', 'correct horse');
    expect(reply.status).toBe(201);
    expect(await reply.json()).toEqual({
      user: {
        id: expect.stringMatching(/^usr_/) as string,
        username: 'Zhang.Wei',
        displayName: 'Zhang.Wei',
        role: 'admin',
        projectIds: [],
      },
      site: { timeZone: 'Asia/Shanghai', now: '2026-11-23T06:00:00.000Z' },
    });
    const cookie = reply.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^gantry_session=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/);
    const me = await web.get('/api/v1/session', { cookie: cookie.split(';')[0] ?? '' });
    expect(await me.json()).toMatchObject({ user: { username: 'Zhang.Wei' } });
  });

  it('answers a wrong password and an unknown name alike', async () => {
    const wrong = await signIn('Zhang.Wei', 'wrong');
    const unknown = await signIn('nobody', 'wrong');
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    expect(await wrong.json()).toEqual(await unknown.json());
  });

  it('stops guessing with 429 and Retry-After, and lets the right one in again after the wait', async () => {
    for (let count = 0; count < 10; count += 1) expect((await signIn('Zhang.Wei', 'wrong')).status).toBe(401);
    const blocked = await signIn('Zhang.Wei', 'correct horse');
    expect([blocked.status, blocked.headers.get('retry-after')]).toEqual([429, '30']);
    expect(await blocked.json()).toMatchObject({ code: 'too-many-requests', retryAfterSec: 30 });
    await web.clock.advance(30_001);
    expect((await signIn('Zhang.Wei', 'correct horse')).status).toBe(201);
  });

  it('stores neither password nor secret in clear', async () => {
    const { cookie = '' } = await web.cookie('Zhang.Wei');
    const tables = web.database.withTables<{ sessions: { id: string }; users: { password_hash: string } }>();
    const [session] = await tables.selectFrom('sessions').selectAll().execute();
    const [user] = await tables.selectFrom('users').selectAll().execute();
    expect(JSON.stringify(session)).not.toContain(cookie.split('=')[1]);
    expect(user?.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });
});

describe('a session', () => {
  it('ends with sign-out', async () => {
    const cookie = await web.cookie('Zhang.Wei');
    const out = await web.send('DELETE', '/api/v1/session', undefined, cookie);
    expect([out.status, out.headers.get('set-cookie')]).toEqual([204, expect.stringContaining('Max-Age=0')]);
    expect((await web.get('/api/v1/session', cookie)).status).toBe(401);
  });

  it('lives on by use, ends 30 days after the last, and 180 days after sign-in', async () => {
    const cookie = await web.cookie('Zhang.Wei');
    const holds = async () => (await web.get('/api/v1/session', cookie)).status === 200;
    for (let day = 0; day < 174; day += 29) {
      expect(await holds()).toBe(true);
      await later(29);
    }
    expect(await holds()).toBe(true);
    await later(7);
    expect(await holds()).toBe(false);

    const idle = await web.cookie('Zhang.Wei');
    await later(30);
    expect((await web.get('/api/v1/session', idle)).status).toBe(401);
  });

  it('ends when its user gets a new password or is removed, and changes with the role at once', async () => {
    const id = await web.addUser('li', 'leader');
    const admin = await web.cookie('Zhang.Wei');
    const li = await web.cookie('li');
    expect((await web.get('/api/v1/users', li)).status).toBe(403);
    await web.send('PATCH', `/api/v1/users/${id}`, { role: 'admin' }, admin);
    expect((await web.get('/api/v1/users', li)).status).toBe(200);
    await web.send('PATCH', `/api/v1/users/${id}`, { password: 'another horse' }, admin);
    expect((await web.get('/api/v1/session', li)).status).toBe(401);
    await web.send('DELETE', `/api/v1/users/${id}`, undefined, admin);
    expect((await signIn('li', 'another horse')).status).toBe(401);
  });

  it('bears Secure where a trusted proxy speaks TLS', async () => {
    const behind = await new WebFixture({ http: { host: '127.0.0.1', port: 0, trustProxy: true } }).start();
    await behind.addUser('li', 'leader');
    const body = { username: 'li', password: 'correct horse' };
    const reply = await behind.send('POST', '/api/v1/session', body, { 'x-forwarded-proto': 'https' });
    expect(reply.headers.get('set-cookie')).toContain('; Secure');
    await behind.stop();
  });
});

describe('pages of other sites', () => {
  it('cannot use the cookie to change anything, nor sign anyone in', async () => {
    const cookie = await web.cookie('Zhang.Wei');
    const foreign: Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
    ];
    for (const headers of foreign) {
      const reply = await web.send('POST', '/api/v1/projects', { name: 'x' }, { ...cookie, ...headers });
      expect([reply.status, ((await reply.json()) as { code: string }).code]).toEqual([403, 'forbidden']);
      expect((await signIn('Zhang.Wei', 'correct horse', headers)).status).toBe(403);
    }
    expect(web.projects.all()).toHaveLength(0);
  });

  it('are told from the viewer’s own', async () => {
    const cookie = await web.cookie('Zhang.Wei');
    const own: Record<string, string>[] = [{ origin: web.origin }, { 'sec-fetch-site': 'same-origin' }];
    for (const headers of own) {
      const reply = await web.send('POST', '/api/v1/projects', { name: 'x' }, { ...cookie, ...headers });
      expect(reply.status).toBe(201);
    }
  });

  it('do not matter to programs with a token', async () => {
    const headers = { ...(await web.bearer('admin')), origin: 'https://tracker.example' };
    expect((await web.send('POST', '/api/v1/projects', { name: 'x' }, headers)).status).toBe(201);
  });
});

describe('an API token', () => {
  it('is shown once, works everywhere, and ends when it is removed or runs out', async () => {
    const admin = await web.cookie('Zhang.Wei');
    const body = { name: 'tracker', role: 'leader', expiresAt: '2026-11-24T14:00:00+08:00' };
    const made = await web.send('POST', '/api/v1/tokens', body, admin);
    const token = (await made.json()) as { id: string; secret: string };
    expect([made.status, token.secret]).toEqual([201, expect.stringMatching(/^gtk_[\w-]{43}$/)]);
    const bearer = { authorization: `Bearer ${token.secret}` };
    expect((await web.get('/api/v1/cameras', bearer)).status).toBe(200);
    const listed = await (await web.get('/api/v1/tokens', admin)).text();
    expect(listed).toContain('"lastUsedAt":"2026-11-23T06:00:00.000Z"');
    expect(listed).not.toContain(token.secret);
    await web.clock.advance(DAY_MS);
    expect((await web.get('/api/v1/cameras', bearer)).status).toBe(401);

    const second = (await (
      await web.send('POST', '/api/v1/tokens', { name: 'x', role: 'admin' }, admin)
    ).json()) as { id: string; secret: string };
    const again = { authorization: `Bearer ${second.secret}` };
    expect((await web.get('/api/v1/users', again)).status).toBe(200);
    expect((await web.send('DELETE', `/api/v1/tokens/${second.id}`, undefined, admin)).status).toBe(204);
    expect((await web.get('/api/v1/users', again)).status).toBe(401);
    expect((await web.send('DELETE', `/api/v1/tokens/${second.id}`, undefined, admin)).status).toBe(404);
  });

  it('that is wrong is not made good by a cookie', async () => {
    const cookie = await web.cookie('Zhang.Wei');
    expect((await web.get('/api/v1/users', { ...cookie, authorization: 'Bearer gtk_x' })).status).toBe(401);
  });
});
