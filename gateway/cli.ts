import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { stringify } from 'yaml';
import { loadConfig } from '../config/load.ts';
import type { Overrides } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import { isGatewayError, messageOf } from './base/gateway-error.ts';
import { letMediaGarbageGather } from './base/let-media-garbage-gather.ts';
import { DemoSiteProcess, demoCredentials } from './demo-site-process.ts';
import { findFfmpeg } from './ffmpeg/find-ffmpeg.ts';
import { Gateway } from './main.ts';
import { version } from './version.ts';

const root = join(import.meta.dirname, '..');
/** scripts/start changes the folder; paths on its command line are meant from where it was called. */
const callerDir = process.env['GANTRY_CALLER_DIR'] ?? process.cwd();

interface CommonOptions {
  config?: string;
  data?: string;
}

interface ServeOptions extends CommonOptions {
  port?: number;
  demo?: boolean;
}

async function configOf(options: CommonOptions, overrides: Overrides, fallbacks: Overrides): Promise<Config> {
  const config = await loadConfig({
    file: options.config === undefined ? undefined : resolve(callerDir, options.config),
    defaultFile: join(root, 'config/gantry.yaml'),
    env: process.env,
    overrides: {
      ...overrides,
      dataDir: options.data === undefined ? undefined : resolve(callerDir, options.data),
    },
    fallbacks,
  });
  return { ...config, dataDir: resolve(root, config.dataDir) };
}

async function serve(options: ServeOptions): Promise<void> {
  letMediaGarbageGather();
  const fallbacks: Overrides =
    options.demo === true ? { 'demo.cameras': 4, 'discovery.interfaces': [loopbackName()] } : {};
  const overrides: Overrides = { 'http.port': options.port };
  if (options.demo === false) overrides['demo.cameras'] = 0;
  const config = await configOf(options, overrides, fallbacks);
  const demo = await startDemo(config);
  const gateway = new Gateway(config);
  const stop = stopOnce(async () => {
    await gateway.stop();
    await demo?.stop();
  });
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    const started = await gateway.start();
    greet(started, demo !== undefined, config);
  } catch (error) {
    await demo?.stop();
    await gateway.stop();
    throw error;
  }
}

/** macOS calls it lo0. */
function loopbackName(): string {
  return process.platform === 'darwin' ? 'lo0' : 'lo';
}

async function startDemo(config: Config): Promise<DemoSiteProcess | undefined> {
  if (config.demo.cameras === 0) return undefined;
  process.stdout.write(
    `Preparing the demo site (${config.demo.cameras} cameras); the first time it draws its pictures …\n`,
  );
  const ffmpeg = await findFfmpeg(config.ffmpeg.path);
  const demo = new DemoSiteProcess({
    ...config.demo,
    cacheDir: join(root, '.cache/demo-site'),
    ffmpegPath: ffmpeg.path,
    timeZone: config.snapshots.timeZone,
  });
  await demo.start();
  return demo;
}

function greet(
  started: { url: string; adminPassword: string | null },
  hasDemo: boolean,
  config: Config,
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
      `Demo site: ${config.demo.cameras} cameras to be found and registered, user ${username}, password ${password}`,
    );
  }
  process.stdout.write(`${lines.join('\n')}\n`);
}

function stopOnce(stop: () => Promise<void>): () => void {
  let isStopping = false;
  return () => {
    if (isStopping) process.exit(1);
    isStopping = true;
    stop().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
}

function fail(error: unknown): never {
  const text = isGatewayError(error)
    ? `${error.message} (${error.code})`
    : String(error instanceof Error ? error.stack : error);
  process.stderr.write(`gantry: ${text}\n`);
  process.exit(1);
}

function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new InvalidArgumentError('a port is a number from 0 to 65535');
  return port;
}

function withCommon(command: Command): Command {
  return command
    .option('--config <file>', 'configuration file (config/gantry.yaml when absent)')
    .option('--data <dir>', 'data folder');
}

function addConfigCommands(program: Command): void {
  const config = program.command('config').description('the configuration');
  withCommon(config.command('check'))
    .description('check it and say what is wrong')
    .action(async (options: CommonOptions) => {
      await configOf(options, {}, {});
      process.stdout.write('the configuration is valid\n');
    });
  withCommon(config.command('print'))
    .description('print it with all defaults; secrets are masked')
    .action(async (options: CommonOptions) => {
      const text = JSON.stringify(await configOf(options, {}, {}), (key, value: unknown) =>
        /password/i.test(key) && typeof value === 'string' ? '********' : value,
      );
      process.stdout.write(stringify(JSON.parse(text)));
    });
}

function addUserCommands(program: Command): void {
  const user = program.command('user').description('people who may sign in');
  withCommon(user.command('passwd'))
    .argument('<username>')
    .description('set a new password, read from standard input; ends the user’s sessions')
    .action(async (username: string, options: CommonOptions) => {
      const gateway = new Gateway(await configOf(options, {}, {}));
      await gateway.setPassword(username, await lineFromStdin());
      process.stdout.write(`the password of ${username} is set\n`);
    });
}

async function lineFromStdin(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write('New password: ');
  process.stdin.setEncoding('utf8');
  let text = '';
  for await (const chunk of process.stdin) {
    text += String(chunk);
    if (text.includes('\n')) break;
  }
  process.stdin.destroy();
  return text.replace(/\r?\n[\s\S]*$/, '');
}

const program = new Command('gantry')
  .description('Gantry, the video gateway of construction sites')
  .version(version);
withCommon(program.command('serve'))
  .description('run the gateway')
  .option('--port <n>', 'web port', portOf)
  .option('--demo', 'start the demo site where the configuration names no number of cameras')
  .option('--no-demo', 'start no demo site')
  .action(serve);
addConfigCommands(program);
addUserCommands(program);

process.on('unhandledRejection', (reason) =>
  process.stderr.write(`gantry: unexpected: ${messageOf(reason)}\n`),
);
await program.parseAsync().catch(fail);
