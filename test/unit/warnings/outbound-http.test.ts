import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { anyNetwork, neverContacted } from '../../../config/network-defaults.ts';
import { NetworkGuard } from '../../../gateway/base/network-guard.ts';
import { OutboundHttp } from '../../../gateway/warnings/outbound-http.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A TCP server that says `words` to whoever comes. */
async function speaks(
  words: (string | Buffer)[],
  ends = true,
): Promise<{ port: number; visits: () => number }> {
  let visits = 0;
  const server = createServer((socket) => {
    visits += 1;
    socket.on('error', () => undefined);
    socket.once('data', () => {
      for (const word of words) socket.write(word);
      if (ends) socket.end();
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, visits: () => visits };
}

const post = (url: string) => ({ method: 'POST', url, headers: {}, body: '{}' }) as const;
const byDefault = new NetworkGuard(anyNetwork, {
  key: 'notifications.allowedNetworks',
  never: neverContacted,
});

it.each([
  'http://169.254.169.254/latest/meta-data',
  'http://2852039166/',
  'http://0xa9fea9fe/',
  'http://0251.0376.0251.0376/',
  'http://[::ffff:169.254.169.254]/',
  'http://[::ffff:a9fe:a9fe]/',
  'http://[64:ff9b::a9fe:a9fe]/',
  'http://[fe80::1]/',
  'http://[fd00:ec2::254]/',
  'http://100.100.100.200/',
  'http://0.0.0.0/',
  'http://[::]/',
  'http://224.0.0.1/',
  'http://255.255.255.255/',
])('never contacts %s, whatever is allowed', async (url) => {
  const http = new OutboundHttp({ clock: new FakeClock(), guard: byDefault });
  expect(await http.send(post(url))).toMatchObject({
    ok: false,
    final: true,
    fault: { code: 'address-not-allowed' },
  });
});

it('contacts permitted networks alone', async () => {
  const { port, visits } = await speaks(['HTTP/1.1 204 No Content\r\n\r\n']);
  const elsewhere = new OutboundHttp({ clock: new FakeClock(), guard: new NetworkGuard(['10.0.0.0/8']) });
  expect(await elsewhere.send(post(`http://127.0.0.1:${port}/`))).toMatchObject({ ok: false, final: true });
  expect(await elsewhere.send(post(`http://localhost:${port}/`))).toMatchObject({ ok: false, final: true });
  expect(visits()).toBe(0);
  const here = new OutboundHttp({ clock: new FakeClock(), guard: byDefault });
  expect(await here.send(post(`http://127.0.0.1:${port}/`))).toMatchObject({
    ok: true,
    answer: { status: 204 },
  });
});

it('connects to the address that was checked, though the name means another one by then', async () => {
  const { port, visits } = await speaks(['HTTP/1.1 204 No Content\r\n\r\n']);
  let asked = 0;
  const guard = { resolve: () => Promise.resolve((asked += 1) === 1 ? '127.0.0.1' : '127.0.0.2') };
  const http = new OutboundHttp({ clock: new FakeClock(), guard });
  expect(await http.send(post(`http://robot.invalid:${port}/`))).toMatchObject({ ok: true });
  expect([asked, visits()]).toEqual([1, 1]);
});

it('follows no redirect', async () => {
  const inner = await speaks(['HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nsecret']);
  const { port } = await speaks([
    `HTTP/1.1 307 Moved\r\nlocation: http://127.0.0.1:${inner.port}/\r\ncontent-length: 0\r\n\r\n`,
  ]);
  const http = new OutboundHttp({ clock: new FakeClock(), guard: byDefault });
  expect(await http.send(post(`http://127.0.0.1:${port}/`))).toMatchObject({
    ok: true,
    answer: { status: 307 },
  });
  expect(inner.visits()).toBe(0);
});

it('reads no more than 64 KiB of an answer', async () => {
  const { port } = await speaks(
    ['HTTP/1.1 200 OK\r\n\r\n', ...Array.from({ length: 40 }, () => Buffer.alloc(65_536, 97))],
    false,
  );
  const http = new OutboundHttp({ clock: new FakeClock(), guard: byDefault });
  const reply = await http.send(post(`http://127.0.0.1:${port}/`));
  expect(reply.ok && reply.answer.body.length).toBe(65_536);
});

it('waits ten seconds for an answer, then names the host alone', async () => {
  const { port } = await speaks(['HTTP/1.1 200 OK\r\n'], false);
  const clock = new FakeClock();
  const http = new OutboundHttp({ clock, guard: byDefault });
  const sent = http.send(post(`http://127.0.0.1:${port}/hook/canary`));
  await new Promise((resolve) => setTimeout(resolve, 20));
  await clock.advance(10_000);
  const reply = await sent;
  expect(reply).toMatchObject({ ok: false, final: false, fault: { code: 'too-slow' } });
  expect(JSON.stringify(reply)).not.toContain('canary');
});

it.each([
  ['nobody listens', 'http://127.0.0.1:1/hook/canary'],
  ['the name is unknown', 'http://robot.invalid/hook/canary'],
])('says plainly that %s', async (_, url) => {
  const http = new OutboundHttp({ clock: new FakeClock(), guard: byDefault });
  const reply = await http.send(post(url));
  expect(reply).toMatchObject({ ok: false, final: false, fault: { code: 'unreachable' } });
  expect(JSON.stringify(reply)).not.toContain('canary');
});

it('does not take nonsense for an answer', async () => {
  const { port } = await speaks(['SSH-2.0-OpenSSH_9.2\r\n']);
  const http = new OutboundHttp({ clock: new FakeClock(), guard: byDefault });
  expect(await http.send(post(`http://127.0.0.1:${port}/`))).toMatchObject({ ok: false, final: false });
});
