import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { systemClock } from '../base/clock.ts';
import { GatewayError, messageOf } from '../base/gateway-error.ts';
import { localDate } from '../base/local-time.ts';
import type { Logger } from '../base/logger.ts';
import { silentLogger } from '../base/logger.ts';
import { requireUsableTls } from '../telemetry/broker-tls.ts';
import type { BrokerAddress } from '../telemetry/broker-address.ts';
import { generateProjects } from '../telemetry/tracker-sim/generate-projects.ts';
import type { ToldProject } from '../telemetry/tracker-sim/generate-projects.ts';
import { PayloadSchemas } from '../telemetry/tracker-sim/payload-schemas.ts';
import { readProjects } from '../telemetry/tracker-sim/read-projects.ts';
import { simScreen, simSummary } from '../telemetry/tracker-sim/sim-screen.ts';
import { TrackerSim } from '../telemetry/tracker-sim/tracker-sim.ts';
import { print, repositoryRoot } from './common-options.ts';

interface SimOptions {
  url: string;
  root: string;
  username?: string;
  ca?: string;
  cert?: string;
  key?: string;
  serverName?: string;
  clientId: string;
  projects?: string;
  steps: string;
  seed: string;
  file?: string;
  archive?: boolean;
  timeZone: string;
  warnDays: string;
  for?: string;
  json?: boolean;
}

const DRAW_MS = 1000;
/** Sends the cursor home and clears what is below. */
const HOME = '\u001b[H\u001b[J';
const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000 } as const;

/** `gantry tracker-sim`: plays the project tracker against a gateway at any broker and judges what it says. */
export function addTrackerSimCommand(program: Command): void {
  program
    .command('tracker-sim')
    .description(
      'play a project tracker: subscribe, judge every message against config/mqtt, publish projects; exit code 1 when anything is wrong',
    )
    .option('--url <url>', 'broker: mqtt://, mqtts://, ws:// or wss://', 'mqtt://127.0.0.1:1883')
    .option('--root <topic>', 'root of the gateway’s topics', 'gantry/gantry-1')
    .option('--username <name>', 'user at the broker; the password is taken from GANTRY_MQTT_PASSWORD')
    .option('--ca <file>', 'certificate (PEM) of the authority that signed the broker’s')
    .option('--cert <file>', 'own certificate (PEM), where the broker asks for one')
    .option('--key <file>', 'its private key (PEM)')
    .option('--server-name <name>', 'name that must stand in the broker’s certificate')
    .option('--client-id <id>', 'stored session at the broker', 'tracker-sim')
    .option('--projects <n>', 'publish so many made-up projects')
    .option('--steps <n>', 'steps of each', '12')
    .option('--seed <n>', 'the same seed makes the same projects', '1')
    .option('--file <file>', 'publish the projects of a JSON or YAML file instead')
    .option('--archive', 'archive the published projects at the end')
    .option(
      '--time-zone <name>',
      'time zone of the site (snapshots.timeZone of the gateway)',
      'Asia/Shanghai',
    )
    .option('--warn-days <n>', 'tracker.warnDays of the gateway', '7')
    .option('--for <duration>', 'how long, as in 60s, 10m, 2h; absent: until Ctrl+C')
    .option('--json', 'print the outcome as JSON, no table')
    .action(async (options: SimOptions) => {
      const sim = await simOf(options);
      // An ordinary timer: the clock's own do not keep the process alive while there is no connection.
      const alive = setInterval(() => undefined, DRAW_MS);
      sim.start();
      await ended(options, sim);
      const report = await sim.stop().finally(() => clearInterval(alive));
      process.exitCode = report.ok ? 0 : 1;
      print(options.json === true ? report : simSummary(report));
    });
}

async function simOf(options: SimOptions): Promise<TrackerSim> {
  const { root, clientId, timeZone } = options;
  const rules = { timeZone, warnDays: numberOf('--warn-days', options.warnDays) };
  return new TrackerSim({
    clock: systemClock,
    logger: warnings,
    broker: await brokerOf(options),
    root: root.replace(/\/+$/, ''),
    clientId,
    schemas: await PayloadSchemas.load(join(repositoryRoot, 'config/mqtt')),
    projects: await projectsOf(options),
    rules,
  });
}

async function brokerOf({ url, username, ...files }: SimOptions): Promise<BrokerAddress> {
  const tls = {
    ca: await readPem(files.ca),
    cert: await readPem(files.cert),
    key: await readPem(files.key),
    serverName: files.serverName,
  };
  requireUsableTls(tls);
  return { url, username, password: process.env['GANTRY_MQTT_PASSWORD'], tls };
}

async function readPem(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new GatewayError('bad-request', `${path} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

async function projectsOf({ file, projects, steps, seed, timeZone }: SimOptions): Promise<ToldProject[]> {
  if (file !== undefined) return readProjects(file);
  if (projects === undefined) return [];
  return generateProjects({
    projects: numberOf('--projects', projects),
    steps: numberOf('--steps', steps),
    seed: numberOf('--seed', seed),
    today: localDate(systemClock.now(), timeZone),
  });
}

/** Resolves at the end of the time or at Ctrl+C; draws meanwhile, and archives at the end when that is wanted. */
async function ended(options: SimOptions, sim: TrackerSim): Promise<void> {
  const draws = options.json !== true && process.stdout.isTTY;
  const forMs = options.for === undefined ? null : durationMs(options.for);
  const drawing = setInterval(() => {
    const { columns, rows } = process.stdout;
    if (draws) process.stdout.write(HOME + simScreen(sim.report(), systemClock.now(), { columns, rows }));
  }, DRAW_MS);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve).once('SIGTERM', resolve);
    if (forMs !== null) setTimeout(resolve, forMs);
  });
  clearInterval(drawing);
  if (draws) process.stdout.write(HOME);
  if (options.archive === true && sim.connected) await sim.archive();
}

function durationMs(text: string): number {
  const [, count, unit = 's'] = /^(\d+(?:\.\d+)?)([smh])?$/.exec(text) ?? [];
  if (count === undefined)
    throw new GatewayError('bad-request', `--for ${text} is no duration: write 60s, 10m or 2h`);
  return Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
}

function numberOf(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isInteger(value) && value >= 0) return value;
  throw new GatewayError('bad-request', `${option} ${text} is no whole number`);
}

/** Why there is no connection goes to standard error; the rest of the link's log is not for the user. */
const warnings: Logger = Object.assign(Object.create(silentLogger) as Logger, {
  warn(details: { message?: string }, text: string) {
    process.stderr.write(`gantry: ${text}: ${details.message ?? ''}\n`);
  },
});
