import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../gateway/base/clock.ts';
import { silentLogger } from '../../../../gateway/base/logger.ts';
import { NetworkGuard } from '../../../../gateway/base/network-guard.ts';
import { OnvifClient } from '../../../../gateway/discovery/onvif/onvif-client.ts';
import { FixtureDevice } from '../fixture-device.ts';
import type { FixtureDeviceOptions } from '../fixture-device.ts';

const RIGHT = { username: 'admin', password: 'right & <proper>' };
const WRONG = { username: 'admin', password: 'wrong' };
/** 200 MB of spaces in 200 kB. */
const BOMB = gzipSync(Buffer.alloc(200_000_000, 0x20));
const devices: FixtureDevice[] = [];

async function device(options: FixtureDeviceOptions): Promise<FixtureDevice> {
  const started = await new FixtureDevice(options).start();
  devices.push(started);
  return started;
}

function client(options: { requestTimeoutMs?: number; networks?: string[] } = {}): OnvifClient {
  const guard = new NetworkGuard(options.networks ?? ['127.0.0.0/8']);
  return new OnvifClient({ clock: systemClock, guard, logger: silentLogger, ...options });
}

afterEach(async () => {
  for (const each of devices.splice(0)) await each.stop();
});

describe('OnvifClient.read of what is no proper device', () => {
  const bad: [string, string, NonNullable<FixtureDeviceOptions['override']>][] = [
    [
      'a web page',
      'not-onvif',
      (_, response) => answer(response, 404, '<!DOCTYPE html><html><p>Not Found</html>'),
    ],
    [
      'a web page with status 200',
      'not-onvif',
      (_, response) => answer(response, 200, '<html>Welcome</html>'),
    ],
    ['a JSON answer', 'not-onvif', (_, response) => answer(response, 200, '{"ok":true}')],
    ['an empty answer', 'not-onvif', (_, response) => answer(response, 200, '')],
    [
      'truncated XML',
      'protocol-error',
      (_, response) => answer(response, 200, '<s:Envelope xmlns:s="x"><s:Body><tds:Get'),
    ],
    [
      'an entity bomb',
      'protocol-error',
      (_, response) =>
        answer(
          response,
          200,
          '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><s:Envelope xmlns:s="x"><s:Body>&b;</s:Body></s:Envelope>',
        ),
    ],
    [
      'a body of 2 MiB',
      'protocol-error',
      (_, response) => answer(response, 200, `<s:Envelope>${' '.repeat(2_097_152)}`),
    ],
    [
      'a body without end',
      'protocol-error',
      (_, response) => {
        const chunk = Buffer.alloc(65_536, 0x20);
        const pour = (): void =>
          void response.write(chunk, (error) => (error ? undefined : setImmediate(pour)));
        pour();
        return true;
      },
    ],
    [
      'a million tags',
      'protocol-error',
      (_, response) => answer(response, 200, `<s:Envelope>${'<a/>'.repeat(200_000)}</s:Envelope>`),
    ],
    [
      'another call’s answer',
      'protocol-error',
      (_, response) =>
        answer(response, 200, '<s:Envelope xmlns:s="x"><s:Body><GetProfilesResponse/></s:Body></s:Envelope>'),
    ],
    [
      'a redirect to another host',
      'not-onvif',
      (_, response) => {
        response.setHeader('Location', 'http://203.0.113.7/onvif');
        return answer(response, 302, '');
      },
    ],
    [
      'junk instead of HTTP',
      'not-onvif',
      (_, response) => {
        response.socket?.end('SSH-2.0-dropbear\r\n\r\n');
        return true;
      },
    ],
    [
      'a connection that closes',
      'unreachable',
      (_, response) => {
        response.socket?.destroy();
        return true;
      },
    ],
    [
      'a slow drip',
      'unreachable',
      (_, response) => {
        const drip = setInterval(() => response.write(' '), 20);
        response.on('close', () => clearInterval(drip));
        return true;
      },
    ],
    ['silence', 'unreachable', () => true],
    [
      'a body of 100 MB',
      'protocol-error',
      (_, response) => {
        response.setHeader('Content-Length', 100_000_000);
        response.write(`<s:Envelope>${' '.repeat(65_536)}`);
        const chunk = Buffer.alloc(1_000_000, 0x20);
        const pour = (sent: number): void => {
          if (sent > 98) return;
          response.write(chunk, (error) => (error ? undefined : setImmediate(() => pour(sent + 1))));
        };
        pour(0);
        return true;
      },
    ],
    [
      'a body shorter than it says',
      'unreachable',
      (_, response) => {
        response.socket?.end('HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n<s:Envelope>');
        return true;
      },
    ],
    [
      'a gzip bomb',
      'not-onvif',
      (_, response) => {
        response.setHeader('Content-Encoding', 'gzip');
        response.setHeader('Content-Type', 'application/soap+xml');
        response.end(BOMB);
        return true;
      },
    ],
    [
      'headers without end',
      'not-onvif',
      (_, response) => {
        const { socket } = response;
        socket?.write('HTTP/1.1 200 OK\r\n');
        const pour = (): void => {
          socket?.write(`X-Pad: ${'x'.repeat(1000)}\r\n`, (error) =>
            error ? undefined : setImmediate(pour),
          );
        };
        pour();
        return true;
      },
    ],
    [
      'tags nested a thousand deep',
      'protocol-error',
      (_, response) =>
        answer(
          response,
          200,
          `<s:Envelope><s:Body>${'<a>'.repeat(1000)}${'</a>'.repeat(1000)}</s:Body></s:Envelope>`,
        ),
    ],
    [
      'a fault of SOAP 1.1 in a web page’s clothes',
      'protocol-error',
      (_, response) => {
        response.setHeader('Content-Type', 'text/html');
        return answer(
          response,
          500,
          '<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"><SOAP-ENV:Body><SOAP-ENV:Fault><faultcode>SOAP-ENV:Server</faultcode><faultstring>out of memory</faultstring></SOAP-ENV:Fault></SOAP-ENV:Body></SOAP-ENV:Envelope>',
        );
      },
    ],
    [
      'binary junk in UTF-16',
      'not-onvif',
      (_, response) => {
        response.end(Buffer.from('\ufeff<s:Envelope>', 'utf16le'));
        return true;
      },
    ],
  ];
  for (const [name, failure, override] of bad) {
    it(`gives a plain verdict on ${name}`, async () => {
      const camera = await device({ vendor: 'hikvision', override });
      const startedAt = performance.now();
      const requestTimeoutMs = failure === 'unreachable' ? 300 : 3000;
      const result = await client({ requestTimeoutMs }).read(camera.xaddr, RIGHT);
      expect(result).toMatchObject({ ok: false, failure });
      expect(result.ok ? '' : result.message).toMatch(/\w{4}/);
      expect(performance.now() - startedAt).toBeLessThan(4000);
      expect(camera.refusedSignIns).toBe(0);
    });
  }

  it('reads a good device as ever while all the bad ones are at it', async () => {
    const good = await device({ vendor: 'hikvision' });
    const onvif = client({ requestTimeoutMs: 2000 });
    const others = await Promise.all(bad.map(([, , override]) => device({ vendor: 'hikvision', override })));
    const readings = others.map(({ xaddr }) => onvif.read(xaddr, RIGHT));
    expect(await onvif.read(good.xaddr, RIGHT)).toMatchObject({ ok: true });
    const memoryMiB = process.memoryUsage().rss / 2 ** 20;
    expect((await Promise.all(readings)).filter(({ ok }) => ok)).toEqual([]);
    expect(process.memoryUsage().rss / 2 ** 20 - memoryMiB).toBeLessThan(300);
  });

  it('says that nothing answers at a closed port', async () => {
    const camera = await new FixtureDevice({ vendor: 'axis' }).start();
    const { xaddr } = camera;
    await camera.stop();
    expect(await client().read(xaddr, null)).toMatchObject({ ok: false, failure: 'unreachable' });
  });

  it('contacts no address outside the allowed networks', async () => {
    const camera = await device({ vendor: 'axis' });
    const result = await client({ networks: ['10.0.0.0/8'] }).read(camera.xaddr, RIGHT);
    expect(result).toMatchObject({ ok: false, failure: 'address-not-allowed' });
    expect(camera.calls).toEqual([]);
  });

  it('ends at once when it is cancelled', async () => {
    const camera = await device({ vendor: 'axis', override: () => true });
    const cancel = new AbortController();
    const reading = client().read(camera.xaddr, null, { signal: cancel.signal });
    setImmediate(() => cancel.abort());
    expect(await reading).toMatchObject({ ok: false, failure: 'unreachable' });
  });
});

