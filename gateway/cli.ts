import { Command } from 'commander';
import { isGatewayError, messageOf } from './base/gateway-error.ts';
import { addCameraCommands } from './cli/camera-commands.ts';
import { addBackupCommands } from './cli/backup-commands.ts';
import { addConfigCommands } from './cli/config-commands.ts';
import { addDiscoverCommand } from './cli/discover-command.ts';
import { addServeCommand } from './cli/serve-command.ts';
import { addSnapshotCommands } from './cli/snapshot-commands.ts';
import { addTrackerSimCommand } from './cli/tracker-sim-command.ts';
import { addUserCommands } from './cli/user-commands.ts';
import { version } from './version.ts';

function fail(error: unknown): never {
  const fault = error instanceof Error ? error.stack : String(error);
  process.stderr.write(`gantry: ${isGatewayError(error) ? `${error.message} (${error.code})` : fault}\n`);
  process.exit(1);
}

process.on('unhandledRejection', (reason) => {
  process.stderr.write(`gantry: unexpected: ${messageOf(reason)}\n`);
});

const program = new Command('gantry')
  .description('Gantry, the video gateway of construction sites')
  .version(version);
addServeCommand(program, fail);
addDiscoverCommand(program);
addCameraCommands(program);
addSnapshotCommands(program);
addUserCommands(program);
addBackupCommands(program);
addConfigCommands(program);
addTrackerSimCommand(program);
await program.parseAsync().catch(fail);
