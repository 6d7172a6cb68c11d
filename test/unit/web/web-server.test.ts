import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GatewayError } from '../../../gateway/base/gateway-error.ts';
import { WebFixture } from '../../support/web-fixture.ts';

let web: WebFixture;
let admin: Record<string, string>;

beforeEach(async () => {
  web = await new WebFixture().start();
  admin = await web.bearer('admin');
});
afterEach(() => web.stop());

async function problemOf(reply: Response): Promise<Record<string, unknown>> {
  expect(reply.headers.get('content-type')).toBe('application/problem+json');
  return (await reply.json()) as Record<string, unknown>;
}

describe('alive and ready', () => {
  it('answers 200 when everything works and 503 with the reasons when not', async () => {
    expect((await web.get('/healthz')).status).toBe(200);
    expect(await (await web.get('/readyz')).json()).toEqual({ ready: true, reasons: [] });
    web.notReady = ['MQTT broker is not connected'];
    const reply = await web.get('/readyz');
    expect(reply.status).toBe(503);
    expect(await reply.json()).toEqual({ ready: false, reasons: ['MQTT broker is not connected'] });
  });

  it('gives metrics to a program on this machine, not through a proxy', async () => {
    await web.get('/healthz');
    const text = await (await web.get('/metrics')).text();
    expect(text).toContain('gantry_cameras{light="grey"} 1');
    expect(text).toContain('gantry_http_replies_total{status="2xx"} 1');
    expect(text).toContain('gantry_websockets 0');
    expect((await web.get('/metrics', { 'x-forwarded-for': '203.0.113.9' })).status).toBe(401);
    expect((await web.get('/metrics', { ...admin, 'x-forwarded-for': '203.0.113.9' })).status).toBe(200);
  });
});

