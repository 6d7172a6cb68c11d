import { setTimeout as sleep } from 'node:timers/promises';
import { ApiClient } from '../../support/api-client.ts';
import { freePort, GatewayProcess } from '../../support/gateway-process.ts';
import { IdleViewers } from '../load/idle-viewers.ts';
import { SocketViewers } from '../load/socket-viewers.ts';
import { processTree } from '../measure/process-usage.ts';
import { firstPostersDone } from './first-posters-done.ts';
import type { Contender, RunningContender } from './contender.ts';

/** What the viewers of a running gateway do meanwhile. */
export type Viewing = 'hls' | 'ws' | 'none';

const viewingNames = { hls: '', ws: ', WebSockets', none: ', no viewer' } as const;

/** The gateway at work, and what more the benchmark wants of it than of others. */
export interface RunningGantry extends RunningContender {
  api: ApiClient;
  gateway: GatewayProcess;
  cameraIds: readonly string[];
}

/** The whole gateway as it is served, MQTT and health included. */
export function gantry(viewing: Viewing): Contender {
  return {
    name: `gantry${viewingNames[viewing]}`,
    mostCameras: Infinity,
    async start(cameraUrls) {
      const running = await startGantry(cameraUrls, viewing === 'none' ? 'always' : 'onDemand');
      if (viewing === 'none') {
        await running.watched();
        await firstPostersDone(running.gateway.pid);
        return running;
      }
      const viewers =
        viewing === 'ws'
          ? new SocketViewers(running.api, running.cameraIds)
          : new IdleViewers(running.api, running.cameraIds, false);
      await viewers.start();
      await firstPostersDone(running.gateway.pid);
      return {
        ...running,
        async stop() {
          viewers.stop();
          await running.stop();
        },
      };
    },
  };
}

/** Starts a gateway with these cameras registered, and waits for nothing. */
export async function startGantry(
  cameraUrls: readonly string[],
  mode: 'onDemand' | 'always' = 'onDemand',
  idleTimeoutSec = 30,
  probeIntervalSec = 86_400,
): Promise<RunningGantry & { watched: () => Promise<void> }> {
  const gateway = await GatewayProcess.start({
    http: { port: 0 },
    mqtt: { embedded: { port: await freePort() } },
    ingest: { mode, idleTimeoutSec },
    // The record of progress would take pictures in the middle of a measurement.
    snapshots: { schedule: '0 0 29 2 *' },
    status: { probeIntervalSec },
    log: { level: 'warn' },
  });
  const api = new ApiClient(gateway.url);
  await api.signIn('admin', gateway.adminPassword);
  const { id: projectId } = await api.must<{ id: string }>('POST', '/api/v1/projects', { name: 'bench' });
  const cameraIds: string[] = [];
  for (const [index, main] of cameraUrls.entries()) {
    const camera = { name: `camera ${index}`, projectId, rtsp: { main } };
    cameraIds.push((await api.must<{ id: string }>('POST', '/api/v1/cameras', camera)).id);
  }
  return {
    api,
    gateway,
    cameraIds,
    pids: () => processTree(gateway.pid),
    stop: () => gateway.remove(),
    async watched() {
      for (const id of cameraIds) await streamRuns(api, id);
    },
  };
}

async function streamRuns(api: ApiClient, cameraId: string): Promise<void> {
  for (let tries = 0; tries < 240; tries += 1) {
    const health = await api.get<{ stream: { state: string } }>(`/api/v1/cameras/${cameraId}/health`);
    if (health.stream.state === 'running') return;
    await sleep(250);
  }
  throw new Error(`the stream of ${cameraId} did not start within a minute`);
}
