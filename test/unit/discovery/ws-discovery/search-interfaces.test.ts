import type { NetworkInterfaceInfo } from 'node:os';
import { expect, it } from 'vitest';
import { searchAddresses } from '../../../../gateway/discovery/ws-discovery/search-interfaces.ts';

const info = (address: string, internal = false): NetworkInterfaceInfo => ({
  address,
  netmask: '255.255.255.0',
  mac: '00:00:00:00:00:01',
  internal,
  family: 'IPv4',
  cidr: null,
});
const present = {
  lo: [info('127.0.0.1', true)],
  eth0: [info('10.0.0.2'), info('10.0.1.2')],
  eth1: [info('192.168.1.2')],
};

it('searches on all interfaces but the loopback, or on the chosen ones, by name or address', () => {
  expect(searchAddresses([], present)).toEqual(['10.0.0.2', '10.0.1.2', '192.168.1.2']);
  expect(searchAddresses(['lo'], present)).toEqual(['127.0.0.1']);
  expect(searchAddresses(['eth1', '10.0.1.2'], present)).toEqual(['10.0.1.2', '192.168.1.2']);
});

it('names the interfaces there are when a chosen one is not', () => {
  expect(() => searchAddresses(['eth7'], present)).toThrow(/"eth7".*lo, eth0, eth1/);
  expect(() => searchAddresses([], { lo: present.lo })).toThrow(/no network interface/);
});
