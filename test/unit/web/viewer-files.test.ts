import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { request } from 'undici';
import { WebFixture } from '../../support/web-fixture.ts';

const html = { accept: 'text/html,application/xhtml+xml' };
let folder: string;
let web: WebFixture;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gantry-viewer-'));
  web = await new WebFixture({ viewerFolder: join(folder, 'dist') }).start();
});
afterEach(async () => {
  await web.stop();
  await rm(folder, { recursive: true });
});

async function build(page: string, builtAtSec: number): Promise<void> {
  await mkdir(join(folder, 'dist/assets'), { recursive: true });
  await writeFile(join(folder, 'secret.txt'), 'secret');
  await writeFile(join(folder, 'dist/assets/main-Ab12Cd34.js'), `// ${'x'.repeat(5000)}`);
  await writeFile(join(folder, 'dist/index.html'), page);
  await utimes(join(folder, 'dist/index.html'), builtAtSec, builtAtSec);
}

/** As it is sent, without the client tidying up the path. */
async function rawGet(path: string): Promise<string> {
  const socket = connect(Number(new URL(web.origin).port), '127.0.0.1');
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  return text(socket);
}

describe('the viewer', () => {
  it('that is not built says how to build it', async () => {
    const reply = await web.get('/', html);
    expect([reply.status, reply.headers.get('content-type')]).toEqual([503, 'text/html; charset=utf-8']);
    expect(await reply.text()).toContain('npm run build');
  });

  it('answers whatever a browser navigates to with its page, never cached', async () => {
    await build('<title>one</title>', 1000);
    for (const path of ['/', '/cameras/cam_1', '/wall']) {
      const reply = await web.get(path, html);
      expect([reply.status, await reply.text()]).toEqual([200, '<title>one</title>']);
      expect(reply.headers.get('cache-control')).toBe('no-cache');
    }
    await build('<title>two</title>', 2000);
    expect(await (await web.get('/', html)).text()).toBe('<title>two</title>');
  });

  it('leaves API and live addresses to themselves', async () => {
    await build('<title>one</title>', 1000);
    for (const path of ['/api/v1/nothing', '/live/nothing', '/assets/gone-12345678.js', '/favicon.ico'])
      expect((await web.get(path, html)).status).toBe(404);
    expect((await web.get('/wall', { accept: 'application/json' })).status).toBe(404);
    expect((await web.send('POST', '/wall', {}, html)).status).toBe(404);
  });

  it('hands out hashed files for ever, compressed as the browser likes', async () => {
    await build('<title>one</title>', 1000);
    const ask = (encoding: string, etag = '') =>
      request(`${web.origin}/assets/main-Ab12Cd34.js`, {
        headers: { 'accept-encoding': encoding, 'if-none-match': etag },
      });
    const plain = await ask('identity');
    expect(plain.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(plain.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect((await plain.body.arrayBuffer()).byteLength).toBe(5003);
    const brotli = await ask('gzip, br');
    expect([brotli.headers['content-encoding'], brotli.headers['vary']]).toEqual(['br', 'Accept-Encoding']);
    expect((await brotli.body.arrayBuffer()).byteLength).toBeLessThan(100);
    const gzip = await ask('gzip');
    expect(gzip.headers['content-encoding']).toBe('gzip');
    await gzip.body.dump();
    const same = await ask('gzip', String(gzip.headers['etag']));
    expect(same.statusCode).toBe(304);
    await same.body.dump();
  });

  it('lets no path lead out of its folder', async () => {
    await build('<title>one</title>', 1000);
    for (const path of [
      '/../secret.txt',
      '/..%2fsecret.txt',
      '/assets/..%2f..%2fsecret.txt',
      '/%2e%2e/secret.txt',
    ]) {
      const reply = await rawGet(path);
      expect(reply).toMatch(/^HTTP\/1\.1 40[04] /);
      expect(reply).not.toMatch(/\bsecret$/);
    }
  });
});
