import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { AuditEntry, AuditVerdict } from '../../../gateway/contract/audit.ts';
import { silentLogger } from '../../../gateway/base/logger.ts';
import { AuditLog } from '../../../gateway/web/access/audit-log.ts';
import { auditRules } from '../../../gateway/web/access/audit-rules.ts';
import { WebFixture } from '../../support/web-fixture.ts';

const PASSWORD = 'camera-secret-canary';
let web: WebFixture;
let admin: Record<string, string>;
let projectId: string;

beforeEach(async () => {
  web = await new WebFixture().start();
  projectId = await web.addProject('A');
  admin = await web.bearer('admin');
});
afterEach(() => web.stop());

async function entries(query = ''): Promise<AuditEntry[]> {
  const reply = await web.get(`/api/v1/audit?order=asc&limit=1000${query}`, admin);
  expect(reply.status).toBe(200);
  return ((await reply.json()) as { items: AuditEntry[] }).items;
}

async function verdict(): Promise<AuditVerdict> {
  return (await (await web.get('/api/v1/audit/verify', admin)).json()) as AuditVerdict;
}

describe('every route that changes something', () => {
  it('has a rule for the audit, or says why it needs none', () => {
    const changing = web.server.routes.filter(({ method }) => method !== 'get');
    const without = changing.filter(({ method, path }) => auditRules[`${method} ${path}`] === undefined);
    expect(without.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
    const exempt = changing.filter(({ method, path }) => 'exempt' in (auditRules[`${method} ${path}`] ?? {}));
    expect(exempt.map(({ method, path }) => `${method} ${path}`)).toEqual(['post /api/v1/session']);
  });

  it('is in the audit before its reply, with what changed and never a secret', async () => {
    const technician = await web.bearer('technician', [projectId]);
    const body = {
      name: 'gate',
      projectId,
      rtsp: { main: 'rtsp://192.168.1.9/main', username: 'u', password: PASSWORD },
    };
    const made = await web.send('POST', '/api/v1/cameras', body, technician);
    const { id } = (await made.json()) as { id: string };
    const patch = { name: 'gate 2', rtsp: { password: `${PASSWORD}-2` } };
    await web.send('PATCH', `/api/v1/cameras/${id}`, patch, technician);
    await web.send(
      'POST',
      '/api/v1/discovery',
      { method: 'multicast', credentials: [{ username: 'u', password: PASSWORD }] },
      technician,
    );
    await web.send('DELETE', `/api/v1/cameras/${id}`, undefined, technician);
    const found = await entries();
    expect(found.map(({ action }) => action)).toEqual([
      'camera.created',
      'camera.changed',
      'discovery.started',
      'camera.removed',
    ]);
    expect(found[0]).toMatchObject({
      actor: { kind: 'token', name: 'technician token' },
      subject: { kind: 'camera', id, name: 'gate' },
      projectId,
      address: expect.stringMatching(/127\.0\.0\.1/),
    });
    expect(found[1]?.detail).toEqual({
      fields: ['name', 'rtsp.password'],
      before: { name: 'gate' },
      after: { name: 'gate 2' },
    });
    expect(found[2]?.detail).toEqual({ method: 'multicast', credentials: 1 });
    const stored = await sql`select * from audit_entries`.execute(web.database);
    expect(JSON.stringify(stored.rows)).not.toContain(PASSWORD);
    expect(await verdict()).toMatchObject({ ok: true, checked: 4 });
  });

  it('is not in the audit when it was refused', async () => {
    const leader = await web.bearer('leader', [projectId]);
    expect((await web.send('POST', '/api/v1/projects', { name: 'x' }, leader)).status).toBe(403);
    expect((await web.send('DELETE', '/api/v1/projects/none', undefined, admin)).status).toBe(404);
    expect(await entries()).toEqual([]);
  });
});

describe('sign-ins', () => {
  it('are written down, refusals too, without what was typed as an unknown name', async () => {
    const id = await web.addUser('li', 'staff', [projectId]);
    await web.cookie('li');
    await web.send('POST', '/api/v1/session', { username: 'li', password: 'wrong' });
    await web.send('POST', '/api/v1/session', { username: PASSWORD, password: 'x' });
    const found = await entries();
    expect(found.map(({ action, actor }) => [action, actor.id, actor.name])).toEqual([
      ['session.signed-in', id, 'li'],
      ['session.refused', id, 'li'],
      ['session.refused', null, 'unknown'],
    ]);
  });

  it('that are guessed in floods become counted entries', async () => {
    for (let guess = 0; guess < 30; guess += 1)
      await web.send('POST', '/api/v1/session', { username: `nobody`, password: 'x' });
    const before = (await entries()).length;
    expect(before).toBeLessThanOrEqual(12);
    await web.clock.advance(60_000);
    await expect
      .poll(async () => (await entries()).at(-1)?.detail)
      .toMatchObject({ times: expect.any(Number) });
    expect((await entries()).reduce((sum, { detail }) => sum + Number(detail['times'] ?? 1), 0)).toBe(30);
  });
});

describe('watching', () => {
  it('over a WebSocket is one entry with its seconds, whatever streams it changed to', async () => {
    const camera = await web.addCamera('gate', projectId);
    const leader = await web.bearer('leader', [projectId]);
    const url = `${web.origin.replace('http', 'ws')}/live/${camera.id}`;
    const first = new WebSocket(`${url}/sub/ws`, { headers: leader });
    await new Promise((resolve) => first.once('message', resolve));
    await web.clock.advance(15_000);
    first.close();
    await expect.poll(() => web.live.closed).toBe(1);
    const second = new WebSocket(`${url}/main/ws`, { headers: leader });
    await new Promise((resolve) => second.once('message', resolve));
    await web.clock.advance(10_000);
    second.close();
    await expect.poll(() => web.live.closed).toBe(2);
    await web.clock.advance(40_000);
    await expect.poll(() => entries('&action=live')).toHaveLength(1);
    const [watched] = await entries('&action=live');
    expect(watched).toMatchObject({
      action: 'live.watched',
      actor: { kind: 'token', name: 'leader token' },
      subject: { kind: 'camera', id: camera.id, name: 'gate' },
      projectId,
      detail: { seconds: 25, via: ['ws'] },
    });
  });

  it('over HLS is one entry from the first playlist to the last segment', async () => {
    const camera = await web.addCamera('gate', projectId);
    await web.addUser('boss', 'leader', [projectId]);
    const boss = await web.cookie('boss');
    for (let second = 0; second < 20; second += 4) {
      await (await web.get(`/live/${camera.id}/main/stream.m3u8`, boss)).text();
      await (await web.get(`/live/${camera.id}/main/seg-${second}.m4s`, boss)).text();
      await web.clock.advance(4000);
    }
    await web.clock.advance(40_000);
    await expect.poll(() => entries('&action=live.watched&actor=boss')).toHaveLength(1);
    expect((await entries('&action=live.watched'))[0]?.detail).toMatchObject({ seconds: 16, via: ['hls'] });
  });

  it('that a crash cut off is written down at the next start', async () => {
    await sql`insert into audit_viewings values ('vwg_1', ${JSON.stringify({
      actor: { kind: 'user', id: 'usr_1', name: 'li' },
      action: 'live.watched',
      detail: { seconds: 60, cutOff: 'the gateway ended meanwhile' },
    })})`.execute(web.database);
    await web.server.stop();
    const { port } = await web.server.start();
    web.origin = `http://127.0.0.1:${port}`;
    expect(await entries()).toMatchObject([{ action: 'live.watched', detail: { seconds: 60 } }]);
    expect((await sql`select * from audit_viewings`.execute(web.database)).rows).toEqual([]);
  });
});

describe('the chain', () => {
  /** As somebody does who has the database file and takes the guards away. */
  async function tamper(statement: ReturnType<typeof sql>): Promise<void> {
    await sql`drop trigger audit_unchanged`.execute(web.database);
    await sql`drop trigger audit_kept`.execute(web.database);
    await statement.execute(web.database);
  }

  beforeEach(async () => {
    for (let nth = 0; nth < 5; nth += 1)
      await web.send('POST', '/api/v1/projects', { name: `P${nth}` }, admin);
  });

  it('holds, and names its head', async () => {
    expect(await verdict()).toMatchObject({ ok: true, checked: 5, head: { id: 'aud_000005' } });
  });

  it('refuses changes and removals in the database itself', async () => {
    await expect(sql`update audit_entries set actor_name = 'x'`.execute(web.database)).rejects.toThrow(
      /never changed/,
    );
    await expect(sql`delete from audit_entries where seq = 2`.execute(web.database)).rejects.toThrow(
      /retention/,
    );
  });

  it.each([
    ['a changed word', sql`update audit_entries set actor_name = 'somebody' where seq = 3`, 'aud_000003'],
    ['a removed entry', sql`delete from audit_entries where seq = 3`, 'aud_000004'],
    ['a cut beginning', sql`delete from audit_entries where seq <= 2`, 'aud_000003'],
    [
      'a forged end',
      sql`insert into audit_entries select 6, at_ms, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, subject_name, project_id, address, detail, hash, hash from audit_entries where seq = 5`,
      'aud_000006',
    ],
  ])('finds %s', async (_what, statement, badId) => {
    await tamper(statement);
    expect(await verdict()).toMatchObject({ ok: false, firstBadId: badId });
  });

  it('stays checkable when retention removes its old end, which an entry tells', async () => {
    const { database, clock } = web;
    const short = new AuditLog({ database, clock, logger: silentLogger, keepDays: 10 / (24 * 60) });
    await clock.advance(6 * 60_000);
    await web.send('POST', '/api/v1/projects', { name: 'later' }, admin);
    await clock.advance(6 * 60_000);
    await short.trim();
    const left = await entries();
    expect(left.map(({ action }) => action)).toEqual(['project.created', 'audit.trimmed']);
    expect(left[1]?.detail).toMatchObject({ through: 'aud_000005', removed: 5 });
    expect(await verdict()).toMatchObject({ ok: true, checked: 2 });
    // An anchor that nobody told of is no excuse.
    await tamper(sql`delete from audit_entries where seq <= 6`);
    await sql`insert into audit_anchors values (6, ${left[0]?.hash ?? ''}, 0, 1)`.execute(web.database);
    expect(await verdict()).toMatchObject({ ok: false, firstBadId: 'aud_000007' });
  });

  it('is written in order by whoever writes at once', async () => {
    const actor = { kind: 'system', id: null, name: 'test' } as const;
    await Promise.all(
      Array.from({ length: 300 }, (_, nth) => web.audit.record({ actor, action: `n.${nth}` })),
    );
    const found = await entries('&actor=test');
    expect(found.map(({ action }) => action)).toEqual(Array.from({ length: 300 }, (_, nth) => `n.${nth}`));
    expect(await verdict()).toMatchObject({ ok: true, checked: 305 });
  });
});

describe('reading the audit', () => {
  it('is by filters and pages', async () => {
    const actor = { kind: 'user', id: 'usr_1', name: 'li' } as const;
    for (let nth = 0; nth < 5; nth += 1) {
      const subject = { kind: 'camera', id: `cam_${nth}`, name: 'gate' };
      await web.audit.record({ actor, action: nth % 2 === 0 ? 'camera.changed' : 'camera-set.x', subject });
      await web.clock.advance(1000);
    }
    expect(await entries('&action=camera')).toHaveLength(3);
    expect(await entries('&subject=cam_1')).toHaveLength(1);
    expect(await entries('&subject=gate&actor=usr_1')).toHaveLength(5);
    expect(await entries('&from=2026-11-23T06:00:01Z&to=2026-11-23T06:00:03Z')).toHaveLength(2);
    const first = (await (await web.get('/api/v1/audit?limit=2', admin)).json()) as {
      items: AuditEntry[];
      nextCursor: string;
    };
    expect(first.items.map(({ id }) => id)).toEqual(['aud_000005', 'aud_000004']);
    const next = await (await web.get(`/api/v1/audit?limit=9&cursor=${first.nextCursor}`, admin)).json();
    expect(next).toMatchObject({ items: [{ id: 'aud_000003' }, {}, {}], nextCursor: null });
    expect((await web.get('/api/v1/audit?cursor=x', admin)).status).toBe(400);
  });

  it('is as CSV that no spreadsheet takes for formulas, and is itself written down', async () => {
    const actor = { kind: 'user', id: 'usr_1', name: '=HYPERLINK("http://evil")' } as const;
    await web.audit.record({ actor, action: 'note.made', detail: { note: 'a "quoted", word' } });
    const reply = await web.get('/api/v1/audit?format=csv', admin);
    expect(reply.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const text = await reply.text();
    expect(text).toContain(`"'=HYPERLINK(""http://evil"")"`);
    expect(text.split('\r\n')).toHaveLength(4);
    expect((await entries()).at(-1)).toMatchObject({ action: 'audit.exported' });
  });

  it('keeps downloads of originals, not looks', async () => {
    const camera = await web.addCamera('gate', projectId);
    const { id } = await web.snapshots.takeNow(camera.id);
    await web.get(`/api/v1/snapshots/${id}/image?size=large`, admin);
    await web.get(`/api/v1/snapshots/${id}/image?size=full`, admin);
    expect(await entries()).toMatchObject([
      { action: 'snapshot.downloaded', subject: { kind: 'snapshot', id } },
    ]);
  });
});

it('the rules are documented by name nowhere else than in their table', async () => {
  const readme = await readFile(join(import.meta.dirname, '../../../gateway/web/AUDIT.md'), 'utf8');
  const actions = Object.values(auditRules).flatMap((rule) => ('action' in rule ? [rule.action] : []));
  expect(actions.filter((action) => !readme.includes(`\`${action}\``))).toEqual([]);
});
