import type { Command } from 'commander';
import { systemClock } from '../base/clock.ts';
import { GatewayError } from '../base/gateway-error.ts';
import { silentLogger } from '../base/logger.ts';
import { NetworkGuard } from '../base/network-guard.ts';
import type { DiscoveredDevice, DiscoveryJob, DiscoveryRequest } from '../contract/discovery.ts';
import { DiscoveryJobs } from '../discovery/discovery-jobs.ts';
import { OnvifClient } from '../discovery/onvif/onvif-client.ts';
import { configOf, print, withCommon } from './common-options.ts';
import type { CommonOptions } from './common-options.ts';

interface DiscoverOptions extends CommonOptions {
  cidr?: string;
  host?: string[];
  interface?: string[];
  port?: string[];
  username?: string;
  timeout: string;
  json?: boolean;
}

/** `gantry discover`: looks for cameras without a running gateway; nothing is stored. */
export function addDiscoverCommand(program: Command): void {
  withCommon(program.command('discover'))
    .description('look for ONVIF cameras: by multicast, in a network, or at hosts')
    .option('--cidr <network>', 'scan a network, as in 192.168.10.0/24')
    .option('--host <address...>', 'ask these hosts')
    .option('--interface <name...>', 'search on these interfaces')
    .option('--port <n...>', 'ask on these ports')
    .option('--username <name>', 'sign in as this user; the password is taken from GANTRY_CAMERA_PASSWORD')
    .option('--timeout <seconds>', 'how long to listen', '5')
    .option('--json', 'print JSON')
    .action(async (options: DiscoverOptions) => {
      const job = await discover(options);
      process.exitCode = job.state === 'failed' ? 1 : 0;
      if (options.json === true) return print(job.devices);
      for (const device of job.devices) print(line(device));
      print(`${job.devices.length} found${job.error === null ? '' : `; ${job.error}`}`);
    });
}

async function discover(options: DiscoverOptions): Promise<DiscoveryJob> {
  const { discovery } = await configOf(options, { 'discovery.interfaces': options.interface });
  const guard = new NetworkGuard(discovery.allowedNetworks);
  const shared = { clock: systemClock, logger: silentLogger, guard };
  const jobs = new DiscoveryJobs({
    ...discovery,
    ...shared,
    client: new OnvifClient(shared),
    registered: { findRegistered: () => Promise.resolve(null) },
    credentialSets: { lookup: () => [] },
  });
  const ended = new Promise<DiscoveryJob>((resolve) => {
    jobs.onUpdate((job) => {
      if (job.state !== 'running') resolve(job);
    });
  });
  jobs.start(requestOf(options));
  // The clock's timers do not keep the process alive.
  const alive = setInterval(() => undefined, 1000);
  const job = await ended;
  clearInterval(alive);
  await jobs.stop();
  return job;
}

function requestOf({ cidr, host, port, username, timeout }: DiscoverOptions): DiscoveryRequest {
  const password = process.env['GANTRY_CAMERA_PASSWORD'] ?? '';
  const shared = {
    ...(username !== undefined && { credentials: [{ username, password }] }),
    ...(port !== undefined && { ports: port.map(portOf) }),
  };
  if (cidr !== undefined) return { method: 'scan', cidr, ...shared };
  if (host !== undefined) return { method: 'host', hosts: host, ...shared };
  return { method: 'multicast', timeoutSec: Math.min(300, Math.max(1, Number(timeout) || 5)), ...shared };
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new GatewayError('bad-request', `${text} is no port: give a number from 1 to 65535`);
}

function line({ xaddr, vendor, model, mac, auth, error }: DiscoveredDevice): string {
  return [xaddr, vendor ?? '?', model ?? '?', mac ?? '-', error ?? auth].join('  ');
}
