import { isIP } from 'node:net';
import { GatewayError } from '../base/gateway-error.ts';
import type { NetworkGuard } from '../base/network-guard.ts';
import type { DiscoveryRequest } from '../contract/discovery.ts';
import { addressesOf, hostTarget, usualScanPorts } from './targets.ts';
import type { HostTarget } from './targets.ts';
import { searchInterfaces } from './ws-discovery/search-interfaces.ts';
import type { SearchInterface } from './ws-discovery/search-interfaces.ts';

/** What a search will do, checked before the first packet leaves. */
export type SearchPlan =
  | { method: 'multicast'; interfaces: SearchInterface[]; timeoutMs: number }
  | { method: 'host'; targets: HostTarget[]; limitMs: number | null }
  | { method: 'scan'; addresses: string[]; ports: readonly number[]; limitMs: number | null };

/**
 * Turns a request into a plan. Throws `bad-request`, `address-not-allowed` (for addresses and networks; names are checked
 * when they are resolved) or `config-invalid` (for interfaces that are not there).
 */
export function planSearch(
  request: DiscoveryRequest,
  context: { guard: NetworkGuard; interfaces: readonly string[]; timeoutSec: number },
): SearchPlan {
  const { guard, interfaces, timeoutSec } = context;
  const limitMs = request.timeoutSec === undefined ? null : request.timeoutSec * 1000;
  switch (request.method) {
    case 'multicast':
      return {
        method: 'multicast',
        interfaces: searchInterfaces(interfaces, guard),
        timeoutMs: limitMs ?? timeoutSec * 1000,
      };
    case 'host': {
      if (!request.hosts?.length) throw new GatewayError('bad-request', 'give the hosts to ask in "hosts"');
      const targets = request.hosts.map((host) => hostTarget(host, request.ports));
      for (const target of targets) refuseOutside(target, guard);
      return { method: 'host', targets, limitMs };
    }
    case 'scan': {
      if (!request.cidr)
        throw new GatewayError('bad-request', 'give the network to scan in "cidr", as in 192.168.10.0/24');
      const ports = [...new Set(request.ports ?? usualScanPorts)];
      return { method: 'scan', addresses: addressesOf(request.cidr, guard), ports, limitMs };
    }
    default:
      return request.method satisfies never;
  }
}

function refuseOutside({ host, named }: HostTarget, guard: NetworkGuard): void {
  if (isIP(host) === 0 || guard.allows(host)) return;
  throw new GatewayError(
    'address-not-allowed',
    `${named} is outside the networks that this gateway may contact; add its network to discovery.allowedNetworks if it belongs to the site`,
  );
}
