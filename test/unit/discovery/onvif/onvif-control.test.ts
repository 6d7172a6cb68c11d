import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../gateway/base/clock.ts';
import { silentLogger } from '../../../../gateway/base/logger.ts';
import { NetworkGuard } from '../../../../gateway/base/network-guard.ts';
import type { OnvifDevice } from '../../../../gateway/discovery/onvif/device-access.ts';
import { OnvifClient } from '../../../../gateway/discovery/onvif/onvif-client.ts';
import { OnvifControl } from '../../../../gateway/discovery/onvif/onvif-control.ts';
import { FixtureDevice } from '../fixture-device.ts';
import type { FixtureDeviceOptions } from '../fixture-device.ts';

const RIGHT = { username: 'admin', password: 'right & <proper>' };
const WRONG = { username: 'admin', password: 'wrong' };
const STILL = { pan: 0, tilt: 0, zoom: 0 };
const ends: (() => Promise<void>)[] = [];

async function camera(
  options: Partial<FixtureDeviceOptions> = {},
): Promise<{ device: FixtureDevice; control: OnvifControl; named: OnvifDevice }> {
  const device = await new FixtureDevice({ vendor: 'hikvision', ...options }).start();
  const guard = new NetworkGuard(['127.0.0.0/8']);
  const client = new OnvifClient({ clock: systemClock, guard, logger: silentLogger });
  const control = new OnvifControl({ clock: systemClock, access: client.access });
  ends.push(
    () => control.stop(),
    () => device.stop(),
  );
  return { device, control, named: { xaddr: device.xaddr, credentials: RIGHT } };
}

/** The calls to the motors, in order. */
function motorCalls(device: FixtureDevice): string[] {
  return device.calls.filter((call) => /Move|Stop|Preset/.test(call));
}

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

describe('OnvifControl.ptzCapabilities', () => {
  it('lists the presets that can be called, by the names that people gave them', async () => {
    const { control, named } = await camera();
    expect(await control.ptzCapabilities(named)).toEqual({
      ok: true,
      supported: true,
      presets: [
        { token: '1', name: '塔吊 & 吊钩' },
        { token: '2', name: '2' },
      ],
    });
  });

  it('says of a camera without motors that it has none', async () => {
    const { control, named } = await camera({ vendor: 'uniview' });
    expect(await control.ptzCapabilities(named)).toEqual({ ok: true, supported: false, presets: [] });
    expect(await control.nudge(named, { ...STILL, pan: 1, ms: 10 })).toMatchObject({
      failure: 'not-supported',
    });
  });
});

describe('OnvifControl.nudge', () => {
  it('moves, tells the camera when to stop by itself, and stops it', async () => {
    const { device, control, named } = await camera();
    expect(await control.nudge(named, { pan: 0.5, tilt: 0, zoom: 0, ms: 30 })).toEqual({ ok: true });
    expect(motorCalls(device)).toEqual(['ContinuousMove', 'Stop']);
    const move = device.bodies.find((body) => body.includes('ContinuousMove'));
    expect(move).toMatch(/<PanTilt [^>]*x="0.5" y="0"\/><\/Velocity><Timeout>PT2S</);
    expect(move).not.toContain('<Zoom');
  });

  it('costs two requests once the camera is known', async () => {
    const { device, control, named } = await camera();
    await control.nudge(named, { ...STILL, pan: 1, ms: 1 });
    device.calls.length = 0;
    await control.nudge(named, { ...STILL, pan: -1, ms: 1 });
    expect(device.calls).toEqual(['ContinuousMove', 'Stop']);
  });

  it('stops where the answer to the move was lost, and repeats a Stop that was', async () => {
    let stops = 0;
    const { device, control, named } = await camera({
      override: (call, response) => {
        if (call === 'Stop') stops += 1;
        if (call !== 'ContinuousMove' && !(call === 'Stop' && stops < 3)) return false;
        if (!response.req.headers.authorization) return false;
        response.socket?.destroy();
        return true;
      },
    });
    expect(await control.nudge(named, { ...STILL, tilt: 1, ms: 10 })).toMatchObject({
      failure: 'unreachable',
    });
    expect(motorCalls(device)).toEqual(['ContinuousMove', 'Stop', 'Stop', 'Stop']);
  });

  it('says so when the camera never confirmed its Stop', async () => {
    const { control, named } = await camera({
      override: (call, response) => {
        if (call === 'Stop') response.socket?.destroy();
        return call === 'Stop';
      },
    });
    const result = await control.nudge(named, { ...STILL, pan: 1, ms: 1 });
    expect(result).toMatchObject({ ok: false, failure: 'unreachable' });
    expect(result.ok ? '' : result.message).toContain('did not confirm that it stopped');
  });

  it('is ended by a newer one and by the end of the gateway, with its Stop', async () => {
    const { device, control, named } = await camera();
    await control.ptzCapabilities(named);
    const long = control.nudge(named, { ...STILL, pan: 1, ms: 3000 });
    await expect.poll(() => motorCalls(device)).toContain('ContinuousMove');
    const startedAt = performance.now();
    const newer = control.nudge(named, { ...STILL, pan: -1, ms: 3000 });
    expect(await long).toEqual({ ok: true });
    await expect.poll(() => motorCalls(device).filter((call) => call === 'ContinuousMove')).toHaveLength(2);
    await control.stop();
    expect(await newer).toEqual({ ok: true });
    expect(performance.now() - startedAt).toBeLessThan(2500);
    expect(motorCalls(device).slice(1)).toEqual(['ContinuousMove', 'Stop', 'ContinuousMove', 'Stop']);
  });

  it('moves no more than five seconds and no faster than the camera can', async () => {
    const { device, control, named } = await camera();
    const moving = control.nudge(named, { pan: 7, tilt: Number.NaN, zoom: -0.333, ms: 1e9 });
    await expect.poll(() => motorCalls(device)).toContain('ContinuousMove');
    await control.stop();
    await moving;
    const move = device.bodies.find((body) => body.includes('ContinuousMove'));
    expect(move).toMatch(/x="1" y="0"\/><Zoom [^>]*x="-0.33"\/><\/Velocity><Timeout>PT6S</);
  });

  it('moves without a Timeout where the camera refuses one', async () => {
    const { device, control, named } = await camera({
      override: (call, response) => {
        if (call !== 'ContinuousMove' || !response.req.headers.authorization) return false;
        if (!device.bodies.at(-1)?.includes('Timeout')) return false;
        response.statusCode = 500;
        response.end(
          '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>ter:InvalidArgVal</s:Value></s:Subcode></s:Code><s:Reason><s:Text>timeout</s:Text></s:Reason></s:Fault></s:Body></s:Envelope>',
        );
        return true;
      },
    });
    expect(await control.nudge(named, { ...STILL, zoom: 1, ms: 1 })).toEqual({ ok: true });
    expect(motorCalls(device)).toEqual(['ContinuousMove', 'ContinuousMove', 'Stop']);
  });

  it('costs one wrong try with a wrong password, and none after it', async () => {
    const { device, control, named } = await camera();
    const wrong = { ...named, credentials: WRONG };
    expect(await control.nudge(wrong, { ...STILL, pan: 1, ms: 1 })).toMatchObject({ failure: 'auth-failed' });
    expect(await control.nudge(wrong, { ...STILL, pan: 1, ms: 1 })).toMatchObject({ failure: 'auth-paused' });
    expect(device.refusedSignIns).toBe(1);
    expect(motorCalls(device)).toEqual([]);
  });

  it('costs no more than two wrong tries when the password changes behind its back', async () => {
    for (const auth of ['digest', 'wsse'] as const) {
      const { device, control, named } = await camera({ auth });
      await control.nudge(named, { ...STILL, pan: 1, ms: 1 });
      device.options.password = 'another';
      for (let tries = 0; tries < 3; tries += 1) {
        expect(await control.nudge(named, { ...STILL, pan: 1, ms: 1 })).toMatchObject({
          failure: expect.stringMatching(/^auth-/),
        });
      }
      expect(device.refusedSignIns).toBeLessThanOrEqual(2);
    }
  });
});

