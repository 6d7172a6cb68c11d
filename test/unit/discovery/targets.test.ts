import { describe, expect, it } from 'vitest';
import { NetworkGuard } from '../../../gateway/base/network-guard.ts';
import { addressesOf, hostTarget } from '../../../gateway/discovery/targets.ts';

describe('hostTarget', () => {
  const cases: [string, string[]][] = [
    ['192.168.1.64:8081', ['http://192.168.1.64:8081/onvif/device_service']],
    ['http://192.168.1.64', ['http://192.168.1.64/onvif/device_service']],
    ['http://192.168.1.64:81/custom?x=1', ['http://192.168.1.64:81/custom?x=1']],
    ['https://user:pw@cam.site/onvif/device_service', ['https://cam.site/onvif/device_service']],
    ['[fd00::5]:80', ['http://[fd00::5]/onvif/device_service']],
    [
      'cam-1.site',
      [80, 8000, 8080, 8899, 2020].map(
        (port) => `http://cam-1.site${port === 80 ? '' : `:${port}`}/onvif/device_service`,
      ),
    ],
  ];
  for (const [named, xaddrs] of cases)
    it(`reads ${named}`, () => expect(hostTarget(named).xaddrs).toEqual(xaddrs));

  it('takes a bare IPv6 address and the ports that were asked for', () => {
    expect(hostTarget('fd00::5', [81, 82]).xaddrs).toEqual([
      'http://[fd00::5]:81/onvif/device_service',
      'http://[fd00::5]:82/onvif/device_service',
    ]);
  });
  for (const bad of ['', 'a b', '192.168.1.64:99999', '192.168.1.64/24', 'user@host', 'ftp://x', 'http://']) {
    it(`refuses "${bad}"`, () => expect(() => hostTarget(bad)).toThrow(/is not a host/));
  }
});

describe('addressesOf', () => {
  const guard = new NetworkGuard(['192.168.0.0/16', '10.0.0.0/25']);
  it('gives the hosts of a network without its own and its broadcast address', () => {
    expect(addressesOf('192.168.1.9/30', guard)).toEqual(['192.168.1.9', '192.168.1.10']);
    expect(addressesOf('192.168.1.9/32', guard)).toEqual(['192.168.1.9']);
    expect(addressesOf('192.168.0.0/16', guard)).toHaveLength(65_534);
  });
  it('refuses a network that is only partly allowed, naming it', () => {
    expect(() => addressesOf('10.0.0.0/24', guard)).toThrow(/10\.0\.0\.0\/24 is not wholly inside/);
  });
  for (const bad of ['192.168.0.0/15', '192.168.1.1', '300.1.1.1/24', '10.0.0.0/33', 'fd00::/120']) {
    it(`refuses ${bad}`, () => expect(() => addressesOf(bad, guard)).toThrow(/not a network|too large/));
  }
});
