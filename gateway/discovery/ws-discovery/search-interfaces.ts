import { isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { NetworkInterfaceInfo } from 'node:os';
import type { NetworkGuard } from '../../base/network-guard.ts';
import { GatewayError } from '../../base/gateway-error.ts';

type InterfaceMap = NodeJS.Dict<NetworkInterfaceInfo[]>;

/** One own address to search from. */
export interface SearchInterface {
  name: string;
  family: 4 | 6;
  /** To bind to: IPv6 with its zone, as in `fe80::1%eth1`. */
  address: string;
  /** Networks (CIDR) that lie directly behind the interface. */
  onLink: readonly string[];
}

/**
 * The addresses to search from: of the chosen interfaces (by name or own address), or of all but the loopback; each IPv4
 * address that the guard allows, and the link-local IPv6 one of an interface with such an address: nothing is sent to
 * networks that the gateway may not contact. Throws `config-invalid` for an interface that is not there, naming those
 * that are; `bad-request` when there is none at all.
 */
export function searchInterfaces(
  chosen: readonly string[],
  guard: Pick<NetworkGuard, 'allows'>,
  present: InterfaceMap = networkInterfaces(),
): SearchInterface[] {
  const names = Object.keys(present).join(', ') || 'none';
  const all = Object.entries(present).flatMap(([name, infos]) =>
    (infos ?? []).map((info) => ({ name, info })),
  );
  for (const wanted of chosen) {
    if (wanted in present || all.some(({ info }) => info.address === wanted)) continue;
    throw new GatewayError(
      'config-invalid',
      `discovery.interfaces: there is no network interface "${wanted}"; this machine has: ${names}`,
    );
  }
  const used = all.filter(({ name, info }) =>
    chosen.length === 0 ? !info.internal : chosen.includes(name) || chosen.includes(info.address),
  );
  const found = used
    .flatMap(({ name, info }) => toSearchInterface(name, info, present[name] ?? []))
    .filter(({ onLink }) => onLink.some((network) => guard.allows(network.replace(/\/.*$/, ''))))
    .filter(({ family, address }) => family === 6 || guard.allows(address));
  if (found.length === 0) {
    throw new GatewayError(
      'bad-request',
      `no network interface to search on whose own address is in discovery.allowedNetworks (this machine has: ${names}); ask for hosts instead, or choose interfaces in discovery.interfaces`,
    );
  }
  return found.filter(
    ({ address }, index) => found.findIndex((other) => other.address === address) === index,
  );
}

/** The own addresses that multicast can be sent from now; none instead of a fault. */
export function presentInterfaces(
  chosen: readonly string[],
  guard: Pick<NetworkGuard, 'allows'>,
): SearchInterface[] {
  const present = networkInterfaces();
  const known = chosen.filter(
    (wanted) =>
      wanted in present ||
      Object.values(present).some((infos) => infos?.some(({ address }) => address === wanted)),
  );
  if (chosen.length > 0 && known.length === 0) return [];
  try {
    return searchInterfaces(known, guard, present);
  } catch {
    return [];
  }
}

function toSearchInterface(
  name: string,
  info: NetworkInterfaceInfo,
  siblings: readonly NetworkInterfaceInfo[],
): SearchInterface[] {
  const onLink = siblings.flatMap(({ cidr }) => cidr ?? []);
  if (info.family === 'IPv4') return [{ name, family: 4, address: info.address, onLink }];
  // Multicast of one link goes out from that link's own address; the loopback has none.
  return isLinkLocal(info.address)
    ? [{ name, family: 6, address: `${bare(info.address)}%${name}`, onLink }]
    : [];
}

/** True for an IPv6 address that means something on one link only. */
export function isLinkLocal(address: string): boolean {
  return isIPv6(bare(address)) && /^fe[89ab]/i.test(address);
}

function bare(address: string): string {
  return address.replace(/%.*$/, '');
}