describe('OnvifControl.gotoPreset', () => {
  it('turns to the preset', async () => {
    const { device, control, named } = await camera();
    expect(await control.gotoPreset(named, '1')).toEqual({ ok: true });
    expect(device.bodies.at(-1)).toContain('<PresetToken>1</PresetToken>');
  });
});

describe('OnvifControl.setClock', () => {
  it('sets UTC and leaves the zone as it is, telling that NTP ends', async () => {
    const { device, control, named } = await camera({ auth: 'wsse', clockOffsetMs: 8 * 3_600_000 });
    expect(await control.readClock(named)).toMatchObject({
      clockDriftSec: 28_800,
      zone: 'CST-8',
      byNtp: true,
    });
    const before = Date.now();
    const result = await control.setClock(named);
    // The fixture keeps its wrong clock, so that the drift that comes back is what the camera says.
    expect(result).toEqual({ ok: true, clockDriftSec: 28_800, ntpEnded: true });
    const body = device.bodies.find((each) => each.includes('<SetSystemDateAndTime')) ?? '';
    expect(body).toContain('<DateTimeType>Manual</DateTimeType><DaylightSavings>false</DaylightSavings>');
    expect(body).toMatch(/<TZ [^>]*>CST-8<\/TZ>/);
    const part = (name: string): number => Number(new RegExp(`<${name}>(\\d+)<`).exec(body)?.[1]);
    const set = Date.UTC(
      part('Year'),
      part('Month') - 1,
      part('Day'),
      part('Hour'),
      part('Minute'),
      part('Second'),
    );
    expect(Math.abs(set - before)).toBeLessThan(5000);
  });
});

describe('OnvifControl.imagingSettings', () => {
  it('reads how the picture is set', async () => {
    const { control, named } = await camera();
    expect(await control.imagingSettings(named)).toEqual({
      ok: true,
      settings: {
        brightness: 50,
        contrast: 50,
        saturation: 48.5,
        sharpness: 50,
        irCutFilter: 'AUTO',
        wideDynamicRange: true,
        exposureMode: 'AUTO',
        whiteBalanceMode: 'AUTO',
      },
    });
  });
});

describe('a pinned certificate', () => {
  it('is what the reading told, and another one is reported before anything is sent', async () => {
    const { device, control, named } = await camera({ tls: true });
    const guard = new NetworkGuard(['127.0.0.0/8']);
    const client = new OnvifClient({ clock: systemClock, guard, logger: silentLogger });
    const read = await client.read(device.xaddr, RIGHT);
    const certificateSha256 = read.ok ? read.reading.certificateSha256 : null;
    expect(certificateSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(await client.read(device.xaddr, RIGHT, { certificateSha256 })).toMatchObject({ ok: true });
    device.calls.length = 0;
    const other = 'ab'.repeat(32);
    expect(await client.read(device.xaddr, RIGHT, { certificateSha256: other })).toMatchObject({
      failure: 'certificate-changed',
      certificateSha256,
    });
    const changed = { ...named, certificateSha256: other };
    expect(await control.nudge(changed, { ...STILL, pan: 1, ms: 1 })).toMatchObject({
      failure: 'certificate-changed',
    });
    expect(device.calls).toEqual([]);
  });
});
