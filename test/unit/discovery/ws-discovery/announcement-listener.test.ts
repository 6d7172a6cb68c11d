import { afterEach, expect, it } from 'vitest';
import { silentLogger } from '../../../../gateway/base/logger.ts';
import { NetworkGuard } from '../../../../gateway/base/network-guard.ts';
import { AnnouncementListener } from '../../../../gateway/discovery/ws-discovery/announcement-listener.ts';
import type { DeviceAnnouncement } from '../../../../gateway/discovery/ws-discovery/announcement-listener.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { FixtureResponder } from '../fixture-responder.ts';

const clock = new FakeClock();
const ends: (() => void)[] = [];

afterEach(() => {
  for (const end of ends.splice(0)) end();
});

async function listening(
  networks: string[],
): Promise<{ heard: DeviceAnnouncement[]; device: FixtureResponder }> {
  const guard = new NetworkGuard(networks);
  const listener = new AnnouncementListener({ clock, guard, logger: silentLogger, interfaces: ['lo'] });
  const heard: DeviceAnnouncement[] = [];
  listener.onAnnouncement((announcement) => heard.push(announcement));
  await listener.start();
  const device = await new FixtureResponder([]).start();
  ends.push(
    () => listener.stop(),
    () => device.stop(),
  );
  return { heard, device };
}

const CAMERA = {
  endpointId: 'urn:uuid:a0b1c2d3-e4f5-0617-2839-98df820a1bf1',
  types: 'dn:NetworkVideoTransmitter',
  xaddrs: 'http://10.1.2.3:8000/onvif/device_service',
};

it('hears a camera come with a new address, once for each news, and go', async () => {
  const { heard, device } = await listening(['127.0.0.0/8']);
  device.call('Hello', CAMERA);
  device.call('Hello', CAMERA);
  await expect.poll(() => heard.filter(({ kind }) => kind === 'hello')).toHaveLength(1);
  // The address that called, whatever address the device believes to have.
  expect(heard[0]).toMatchObject({
    kind: 'hello',
    endpointId: CAMERA.endpointId,
    address: '127.0.0.1',
    xaddr: 'http://127.0.0.1:8000/onvif/device_service',
  });
  device.call('Bye', { endpointId: CAMERA.endpointId, xaddrs: '' });
  await expect.poll(() => heard.map(({ kind }) => kind)).toEqual(['hello', 'bye']);
  await clock.advance(10_001);
  device.call('Hello', CAMERA);
  await expect.poll(() => heard.map(({ kind }) => kind)).toEqual(['hello', 'bye', 'hello']);
});

it('hears nothing from outside the allowed networks, nor a flood', async () => {
  const outside = await listening(['10.0.0.0/8']);
  outside.device.call('Hello', CAMERA);
  const inside = await listening(['127.0.0.0/8']);
  for (let sent = 0; sent < 400; sent += 1) {
    const endpointId = CAMERA.endpointId.replace(/.{3}$/, String(100 + sent));
    inside.device.call('Hello', { ...CAMERA, endpointId });
  }
  await expect.poll(() => inside.heard.length).toBeGreaterThan(100);
  await clock.advance(1001);
  inside.device.call('Hello', { ...CAMERA, endpointId: 'urn:last' });
  await expect.poll(() => inside.heard.at(-1)?.endpointId).toBe('urn:last');
  expect(inside.heard.length).toBeLessThanOrEqual(201);
  expect(outside.heard).toEqual([]);
});
