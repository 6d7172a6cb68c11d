import type { NetworkInterfaceInfo } from 'node:os';
import { expect, it } from 'vitest';
import { NetworkGuard } from '../../../../gateway/base/network-guard.ts';
import { searchInterfaces } from '../../../../gateway/discovery/ws-discovery/search-interfaces.ts';

const info = (address: string, internal = false): NetworkInterfaceInfo => ({
  address,
  netmask: '255.255.255.0',
  mac: '00:00:00:00:00:01',
  internal,
  cidr: `${address}/${address.includes(':') ? 64 : 24}`,
  ...(address.includes(':') ? { family: 'IPv6', scopeid: 2 } : { family: 'IPv4' }),
});
const present = {
  lo: [info('127.0.0.1', true), info('::1', true)],
  eth0: [info('10.0.0.2'), info('10.0.1.2'), info('fd00::2'), info('fe80::2')],
  eth1: [info('192.168.1.2')],
};
const ANY = new NetworkGuard(['0.0.0.0/0', '::/0']);
const addresses = (chosen: string[]): string[] =>
  searchInterfaces(chosen, ANY, present).map(({ address }) => address);

it('searches on all interfaces but the loopback, or on the chosen ones, by name or address', () => {
  expect(addresses([])).toEqual(['10.0.0.2', '10.0.1.2', 'fe80::2%eth0', '192.168.1.2']);
  expect(addresses(['lo'])).toEqual(['127.0.0.1']);
  expect(addresses(['eth1', '10.0.1.2'])).toEqual(['10.0.1.2', '192.168.1.2']);
});

it('sends nothing into networks that the gateway may not contact', () => {
  const inside = searchInterfaces([], new NetworkGuard(['192.168.1.0/24', '10.0.1.0/24']), present);
  expect(inside.map(({ address }) => address)).toEqual(['10.0.1.2', 'fe80::2%eth0', '192.168.1.2']);
  expect(() => searchInterfaces([], new NetworkGuard(['172.16.0.0/12']), present)).toThrow(/allowedNetworks/);
});

it('knows which networks lie behind each interface', () => {
  expect(searchInterfaces(['fe80::2'], ANY, present)).toEqual([
    {
      name: 'eth0',
      family: 6,
      address: 'fe80::2%eth0',
      onLink: ['10.0.0.2/24', '10.0.1.2/24', 'fd00::2/64', 'fe80::2/64'],
    },
  ]);
});

it('names the interfaces there are when a chosen one is not', () => {
  expect(() => searchInterfaces(['eth7'], ANY, present)).toThrow(/"eth7".*lo, eth0, eth1/);
  expect(() => searchInterfaces([], ANY, { lo: present.lo })).toThrow(/no network interface/);
});
