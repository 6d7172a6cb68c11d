/** A program: runs searches one after another, as the gateway does, and prints each with its time as a JSON line. */
import { systemClock as clock } from '../../gateway/base/clock.ts';
import { silentLogger as logger } from '../../gateway/base/logger.ts';
import { NetworkGuard } from '../../gateway/base/network-guard.ts';
import type { DiscoveryRequest } from '../../gateway/contract/discovery.ts';
import { DiscoveryJobs } from '../../gateway/discovery/discovery-jobs.ts';
import { OnvifClient } from '../../gateway/discovery/onvif/onvif-client.ts';
import { AnnouncementListener } from '../../gateway/discovery/ws-discovery/announcement-listener.ts';

interface SearchOrder {
  networks: string[];
  requests: DiscoveryRequest[];
}

const { networks, requests } = JSON.parse(process.argv[2] ?? '{}') as SearchOrder;
const guard = new NetworkGuard(networks);
const client = new OnvifClient({ clock, guard, logger });
// The gateway's listener runs beside its searches.
const listener = new AnnouncementListener({ clock, guard, logger, interfaces: [] });
await listener.start();
const jobs = new DiscoveryJobs({
  clock,
  logger,
  client,
  guard,
  interfaces: [],
  timeoutSec: 5,
  registered: { findRegistered: () => Promise.resolve(null) },
  credentialSets: { lookup: () => [] },
});

for (const request of requests) {
  const startedAt = performance.now();
  /** When each device was first listed, ms. */
  const listedMs = new Map<string, number>();
  const alive = setInterval(() => undefined, 1000);
  const job = await new Promise((resolve) => {
    jobs.onUpdate((update) => {
      for (const { xaddr } of update.devices) {
        if (!listedMs.has(xaddr)) listedMs.set(xaddr, performance.now() - startedAt);
      }
      if (update.id === id && update.state !== 'running') resolve(update);
    });
    const id = jobs.start(request);
  });
  clearInterval(alive);
  const lastListedMs = Math.round(Math.max(0, ...listedMs.values()));
  process.stdout.write(
    `${JSON.stringify({ ms: Math.round(performance.now() - startedAt), lastListedMs, job })}\n`,
  );
}
listener.stop();
await jobs.stop();