describe('requests that are wrong', () => {
  it('names the field and what was expected of it', async () => {
    const body = { name: '', projectId: 7, rtsp: { main: 'http://x/' }, surprise: 1 };
    const problem = await problemOf(await web.send('POST', '/api/v1/cameras', body, admin));
    expect(problem).toMatchObject({ status: 400, code: 'bad-request' });
    expect(problem['detail']).toContain('body.name');
    expect(problem['detail']).toContain('body.projectId');
    expect(problem['detail']).toContain('body.rtsp.main');
    expect(problem['detail']).toContain('surprise');
  });

  it('refuses unknown and repeated query fields', async () => {
    expect((await web.get('/api/v1/cameras?limit=0', admin)).status).toBe(400);
    expect((await web.get('/api/v1/cameras?limit=5&limit=6', admin)).status).toBe(400);
    expect((await web.get('/api/v1/cameras?__proto__=1', admin)).status).toBe(400);
    expect((await web.get('/api/v1/cameras?cursor=junk', admin)).status).toBe(400);
  });

  it('answers broken JSON, another content type and too much with problems', async () => {
    const post = (body: string, type = 'application/json') =>
      fetch(`${web.origin}/api/v1/projects`, {
        method: 'POST',
        headers: { ...admin, 'content-type': type },
        body,
      });
    expect((await problemOf(await post('{"name":')))['code']).toBe('bad-request');
    expect((await problemOf(await post('name=x', 'application/x-www-form-urlencoded')))['code']).toBe(
      'bad-request',
    );
    expect((await problemOf(await post(JSON.stringify({ name: 'x'.repeat(1_100_000) })))).status).toBe(413);
  });

  it('reads no body of who is not signed in', async () => {
    const reply = await web.send('POST', '/api/v1/projects', { name: 'x'.repeat(1_100_000) });
    expect((await problemOf(reply))['code']).toBe('unauthenticated');
  });

  it('answers unknown paths, broken escapes and wrong methods with problems', async () => {
    expect((await problemOf(await web.get('/api/v1/nothing')))['code']).toBe('not-found');
    expect((await problemOf(await web.get('/api/v1/cameras/%E0%A4%A', admin)))['code']).toBe('bad-request');
    const put = await web.send('PUT', '/api/v1/cameras', {}, admin);
    expect(put.headers.get('allow')).toBe('GET, HEAD, POST, OPTIONS');
    expect((await problemOf(put))['code']).toBe('method-not-allowed');
    const options = await web.send('OPTIONS', '/api/v1/cameras/x');
    expect([options.status, options.headers.get('allow')]).toEqual([
      204,
      'GET, HEAD, PATCH, DELETE, OPTIONS',
    ]);
    expect(options.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('answers HEAD as GET without a body', async () => {
    const head = await web.send('HEAD', '/api/v1/projects', undefined, admin);
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect(Number(head.headers.get('content-length'))).toBeGreaterThan(10);
  });

  it('answers bytes that are no HTTP and lives on', async () => {
    const socket = connect(Number(new URL(web.origin).port), '127.0.0.1');
    socket.end('\u0016\u0003\u0001 not http\r\n\r\n');
    expect(await text(socket)).toContain('400 Bad Request');
    expect((await web.get('/healthz')).status).toBe(200);
  });
});

describe('faults', () => {
  it('tell neither stack nor path, and are logged', async () => {
    const lines: unknown[] = [];
    const log = (...line: unknown[]) => void lines.push(line);
    const logger = { debug: log, info: log, warn: log, error: log, fatal: log, child: () => logger };
    const failing = await new WebFixture({ logger }).start();
    failing.live.failure = new GatewayError('storage-failed', 'cannot read /var/lib/gantry/secret.jpg');
    const camera = await failing.addCamera('gate', await failing.addProject('A'));
    const headers = await failing.bearer('admin');
    const reply = await failing.get(`/live/${camera.id}/index.m3u8`, headers);
    const body = await reply.text();
    expect(reply.status).toBe(500);
    expect(body).not.toContain('/var/lib');
    expect(JSON.stringify(lines)).toContain('/var/lib/gantry/secret.jpg');
    await failing.stop();
  });

  it('says in plain words when the port is taken', async () => {
    const port = Number(new URL(web.origin).port);
    const second = new WebFixture({ http: { host: '127.0.0.1', port, trustProxy: false } });
    await expect(second.start()).rejects.toMatchObject({
      code: 'port-in-use',
      message: expect.stringContaining('http.port') as string,
    });
    await second.stop();
  });
});

describe('headers', () => {
  it('keep pages to themselves', async () => {
    const { headers } = await web.get('/healthz');
    expect(headers.get('content-security-policy')).toContain("script-src 'self';");
    expect(headers.get('content-security-policy')).toContain(
      `connect-src 'self' ws://${new URL(web.origin).host}`,
    );
    expect(headers.get('content-security-policy')).not.toContain('unsafe');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('strict-transport-security')).toBeNull();
  });

  it('demand TLS only when a trusted proxy says that TLS is in use', async () => {
    const behind = await new WebFixture({ http: { host: '127.0.0.1', port: 0, trustProxy: true } }).start();
    const { headers } = await behind.get('/healthz', { 'x-forwarded-proto': 'https' });
    expect(headers.get('strict-transport-security')).toContain('max-age');
    await behind.stop();
    const plain = await web.get('/healthz', { 'x-forwarded-proto': 'https' });
    expect(plain.headers.get('strict-transport-security')).toBeNull();
  });
});

describe('floods', () => {
  it('are answered 429 with Retry-After', async () => {
    const small = await new WebFixture({ limits: { apiPerMin: 18, livePerMin: 18 } }).start();
    const statuses: number[] = [];
    for (let count = 0; count < 5; count += 1) statuses.push((await small.get('/healthz')).status);
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    const last = await small.get('/healthz');
    expect(last.headers.get('retry-after')).toBe('10');
    expect((await problemOf(last))['code']).toBe('too-many-requests');
    await small.stop();
  });
});