describe('OnvifClient.snapshot', () => {
  it('fetches a picture with Digest, never sending Basic where Digest is offered', async () => {
    const camera = await device({ vendor: 'hikvision' });
    const result = await client().snapshot(`${camera.origin}/pic?x=1`, RIGHT);
    expect(result.ok && result.jpeg.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
    expect(camera.authorizations).toHaveLength(1);
    expect(camera.authorizations[0]).toMatch(/^Digest /);
  });

  it('falls back to Basic where nothing else is offered', async () => {
    const basic = `Basic ${Buffer.from(`${RIGHT.username}:${RIGHT.password}`).toString('base64')}`;
    const camera = await device({
      vendor: 'hikvision',
      auth: 'none',
      override: (_, response) => {
        if (response.req.headers.authorization === basic) return false;
        response.setHeader('WWW-Authenticate', 'Basic realm="camera"');
        return answer(response, 401, '');
      },
    });
    expect(await client().snapshot(`${camera.origin}/pic`, RIGHT)).toMatchObject({ ok: true });
  });

  it('counts a refused password together with those of readings', async () => {
    const camera = await device({ vendor: 'hikvision' });
    const onvif = client();
    expect(await onvif.snapshot(`${camera.origin}/pic`, WRONG)).toMatchObject({ failure: 'auth-failed' });
    expect(await onvif.snapshot(`${camera.origin}/pic`, WRONG)).toMatchObject({ failure: 'auth-paused' });
    expect(await onvif.read(camera.xaddr, WRONG)).toMatchObject({ failure: 'auth-paused' });
    expect(camera.refusedSignIns).toBe(1);
  });

  it('does not take a web page for a picture', async () => {
    const camera = await device({
      vendor: 'hikvision',
      override: (_, response) => answer(response, 200, '<html/>'),
    });
    expect(await client().snapshot(`${camera.origin}/pic`, null)).toMatchObject({
      failure: 'protocol-error',
    });
  });
});

function answer(response: ServerResponse, status: number, body: string): boolean {
  response.statusCode = status;
  response.end(body);
  return true;
}
