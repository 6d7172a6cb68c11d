import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GatewayError } from '../../../gateway/base/gateway-error.ts';
import { WebFixture } from '../../support/web-fixture.ts';

let web: WebFixture;
let admin: Record<string, string>;
let cameraId: string;

beforeEach(async () => {
  web = await new WebFixture().start();
  admin = await web.bearer('admin');
  cameraId = (await web.addCamera('gate', await web.addProject('A'))).id;
});
afterEach(() => web.stop());

describe('playlists', () => {
  it('are never cached, and carry the delivery directives on', async () => {
    const list = await web.get(`/live/${cameraId}/index.m3u8`, admin);
    expect(list.headers.get('content-type')).toBe('application/vnd.apple.mpegurl');
    expect(list.headers.get('cache-control')).toBe('no-store');
    const path = `/live/${cameraId}/sub/stream.m3u8`;
    await web.get(`${path}?_HLS_msn=12&_HLS_part=0&_HLS_skip=YES&_HLS_unknown=1`, admin);
    expect(web.live.asked.at(-1)).toBe(`playlist ${cameraId} sub {"msn":12,"part":0,"skip":true}`);
    for (const query of ['_HLS_msn=-1', '_HLS_msn=x', '_HLS_part=1', '_HLS_skip=maybe'])
      expect((await web.get(`${path}?${query}`, admin)).status).toBe(400);
    expect((await web.get(`/live/${cameraId}/third/stream.m3u8`, admin)).status).toBe(404);
  });

  it('are compressed for players with low latency that take that, and never for plain ones', async () => {
    const text = `#EXTM3U\n${'#EXT-X-PART:DURATION=0.32000,URI="part-1-1.m4s"\n'.repeat(40)}`;
    web.live.text = text;
    const plain = await web.get(`/live/${cameraId}/main/stream.m3u8`, {
      ...admin,
      'accept-encoding': 'gzip',
    });
    expect([plain.headers.get('content-encoding'), await plain.text()]).toEqual([null, text]);
    const path = `/live/${cameraId}/main/stream.m3u8?_HLS_msn=12`;
    const lengths: (string | null)[] = [];
    for (const accepted of ['gzip, deflate', 'br;q=1, gzip;q=0.5', 'gzip;q=0', 'identity']) {
      const reply = await web.get(path, { ...admin, 'accept-encoding': accepted });
      expect(await reply.text()).toBe(text);
      expect(reply.headers.get('vary')).toContain('Accept-Encoding');
      lengths.push(reply.headers.get('content-encoding'));
    }
    expect(lengths).toEqual(['gzip', 'gzip', null, null]);
    web.live.text = '#EXTM3U\n';
    const short = await web.get(path, { ...admin, 'accept-encoding': 'gzip' });
    expect([short.headers.get('content-encoding'), await short.text()]).toEqual([null, '#EXTM3U\n']);
  });

  it('say when a camera cannot be reached, and when to ask again', async () => {
    web.live.failure = new GatewayError('camera-offline', 'no answer', { details: { retryAfterSec: 7.2 } });
    const reply = await web.get(`/live/${cameraId}/index.m3u8`, admin);
    expect([reply.status, reply.headers.get('retry-after')]).toEqual([503, '8']);
    expect(await reply.json()).toMatchObject({ code: 'camera-offline', detail: 'no answer' });
  });
});

describe('segments', () => {
  it('are written chunk by chunk with their length, and may be kept for a while', async () => {
    web.live.chunks = Array.from({ length: 50 }, (_, index) => Buffer.alloc(40_000, index));
    const reply = await web.get(`/live/${cameraId}/main/seg-7.m4s`, admin);
    expect(reply.headers.get('content-length')).toBe('2000000');
    expect(reply.headers.get('cache-control')).toBe('private, max-age=60');
    expect(Buffer.from(await reply.arrayBuffer()).equals(Buffer.concat(web.live.chunks))).toBe(true);
    const head = await web.send('HEAD', `/live/${cameraId}/main/seg-7.m4s`, undefined, admin);
    expect([head.headers.get('content-length'), await head.text()]).toEqual(['2000000', '']);
  });

  it('are not sent again to who has them', async () => {
    const path = `/live/${cameraId}/main/seg-7.m4s`;
    const etag = (await web.get(path, admin)).headers.get('etag') ?? '';
    const again = await web.get(path, { ...admin, 'if-none-match': etag });
    expect([etag, again.status]).toEqual(['"seg-7.m4s"', 304]);
  });

  it('have plain names', async () => {
    for (const name of ['..%2Fx.m4s', 'x.m4s%00', 'seg.ts', 'a%2fb.mp4'])
      expect((await web.get(`/live/${cameraId}/main/${name}`, admin)).status).toBe(404);
    expect(web.live.asked).toEqual([]);
  });

  it('do not wait for ever on a client that takes nothing', async () => {
    web.live.chunks = Array.from({ length: 40 }, () => Buffer.alloc(1_000_000));
    const socket = connect(Number(new URL(web.origin).port), '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.pause();
    const request = `GET /live/${cameraId}/main/seg-1.m4s HTTP/1.1\r\nHost: x\r\nAuthorization: ${admin['authorization']}\r\n\r\n`;
    const asked = web.live.asked.length;
    socket.write(request);
    while (web.live.asked.length === asked) await new Promise((resolve) => setImmediate(resolve));
    await web.clock.advance(31_000);
    let received = 0;
    socket.on('data', (chunk: Buffer) => {
      received += chunk.length;
    });
    socket.resume();
    await once(socket, 'close');
    expect(received).toBeLessThan(40_000_000);
  });
});

describe('the poster', () => {
  it('bears its time and its age', async () => {
    web.snapshots.posterOf = () => ({ jpeg: Buffer.from('pic'), takenAtMs: web.clock.now() - 42_400 });
    const reply = await web.get(`/live/${cameraId}/poster.jpg`, admin);
    expect([reply.headers.get('content-type'), await reply.text()]).toEqual(['image/jpeg', 'pic']);
    expect(reply.headers.get('x-picture-age')).toBe('42');
    const modified = reply.headers.get('last-modified') ?? '';
    expect(modified).toBe('Mon, 23 Nov 2026 05:59:17 GMT');
    const again = await web.get(`/live/${cameraId}/poster.jpg`, { ...admin, 'if-modified-since': modified });
    expect([again.status, again.headers.get('x-picture-age')]).toEqual([304, '42']);
  });

  it('is 404 no-picture before there is one', async () => {
    const reply = await web.get(`/live/${cameraId}/poster.jpg`, admin);
    expect([reply.status, await reply.json()]).toEqual([
      404,
      expect.objectContaining({ code: 'no-picture' }),
    ]);
  });
});
