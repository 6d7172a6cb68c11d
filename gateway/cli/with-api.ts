import type { Command } from 'commander';

/** Adds the options of commands that speak to a running gateway. */
export function withApi(command: Command): Command {
  return command
    .option('--url <url>', 'address of the gateway', 'http://127.0.0.1:8080')
    .option('--json', 'print JSON');
}
