import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { loadConfig } from '../../config/load.ts';
import type { Overrides } from '../../config/load.ts';
import type { Config } from '../../config/schema.ts';

/** The repository, wherever the command was called. */
export const repositoryRoot = join(import.meta.dirname, '../..');
/** scripts/start changes the folder; paths on its command line are meant from where it was called. */
const callerDir = process.env['GANTRY_CALLER_DIR'] ?? process.cwd();

/** Options that every command has. */
export interface CommonOptions {
  config?: string;
  data?: string;
}

/** Adds the options that every command has. */
export function withCommon(command: Command): Command {
  return command
    .option('--config <file>', 'configuration file (config/gantry.yaml when absent)')
    .option('--data <dir>', 'data folder');
}

/** The configuration of a command: file, environment, its options. Throws `config-invalid`. */
export async function configOf(
  options: CommonOptions,
  overrides: Overrides = {},
  fallbacks: Overrides = {},
): Promise<Config> {
  const config = await loadConfig({
    file: options.config === undefined ? undefined : resolve(callerDir, options.config),
    defaultFile: join(repositoryRoot, 'config/gantry.yaml'),
    env: process.env,
    overrides: {
      ...overrides,
      dataDir: options.data === undefined ? undefined : resolve(callerDir, options.data),
    },
    fallbacks,
  });
  return { ...config, dataDir: resolve(repositoryRoot, config.dataDir) };
}

/** Writes a line, or JSON, for the one who called. */
export function print(value: unknown): void {
  process.stdout.write(`${typeof value === 'string' ? value : JSON.stringify(value, null, 2)}\n`);
}
