import type { Command } from 'commander';
import type { Snapshot } from '../contract/snapshot.ts';
import { print } from './common-options.ts';
import { GatewayApi } from './gateway-api.ts';
import type { ApiOptions } from './gateway-api.ts';
import { addVerifyCommand } from './verify-command.ts';
import { withApi } from './with-api.ts';

/** `gantry snapshot …`: speaks to a running gateway with the token in GANTRY_TOKEN. */
export function addSnapshotCommands(program: Command): void {
  const snapshot = program.command('snapshot').description('pictures of a running gateway');
  withApi(snapshot.command('take').argument('<cameraId>')).action(async (id: string, options: ApiOptions) => {
    const path = `/api/v1/cameras/${encodeURIComponent(id)}/snapshots`;
    const taken = await new GatewayApi(options).ask<Snapshot>('POST', path);
    print(
      options.json === true
        ? taken
        : `${taken.id}  ${taken.takenAt}  ${taken.width}×${taken.height}  ${taken.sha256}`,
    );
  });
  addVerifyCommand(snapshot);
}
