import { BlockList, isIP } from 'node:net';
import { lookup } from 'node:dns/promises';
import { GatewayError } from './gateway-error.ts';

/** What a guard may differ in from that of the cameras. */
interface GuardOptions {
  /** The configuration key that lists the networks. */
  key?: string;
  /** Networks that are refused whatever is allowed. */
  never?: readonly string[];
}

/** Decides which addresses the gateway may contact (`discovery.allowedNetworks`, or those of another key); immutable. */
export class NetworkGuard {
  readonly #allowed: BlockList;
  readonly #never: BlockList;
  readonly #key: string;

  /** Takes CIDR blocks such as `192.168.0.0/16` or `fd00::/8`; throws `config-invalid` naming the bad one. */
  constructor(
    networks: readonly string[],
    { key = 'discovery.allowedNetworks', never = [] }: GuardOptions = {},
  ) {
    this.#key = key;
    this.#allowed = blockListOf(networks, key);
    this.#never = blockListOf(never, key);
  }

  /** True when the literal IP address lies in an allowed network; IPv4-mapped IPv6 counts as its IPv4 address. */
  allows(address: string): boolean {
    const bare = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
    const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1] ?? bare;
    const family = isIP(mapped);
    if (family === 0) return false;
    const type = family === 6 ? 'ipv6' : 'ipv4';
    return this.#allowed.check(mapped, type) && !this.#never.check(mapped, type);
  }

  /**
   * The address to connect to for a host name or literal: resolved once, so that it cannot change between check and use.
   * Throws `address-not-allowed` or `camera-offline` (name not found).
   */
  async resolve(host: string): Promise<string> {
    const bare = host.replace(/^\[|\]$/g, '');
    const address = isIP(bare) === 0 ? await resolveName(bare) : bare;
    if (!this.allows(address)) {
      throw new GatewayError(
        'address-not-allowed',
        `${host} (${address}) is outside the networks that this gateway may contact; add its network to ${this.#key} if it belongs to the site`,
      );
    }
    return address;
  }
}

function blockListOf(networks: readonly string[], key: string): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix = ''] = network.split('/');
    const family = isIP(address);
    const bits = Number(prefix || (family === 6 ? 128 : 32));
    if (family === 0 || !Number.isInteger(bits) || bits < 0 || bits > (family === 6 ? 128 : 32)) {
      throw new GatewayError(
        'config-invalid',
        `${key}: "${network}" is not a network such as 192.168.1.0/24`,
      );
    }
    list.addSubnet(address, bits, family === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}

async function resolveName(host: string): Promise<string> {
  try {
    return (await lookup(host)).address;
  } catch (error) {
    throw new GatewayError('camera-offline', `the name ${host} cannot be resolved`, { cause: error });
  }
}
