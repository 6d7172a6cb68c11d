import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DiscoveryJob } from '../../gateway/contract/discovery.ts';
import { TestNetworks } from '../support/test-networks.ts';
import type { TestProgram } from '../support/test-networks.ts';

/**
 * Four networks of cameras, 10.77.0.0/24 to 10.77.3.0/24: the gateway is in the first two, the others lie behind a
 * router. A fifth network, which the gateway's default route leads to, is not allowed: its only machine counts frames.
 */
const SOAK = process.env['GANTRY_SOAK'] !== undefined;
const EACH = SOAK ? 50 : 8;
const SCANNED = SOAK ? '10.77.0.0/22' : '10.77.2.0/24';
/** Networks that the scan covers. */
const SCANNED_SITES = SOAK ? [0, 1, 2, 3] : [2];
const ALLOWED = ['10.77.0.0/22'];
const SITES = [0, 1, 2, 3];
const nets = new TestNetworks();
const cameras: TestProgram[] = [];
let witness: TestProgram;

interface Search {
  ms: number;
  lastListedMs: number;
  job: DiscoveryJob;
}
interface CameraState {
  devices: { address: string; refusedSignIns: number; calls: number }[];
  askedOverIpv6: number;
}

const addressesOf = (site: number): string[] =>
  Array.from({ length: EACH }, (_, index) => `10.77.${site}.${20 + index * (SOAK ? 4 : 20)}`);

beforeAll(async () => {
  await nets.join('gw', ['10.77.0.254/24'], 's0', ['10.77.0.1/24']);
  await nets.join('gw', ['10.77.1.254/24'], 's1', ['10.77.1.1/24']);
  await nets.join('gw', ['172.31.77.1/30'], 'rt', ['172.31.77.2/30']);
  await nets.join('rt', ['10.77.2.254/24'], 's2', ['10.77.2.1/24']);
  await nets.join('rt', ['10.77.3.254/24'], 's3', ['10.77.3.1/24']);
  await nets.join('gw', ['198.51.100.1/24'], 'by', ['198.51.100.2/24']);
  await nets.forward('rt');
  const gw = await nets.namespace('gw');
  await nets.ip(gw, ['route add 10.77.2.0/23 via 172.31.77.2', 'route add default via 198.51.100.2']);
  for (const site of SITES) {
    const iface = site < 2 ? 'gw' : 'rt';
    const name = await nets.namespace(`s${site}`);
    const setUp = addressesOf(site).map((address) => `addr add ${address}/24 dev ${iface}`);
    await nets.ip(name, [...setUp, `route add default via 10.77.${site}.254`]);
    const program = join(import.meta.dirname, '../support/light-cameras.ts');
    const order = {
      iface,
      ownAddress: `10.77.${site}.1`,
      addresses: addressesOf(site),
      vendor: site % 2 === 0 ? 'hikvision' : 'uniview',
      auth: site % 2 === 0 ? 'digest' : 'wsse',
    };
    cameras.push(await nets.start(`s${site}`, process.execPath, [program, JSON.stringify(order)]));
  }
  for (const program of cameras) expect(await program.line()).toBe('ready');
  witness = await nets.start('by', 'python3', [
    join(import.meta.dirname, '../support/packet-witness.py'),
    'gw',
  ]);
  expect(await witness.line()).toBe('ready');
}, 120_000);

afterAll(() => nets.stop());

async function states(): Promise<CameraState[]> {
  return Promise.all(
    cameras.map((program) => {
      program.child.stdin.write('state\n');
      return program.json<CameraState>();
    }),
  );
}

it(
  `finds all cameras (${EACH} a network): by multicast those on its own networks, by a scan the others; nobody else sees a packet`,
  { timeout: 180_000 },
  async () => {
    const credentials = [{ username: 'admin', password: 'wrong' }];
    const order = {
      networks: ALLOWED,
      requests: [
        { method: 'multicast', timeoutSec: SOAK ? 5 : 3, credentials },
        { method: 'scan', cidr: SCANNED, credentials },
      ],
    };
    const program = join(import.meta.dirname, '../support/search-runner.ts');
    const runner = await nets.start('gw', process.execPath, [program, JSON.stringify(order)]);
    const multicast = await runner.json<Search>();
    const near = [...addressesOf(0), ...addressesOf(1)];
    expect(multicast.job.devices.map(({ address }) => address).sort()).toEqual(near.sort());
    expect(multicast.lastListedMs).toBeLessThan(5000);
    const scan = await runner.json<Search>();
    const found = new Set(scan.job.devices.map(({ address }) => address));
    expect(SCANNED_SITES.flatMap(addressesOf).filter((address) => !found.has(address))).toEqual([]);
    expect(scan.job.devices).toHaveLength(EACH * SCANNED_SITES.length);
    expect(scan.ms).toBeLessThan(60_000);
    expect(scan.job.devices.every(({ auth }) => auth === 'rejected')).toBe(true);
    const told = await states();
    expect(told.slice(0, 2).every(({ askedOverIpv6 }) => askedOverIpv6 > 0)).toBe(true);
    // One wrong password, offered by two searches: each device saw it once.
    const tried = [...new Set([0, 1, ...SCANNED_SITES])].flatMap((site) => told[site]?.devices ?? []);
    expect(tried.filter(({ refusedSignIns }) => refusedSignIns !== 1)).toEqual([]);
    witness.child.stdin.end();
    const seen = await witness.json<{ frames: number; first: string[] }>();
    process.stdout.write(
      `multicast: ${near.length} listed after ${multicast.lastListedMs} ms; scan of ${SCANNED}: ${found.size} in ${scan.ms} ms; frames seen outside: ${seen.frames}\n`,
    );
    expect(seen).toEqual({ frames: 0, first: [] });
  },
);
