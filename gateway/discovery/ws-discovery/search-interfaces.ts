import { networkInterfaces } from 'node:os';
import type { NetworkInterfaceInfo } from 'node:os';
import { GatewayError } from '../../base/gateway-error.ts';

type InterfaceMap = NodeJS.Dict<NetworkInterfaceInfo[]>;

/**
 * The IPv4 addresses to search from: of the chosen interfaces (by name or own address), or of all but the loopback.
 * Throws `config-invalid` for an interface that is not there, naming those that are; `bad-request` when there is none at all.
 */
export function searchAddresses(
  chosen: readonly string[],
  present: InterfaceMap = networkInterfaces(),
): string[] {
  const all = Object.entries(present).flatMap(([name, infos]) =>
    (infos ?? [])
      .filter((info) => info.family === 'IPv4')
      .map(({ address, internal }) => ({ name, address, internal })),
  );
  const names = Object.keys(present).join(', ') || 'none';
  for (const wanted of chosen) {
    if (wanted in present || all.some(({ address }) => address === wanted)) continue;
    throw new GatewayError(
      'config-invalid',
      `discovery.interfaces: there is no network interface "${wanted}"; this machine has: ${names}`,
    );
  }
  const used = all.filter(({ name, address, internal }) =>
    chosen.length === 0 ? !internal : chosen.includes(name) || chosen.includes(address),
  );
  if (used.length === 0) {
    throw new GatewayError(
      'bad-request',
      `no network interface with an IPv4 address to search on (this machine has: ${names}); ask for hosts instead, or choose interfaces in discovery.interfaces`,
    );
  }
  return [...new Set(used.map(({ address }) => address))];
}
