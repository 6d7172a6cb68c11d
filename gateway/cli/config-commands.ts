import type { Command } from 'commander';
import { stringify } from 'yaml';
import { configOf, print, withCommon } from './common-options.ts';
import type { CommonOptions } from './common-options.ts';

/** `gantry config check|print`. */
export function addConfigCommands(program: Command): void {
  const config = program.command('config').description('the configuration');
  withCommon(config.command('check'))
    .description('check it and say what is wrong')
    .action(async (options: CommonOptions) => {
      await configOf(options);
      print('the configuration is valid');
    });
  withCommon(config.command('print'))
    .description('print it with all defaults; secrets are masked')
    .action(async (options: CommonOptions) => {
      const masked = JSON.stringify(await configOf(options), (key, value: unknown) =>
        /^key$|password/i.test(key) && typeof value === 'string' ? '********' : value,
      );
      print(stringify(JSON.parse(masked)).trimEnd());
    });
}
