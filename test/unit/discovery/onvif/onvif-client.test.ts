import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../gateway/base/clock.ts';
import { silentLogger } from '../../../../gateway/base/logger.ts';
import { NetworkGuard } from '../../../../gateway/base/network-guard.ts';
import { OnvifClient } from '../../../../gateway/discovery/onvif/onvif-client.ts';
import type { OnvifReading, OnvifResult } from '../../../../gateway/discovery/onvif-reading.ts';
import { FixtureDevice } from '../fixture-device.ts';
import type { FixtureDeviceOptions } from '../fixture-device.ts';

const RIGHT = { username: 'admin', password: 'right & <proper>' };
const WRONG = { username: 'admin', password: 'wrong' };
const devices: FixtureDevice[] = [];

async function device(options: FixtureDeviceOptions): Promise<FixtureDevice> {
  const started = await new FixtureDevice(options).start();
  devices.push(started);
  return started;
}

function client(): OnvifClient {
  return new OnvifClient({
    clock: systemClock,
    guard: new NetworkGuard(['127.0.0.0/8']),
    logger: silentLogger,
  });
}

function readingOf(result: OnvifResult): OnvifReading {
  if (!result.ok) throw new Error(`${result.failure}: ${result.message}`);
  return result.reading;
}

afterEach(async () => {
  for (const each of devices.splice(0)) await each.stop();
});

