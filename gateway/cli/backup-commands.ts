import { resolve } from 'node:path';
import type { Command } from 'commander';
import { backUp } from '../backup.ts';
import { openRecord } from '../open-record.ts';
import { restore } from '../restore.ts';
import { configOf, print, withCommon } from './common-options.ts';
import type { CommonOptions } from './common-options.ts';

/** `gantry backup` and `gantry restore`: work on the data folder; backing up goes on beside a running gateway. */
export function addBackupCommands(program: Command): void {
  withCommon(program.command('backup'))
    .argument('<file>', 'ZIP file to write; it must not be there yet')
    .description(
      'copy database, keys and pictures into one file, while the gateway runs; keep it safe: it holds the keys',
    )
    .action(async (file: string, options: CommonOptions) => {
      const made = await backUp(await configOf(options), fromCaller(file));
      print(`${made.pictures} pictures, ${megabytes(made.bytes)} MB written to ${file}`);
    });
  withCommon(program.command('restore'))
    .argument('<file>', 'file that gantry backup wrote')
    .description('unpack a backup into an empty data folder and verify the record')
    .action(async (file: string, options: CommonOptions) => {
      const config = await configOf(options);
      const { files, bytes } = await restore(config, fromCaller(file));
      print(`${files} files, ${megabytes(bytes)} MB restored into ${config.dataDir}`);
      const record = await openRecord(config);
      const verdict = await record.verifyAll();
      await record.close();
      const { pictures, cameras, days } = verdict;
      print(`${pictures} pictures of ${cameras.length} cameras, ${days.checked} signed days`);
      print(
        verdict.ok
          ? 'all untouched'
          : 'the record is NOT whole: gantry snapshot verify --offline tells where',
      );
      process.exitCode = verdict.ok ? 0 : 1;
    });
}

/** scripts/gantry changes the folder; paths are meant from where it was called. */
function fromCaller(path: string): string {
  return resolve(process.env['GANTRY_CALLER_DIR'] ?? process.cwd(), path);
}

function megabytes(bytes: number): string {
  return (bytes / 1_048_576).toFixed(1);
}
