import { describe, expect, test } from 'vitest';
import {
  isReady,
  mayTry,
  mergeFound,
  mergeTried,
  namesFrom,
  readHosts,
} from '../../../../viewer/register/found-device.ts';
import type { DiscoveredDevice, DiscoveryJob } from '../../../../gateway/contract/discovery.ts';
import type { FoundDevice } from '../../../../viewer/register/found-device.ts';

function device(host: number, change: Partial<DiscoveredDevice> = {}): DiscoveredDevice {
  return {
    endpointId: `urn:uuid:${host}`,
    address: `192.168.10.${host}`,
    xaddr: `http://192.168.10.${host}/onvif/device_service`,
    vendor: null,
    model: null,
    firmware: null,
    serial: null,
    mac: null,
    name: null,
    registeredCameraId: null,
    auth: 'required',
    clockDriftSec: null,
    profiles: [],
    error: null,
    credentialIndex: null,
    credentialSetId: null,
    previewUrl: null,
    certificateSha256: null,
    media: null,
    ...change,
  };
}

const job = (...devices: DiscoveredDevice[]): DiscoveryJob => ({
  id: 'j',
  state: 'done',
  progress: { done: 1, total: 1 },
  devices,
  error: null,
});
const login = { username: 'admin', password: 'x' };
const only = (list: readonly FoundDevice[]): FoundDevice => list[0] as FoundDevice;

describe('the devices found', () => {
  test('are picked, but those already registered are not', () => {
    const found = mergeFound([], job(device(61, { registeredCameraId: 'c1' }), device(64)));
    expect(found.map(({ device, picked }) => [device.address, picked])).toEqual([
      ['192.168.10.64', true],
      ['192.168.10.61', false],
    ]);
  });
  test('are no longer picked when the search finds out later that they are registered', () => {
    const first = mergeFound([], job(device(61), device(64)));
    const later = mergeFound(first, job(device(61, { registeredCameraId: 'c1' }), device(64)));
    expect(later.filter(({ picked }) => picked).map(({ device }) => device.address)).toEqual([
      '192.168.10.64',
    ]);
  });
  test('keep their choices over another search', () => {
    const first = mergeFound([], job(device(64))).map((found) => ({ ...found, picked: false }));
    const again = mergeFound(first, job(device(64, { vendor: 'Dahua' }), device(65)));
    expect(again.map(({ device, picked }) => [device.vendor, picked])).toEqual([
      ['Dahua', false],
      [null, true],
    ]);
  });
});

describe('a password tried', () => {
  const before = mergeFound([], job(device(64)));
  const keys = new Set(before.map(({ key }) => key));

  test('is kept for the devices that took it', () => {
    const after = mergeTried(before, keys, [device(64, { auth: 'ok' })], login);
    expect(only(after).login).toEqual(login);
    expect(isReady(only(after))).toBe(true);
  });
  test('finds the device again by its address when it does not tell who it is', () => {
    const after = mergeTried(before, keys, [device(64, { auth: 'ok', endpointId: null })], login);
    expect(only(after).login).toEqual(login);
    expect(only(after).key).toBe(only(before).key);
  });
  test('is never tried on a device that refused three', () => {
    let list = before;
    for (let turn = 0; turn < 3; turn += 1) {
      expect(mayTry(only(list))).toBe(true);
      list = mergeTried(list, keys, [device(64, { auth: 'rejected' })], login);
    }
    expect(mayTry(only(list))).toBe(false);
  });
  test('does not count where the device did not answer', () => {
    expect(only(mergeTried(before, keys, [], login)).refusals).toBe(0);
    expect(only(mergeTried(before, keys, [device(64, { auth: 'unknown' })], login)).refusals).toBe(0);
  });
  test('is not tried on devices that need none or are not picked', () => {
    expect(mayTry({ ...only(before), picked: false })).toBe(false);
    expect(mayTry({ ...only(before), device: device(64, { auth: 'ok' }) })).toBe(false);
  });
});

test('hosts are read as people type them', () => {
  expect(readHosts(' 192.168.10.64，192.168.10.65:8080\n cam.local;192.168.10.64 ')).toEqual([
    '192.168.10.64',
    '192.168.10.65:8080',
    'cam.local',
  ]);
  expect(readHosts('  ')).toEqual([]);
});

test('names count on', () => {
  expect(namesFrom('机位 #', 3)).toEqual(['机位 1', '机位 2', '机位 3']);
  expect(namesFrom('塔吊', 2)).toEqual(['塔吊 1', '塔吊 2']);
  expect(namesFrom('# 号门', 1)).toEqual(['1 号门']);
});
