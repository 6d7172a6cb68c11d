import { describe, expect, test } from 'vitest';
import {
  isNetwork,
  isReady,
  mayTry,
  mergeFound,
  mergeTried,
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
const trial = { typed: [login], setIds: [] };
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
    const after = mergeTried(before, keys, [device(64, { auth: 'ok' })], trial);
    expect(only(after).login).toEqual({ kind: 'typed', ...login });
    expect(isReady(only(after))).toBe(true);
  });
  test('finds the device again by its address when it does not tell who it is', () => {
    const after = mergeTried(before, keys, [device(64, { auth: 'ok', endpointId: null })], trial);
    expect(only(after).login).toEqual({ kind: 'typed', ...login });
    expect(only(after).key).toBe(only(before).key);
  });
  test('is never tried on a device that refused three', () => {
    let list = before;
    for (let turn = 0; turn < 3; turn += 1) {
      expect(mayTry(only(list))).toBe(true);
      list = mergeTried(list, keys, [device(64, { auth: 'rejected' })], trial);
    }
    expect(mayTry(only(list))).toBe(false);
  });
  test('of which the second was taken is the one kept', () => {
    const two = { typed: [login, { username: 'root', password: 'y' }], setIds: [] };
    const after = mergeTried(before, keys, [{ ...device(64, { auth: 'ok' }), credentialIndex: 1 }], two);
    expect(only(after).login).toEqual({ kind: 'typed', username: 'root', password: 'y' });
  });
  test('out of a named set is kept as the set, without user name or password', () => {
    const sets = { typed: [login], setIds: ['s1', 's2'] };
    const answer = { ...device(64, { auth: 'ok' }), credentialSetId: 's2', credentialIndex: null };
    expect(only(mergeTried(before, keys, [answer], sets)).login).toEqual({ kind: 'set', id: 's2' });
  });
  test('is kept when a later search, without passwords, finds the device again', () => {
    const signedIn = mergeTried(before, keys, [device(64, { auth: 'ok', vendor: 'Dahua' })], trial);
    const again = only(mergeFound(signedIn, job(device(64))));
    expect(again.login).toEqual({ kind: 'typed', ...login });
    expect(again.device).toMatchObject({ auth: 'ok', vendor: 'Dahua' });
  });
  test('does not count where the device did not answer', () => {
    expect(only(mergeTried(before, keys, [], trial)).refusals).toBe(0);
    expect(only(mergeTried(before, keys, [device(64, { auth: 'unknown' })], trial)).refusals).toBe(0);
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

test('a network is told from what is not one', () => {
  expect(['192.168.10.0/24', ' 10.0.0.0/8 ', 'fd00::/64'].map(isNetwork)).toEqual([true, true, true]);
  expect(
    ['192.168.10.0', '192.168.10.0/33', '300.1.1.0/24', 'cam/24', '1.2.3.4/24/8', ''].filter(isNetwork),
  ).toEqual([]);
});