describe('OnvifClient.read', () => {
  it('reads a Hikvision with Digest, believing Media2 about H.265, the largest profile first', async () => {
    const camera = await device({ vendor: 'hikvision' });
    const reading = readingOf(await client().read(camera.xaddr, RIGHT));
    expect(reading).toMatchObject({
      vendor: 'HIKVISION',
      model: 'DS-2CD3T46WDV3-I3',
      firmware: 'V5.5.800 build 210628',
      mac: '98:df:82:0a:1b:2c',
      name: 'HIKVISION DS-2CD3T46WDV3-I3',
      hasPtz: true,
    });
    expect(Math.abs(reading.clockDriftSec ?? 99)).toBeLessThanOrEqual(1);
    expect(reading.profiles).toEqual([
      {
        token: 'Profile_1',
        name: 'mainStream',
        codec: 'h265',
        width: 2560,
        height: 1440,
        fps: 25,
        bitrateKbps: 4096,
        gopSec: 2,
        media2: true,
        rtspUri: 'rtsp://127.0.0.1:554/Streaming/Channels/101?transportmode=unicast&profile=Profile_1',
        snapshotUri: `${camera.origin}/onvif-http/snapshot?Profile_1`,
      },
      expect.objectContaining({ token: 'Profile_2', codec: 'h264', width: 640, fps: 15, gopSec: 2 }),
    ]);
    expect(camera.refusedSignIns).toBe(0);
  });

  it('follows the address that answered where a Dahua names its old one, and mends its bare ampersands', async () => {
    const camera = await device({ vendor: 'dahua', auth: 'wsse' });
    const reading = readingOf(await client().read(camera.xaddr, RIGHT));
    expect(reading).toMatchObject({
      vendor: 'Dahua',
      mac: '3c:ef:8c:aa:bb:cc',
      name: 'Dahua',
      hasPtz: false,
    });
    expect(reading.profiles[0]).toMatchObject({
      token: 'MediaProfile000',
      rtspUri: 'rtsp://127.0.0.1:554/cam/realmonitor?channel=1&subtype=0&unicast=true&proto=Onvif',
      media2: false,
    });
    expect(reading.profiles[1]).toMatchObject({ fps: 12, gopSec: 2, bitrateKbps: 1024 });
  });

  it('reads an Axis with SHA-256 Digest, its endpoint id and its JPEG profile', async () => {
    const camera = await device({ vendor: 'axis', algorithm: 'SHA-256' });
    const reading = readingOf(await client().read(camera.xaddr, RIGHT));
    expect(reading.endpointId).toBe('urn:uuid:4acd2f80-0000-1000-8000-accc8e012345');
    expect(reading.mac).toBe('ac:cc:8e:01:23:45');
    expect(reading.profiles.map((profile) => profile.codec)).toEqual(['h264', 'mjpeg']);
    expect(camera.authorizations[0]).toContain('algorithm=SHA-256');
  });

  it('reads a Uniview whose H.265 profiles exist in Media2 alone and whose streams claim 0.0.0.0', async () => {
    const camera = await device({ vendor: 'uniview', auth: 'either' });
    const reading = readingOf(await client().read(camera.xaddr, RIGHT));
    expect(reading.profiles[0]).toMatchObject({
      name: '主码流',
      codec: 'h265',
      gopSec: 4,
      rtspUri: 'rtsp://127.0.0.1:554/media/video1',
      snapshotUri: null,
    });
  });

  it('reads a TP-Link with old-style faults and takes user and password out of its stream addresses', async () => {
    const camera = await device({ vendor: 'tplink', auth: 'wsse', refusalStatus: 200 });
    const reading = readingOf(await client().read(camera.xaddr, RIGHT));
    expect(reading.profiles[0]).toMatchObject({ rtspUri: 'rtsp://127.0.0.1:554/stream1', width: 2304 });
    expect(reading.profiles[1]).toMatchObject({ fps: null, gopSec: null, bitrateKbps: null });
  });

  for (const hours of [-8, 8]) {
    it(`signs WS-Security by the camera's clock when that is ${hours} h off`, async () => {
      const camera = await device({ vendor: 'dahua', auth: 'wsse', clockOffsetMs: hours * 3_600_000 });
      const reading = readingOf(await client().read(camera.xaddr, RIGHT));
      expect(reading.clockDriftSec).toBeGreaterThanOrEqual(hours * 3600 - 1);
      expect(reading.clockDriftSec).toBeLessThanOrEqual(hours * 3600 + 1);
      expect(camera.refusedSignIns).toBe(0);
    });
  }

  it('takes the clock from the HTTP Date where the device will not tell its time', async () => {
    const camera = await device({
      vendor: 'dahua',
      auth: 'wsse',
      clockOffsetMs: 8 * 3_600_000,
      httpDate: true,
      override: (call, response) => {
        if (call !== 'GetSystemDateAndTime') return false;
        response.statusCode = 400;
        response.end(
          '<E:Envelope xmlns:E="x"><E:Body><E:Fault><E:Code><E:Value>ter:ActionNotSupported</E:Value></E:Code></E:Fault></E:Body></E:Envelope>',
        );
        return true;
      },
    });
    const reading = readingOf(await client().read(camera.xaddr, RIGHT));
    expect(reading.clockDriftSec).toBeNull();
    expect(camera.refusedSignIns).toBe(0);
  });

  it('signs in both ways at once where the device wants that', async () => {
    const camera = await device({ vendor: 'hikvision', auth: 'together' });
    expect(readingOf(await client().read(camera.xaddr, RIGHT)).vendor).toBe('HIKVISION');
    expect(camera.refusedSignIns).toBe(0);
  });

  it('reads a device over HTTPS with a self-signed certificate', async () => {
    const camera = await device({ vendor: 'hikvision', tls: true });
    const reading = readingOf(await client().read(camera.xaddr, RIGHT));
    expect(reading.profiles[0]?.snapshotUri).toBe(
      `https://127.0.0.1:${camera.port}/onvif-http/snapshot?Profile_1`,
    );
  });

  it('goes on with a device that gives a new nonce for every request', async () => {
    const camera = await device({ vendor: 'hikvision', oneTimeNonces: true });
    expect(readingOf(await client().read(camera.xaddr, RIGHT)).profiles).toHaveLength(2);
  });

  it('reads an open device without credentials and sends it none that were given', async () => {
    const camera = await device({ vendor: 'hikvision', auth: 'none' });
    expect(readingOf(await client().read(camera.xaddr, null)).vendor).toBe('HIKVISION');
    expect(readingOf(await client().read(camera.xaddr, RIGHT)).vendor).toBe('HIKVISION');
    expect(camera.acceptedSignIns + camera.refusedSignIns).toBe(0);
  });

  for (const auth of ['digest', 'wsse', 'either', 'together'] as const) {
    it(`spends one refused request on a wrong password (${auth})`, async () => {
      const camera = await device({ vendor: 'hikvision', auth });
      const result = await client().read(camera.xaddr, WRONG);
      expect(result).toMatchObject({ ok: false, failure: 'auth-failed' });
      expect(camera.refusedSignIns).toBe(1);
    });

    it(`says that credentials are wanted when there are none (${auth})`, async () => {
      const camera = await device({ vendor: 'tplink', auth });
      const result = await client().read(camera.xaddr, null);
      expect(result).toMatchObject({
        ok: false,
        failure: 'auth-required',
        clockDriftSec: expect.any(Number),
      });
      expect(camera.refusedSignIns).toBe(0);
    });
  }

  it('never makes a third wrong try at a device, even when many ask at once', async () => {
    const camera = await device({ vendor: 'hikvision' });
    const onvif = client();
    const passwords = ['a', 'b', 'c', 'd', 'e', 'a'];
    const results = await Promise.all(
      passwords.map((password) => onvif.read(camera.xaddr, { username: 'admin', password })),
    );
    expect(results.map((result) => (result.ok ? 'ok' : result.failure))).toEqual([
      'auth-failed',
      'auth-failed',
      'auth-paused',
      'auth-paused',
      'auth-paused',
      'auth-paused',
    ]);
    expect(camera.refusedSignIns).toBe(2);
  });

  it('takes a refusal after an accepted password for a missing right and reads on', async () => {
    const camera = await device({
      vendor: 'hikvision',
      override: (call, response) => {
        if (call !== 'GetNetworkInterfaces') return false;
        response.statusCode = 403;
        response.end();
        return true;
      },
    });
    const onvif = client();
    expect(readingOf(await onvif.read(camera.xaddr, RIGHT)).mac).toBeNull();
    expect(readingOf(await onvif.read(camera.xaddr, RIGHT)).vendor).toBe('HIKVISION');
  });

  it('tells that a device has locked the user', async () => {
    const camera = await device({
      vendor: 'hikvision',
      override: (call, response) => {
        if (call === 'GetSystemDateAndTime') return false;
        response.statusCode = 401;
        response.end(
          '<s:Envelope xmlns:s="x"><s:Body><s:Fault><s:Code><s:Value>s:Sender</s:Value></s:Code><s:Reason><s:Text>The account is locked</s:Text></s:Reason></s:Fault></s:Body></s:Envelope>',
        );
        return true;
      },
    });
    expect(await client().read(camera.xaddr, RIGHT)).toMatchObject({ ok: false, failure: 'auth-paused' });
  });
});
