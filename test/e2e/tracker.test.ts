import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Camera } from '../../gateway/contract/camera.ts';
import type { Project } from '../../gateway/contract/project.ts';
import type { Snapshot } from '../../gateway/contract/snapshot.ts';
import type { SimReport } from '../../gateway/telemetry/tracker-sim/sim-report.ts';
import { ApiClient, eventually } from '../support/api-client.ts';
import { GatewayProcess } from '../support/gateway-process.ts';
import { GstRtspCamera, gstPictures } from '../support/gst-rtsp-camera.ts';
import { Mosquitto } from '../unit/telemetry/mosquitto.ts';

/** How often gateway and broker are killed; 20 where GANTRY_SOAK is set. */
const ROUNDS = Number(process.env['GANTRY_ROUNDS'] ?? (process.env['GANTRY_SOAK'] ? 20 : 1));
/** Projects with 12 steps each; each costs two writes to the disk. */
const PROJECTS = process.env['GANTRY_SOAK'] ? 300 : 60;
const root = join(import.meta.dirname, '../..');

let broker: Mosquitto;
let cameraServer: GstRtspCamera;
let gateway: GatewayProcess;
let token: string;

beforeAll(async () => {
  broker = await Mosquitto.create();
  await broker.start();
  cameraServer = await GstRtspCamera.start(gstPictures.h264, { auth: 'digest' });
  gateway = await GatewayProcess.start({
    http: { port: 0 },
    gateway: { id: 'g1' },
    mqtt: { url: broker.url },
    ingest: { mode: 'always' },
  });
  const api = new ApiClient(gateway.url);
  await api.signIn('admin', gateway.adminPassword);
  token = (await api.must<{ secret: string }>('POST', '/api/v1/tokens', { name: 'judge', role: 'admin' }))
    .secret;
});

afterAll(async () => {
  await gateway.remove();
  await cameraServer.stop();
  await broker.remove();
});

/** Sends with the token; the address changes with each start of the gateway. */
async function call<Reply>(method: string, path: string, body?: unknown): Promise<Reply> {
  const reply = await fetch(gateway.url + path, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`);
  return (await reply.json()) as Reply;
}

/** The real command as a tracker team runs it, until `end`. */
class Simulator {
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  #output = '';
  #errors = '';

  constructor(...more: string[]) {
    const args = ['tracker-sim', '--url', broker.url, '--root', 'gantry/g1', '--json', ...more];
    this.#child = spawn(join(root, 'scripts/gantry'), args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.stdout.on('data', (chunk: Buffer) => {
      this.#output += chunk.toString();
    });
    this.#child.stderr.on('data', (chunk: Buffer) => {
      this.#errors += chunk.toString();
    });
  }

  /** Ends it as Ctrl+C does; with `--for` it ends by itself. */
  async end(signal?: 'SIGINT'): Promise<{ code: number | null; report: SimReport; errors: string }> {
    const closed = once(this.#child, 'close');
    if (signal) this.#child.kill(signal);
    const [code] = (await closed) as [number | null];
    return { code, report: JSON.parse(this.#output) as SimReport, errors: this.#errors };
  }
}

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${gateway.url}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? NaN);
}

it(
  `a tracker gets every picture of a gateway killed ${ROUNDS} times with its broker, all valid, and ${PROJECTS} projects lit`,
  async () => {
    const simulator = new Simulator('--projects', String(PROJECTS), '--client-id', 'judge');
    const site = await call<Project>('POST', '/api/v1/projects', { name: '工地' });
    const camera = await call<Camera>('POST', '/api/v1/cameras', {
      name: '大门',
      projectId: site.id,
      rtsp: { main: cameraServer.url, username: 'viewer', password: 'gst-pass' },
    });
    const take = () => call<Snapshot>('POST', `/api/v1/cameras/${camera.id}/snapshots`);
    await eventually('the projects are in', 60_000, async () => {
      const { items } = await call<{ items: Project[] }>('GET', '/api/v1/projects?limit=1000');
      return items.length === PROJECTS + 1 ? true : undefined;
    });
    // One that expects other lights than this gateway has: it must say so.
    const wrong = new Simulator(
      '--projects',
      '40',
      '--warn-days',
      '40',
      '--client-id',
      'other',
      '--for',
      '1s',
    ).end();
    for (let round = 1; round <= ROUNDS; round += 1) {
      await take();
      await take();
      await broker.stop('SIGKILL');
      await take();
      const cut = take().catch(() => undefined);
      await gateway.end('SIGKILL');
      await cut;
      await broker.start();
      await gateway.restart();
      await eventually('the picture after', 30_000, () => take().catch(() => undefined));
      // This Mosquitto saves all it holds at each message: hundreds of retained states take it a while on a busy disk.
      await eventually('all is acknowledged', 120_000, async () =>
        (await metric('gantry_mqtt_connected')) === 1 && (await metric('gantry_outbox_messages')) === 0
          ? true
          : undefined,
      );
    }
    const path = `/api/v1/cameras/${camera.id}/snapshots?limit=1000`;
    const { items } = await call<{ items: Snapshot[] }>('GET', path);
    const { code, report, errors } = await simulator.end('SIGINT');
    expect(report.violations, errors).toEqual([]);
    expect(code).toBe(0);
    expect(report.projects).toMatchObject({ published: PROJECTS, arrived: PROJECTS });
    expect(report.cameras).toMatchObject([{ cameraId: camera.id, name: '大门', snapshots: items.length }]);
    expect(report.gateway).toMatchObject({ state: 'online', session: ROUNDS + 1 });
    expect(items.length).toBeGreaterThanOrEqual(ROUNDS * 4);
    const found = await wrong;
    expect(found.code).toBe(1);
    expect(found.report.violations[0]?.message).toContain('by the site’s calendar');
    if (process.env['GANTRY_SOAK'])
      process.stdout.write(`${ROUNDS} rounds: ${items.length} pictures, ${report.duplicates} repetitions\n`);
  },
  120_000 + ROUNDS * 60_000,
);
