import { join } from 'node:path';
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import type { Overrides } from '../../config/load.ts';
import type { Config } from '../../config/schema.ts';
import { DemoSiteProcess, demoCredentials } from '../demo-site-process.ts';
import { findFfmpeg } from '../ffmpeg/find-ffmpeg.ts';
import { Gateway } from '../main.ts';
import { version } from '../version.ts';
import { configOf, print, repositoryRoot, withCommon } from './common-options.ts';
import type { CommonOptions } from './common-options.ts';

interface ServeOptions extends CommonOptions {
  port?: number;
  demo?: boolean;
}

/** `gantry serve`; `onFault` is called when stopping fails. */
export function addServeCommand(program: Command, onFault: (error: unknown) => never): void {
  withCommon(program.command('serve'))
    .description('run the gateway')
    .option('--port <n>', 'web port', portOf)
    .option('--demo', 'start the demo site where the configuration names no number of cameras')
    .option('--no-demo', 'start no demo site')
    .action((options: ServeOptions) => serve(options, onFault));
}

async function serve(options: ServeOptions, onFault: (error: unknown) => never): Promise<void> {
  const config = await serveConfig(options);
  const demo = await startDemo(config);
  const gateway = new Gateway(config);
  const stop = async (): Promise<void> => {
    await gateway.stop();
    await demo?.stop();
  };
  stopOnSignals(stop, onFault);
  try {
    greet(await gateway.start(), demo !== undefined, config);
  } catch (error) {
    await stop();
    throw error;
  }
}

function serveConfig(options: ServeOptions): Promise<Config> {
  const demoDefaults: Overrides = { 'demo.cameras': 4, 'discovery.interfaces': [loopbackName()] };
  const overrides: Overrides = { 'http.port': options.port };
  if (options.demo === false) overrides['demo.cameras'] = 0;
  return configOf(options, overrides, options.demo === true ? demoDefaults : {});
}

/** macOS calls it lo0. */
function loopbackName(): string {
  return process.platform === 'darwin' ? 'lo0' : 'lo';
}

async function startDemo({ demo, ffmpeg, snapshots }: Config): Promise<DemoSiteProcess | undefined> {
  if (demo.cameras === 0) return undefined;
  print(`Preparing the demo site (${demo.cameras} cameras); the first time it draws its pictures …`);
  const { path } = await findFfmpeg(ffmpeg.path);
  const site = new DemoSiteProcess({
    ...demo,
    cacheDir: join(repositoryRoot, '.cache/demo-site'),
    ffmpegPath: path,
    timeZone: snapshots.timeZone,
  });
  await site.start();
  return site;
}

function greet(
  started: { url: string; adminPassword: string | null },
  hasDemo: boolean,
  { demo }: Config,
): void {
  const lines = [`Gantry ${version} is ready: ${started.url}`];
  if (started.adminPassword !== null) {
    lines.push(
      `First sign-in: user admin, password ${started.adminPassword} (shown this once; change it after)`,
    );
  }
  if (hasDemo) {
    const { username, password } = demoCredentials;
    lines.push(
      `Demo site: ${demo.cameras} cameras to be found and registered, user ${username}, password ${password}`,
    );
  }
  print(lines.join('\n'));
}

/** The second signal does not wait. */
function stopOnSignals(stop: () => Promise<void>, onFault: (error: unknown) => never): void {
  let isStopping = false;
  const onSignal = (): void => {
    if (isStopping) process.exit(1);
    isStopping = true;
    stop().then(() => process.exit(0), onFault);
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
}

function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new InvalidArgumentError('a port is a number from 0 to 65535');
  }
  return port;
}
