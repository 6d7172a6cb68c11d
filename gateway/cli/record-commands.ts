import type { Command } from 'commander';
import type { Camera, CameraCheck } from '../contract/camera.ts';
import type { Snapshot } from '../contract/snapshot.ts';
import { print } from './common-options.ts';
import { GatewayApi } from './gateway-api.ts';
import type { ApiOptions } from './gateway-api.ts';
import { addVerifyCommand } from './verify-command.ts';

interface CameraAddOptions extends ApiOptions {
  project: string;
  name: string;
  position: string;
  onvif?: string;
  rtsp?: string;
  rtspSub?: string;
  username: string;
}

/** `gantry camera …` and `gantry snapshot …`: speak to a running gateway with the token in GANTRY_TOKEN. */
export function addRecordCommands(program: Command): void {
  addCameraCommands(program.command('camera').description('cameras of a running gateway'));
  addSnapshotCommands(program.command('snapshot').description('pictures of a running gateway'));
}

function withApi(command: Command): Command {
  return command
    .option('--url <url>', 'address of the gateway', 'http://127.0.0.1:8080')
    .option('--json', 'print JSON');
}

function addCameraCommands(camera: Command): void {
  withApi(camera.command('list')).action(async (options: ApiOptions) => {
    const items = await new GatewayApi(options).all<Camera>('/api/v1/cameras');
    if (options.json === true) return print(items);
    for (const { id, name, light, reasons } of items) {
      print([id, light, name, ...reasons.map(({ message }) => message)].join('  '));
    }
  });
  addCameraAdd(camera);
  withApi(camera.command('check').argument('<id>')).action(async (id: string, options: ApiOptions) => {
    const check = await new GatewayApi(options).ask<CameraCheck>(
      'POST',
      `/api/v1/cameras/${encodeURIComponent(id)}/check`,
    );
    if (options.json === true) print(check);
    else
      for (const step of check.steps)
        print(`${step.ok ? 'ok  ' : 'FAIL'} ${step.name} ${step.ms} ms  ${step.message}`);
    process.exitCode = check.ok ? 0 : 1;
  });
  withApi(camera.command('remove').argument('<id>'))
    .description('remove a camera; its pictures are kept')
    .action(async (id: string, options: ApiOptions) => {
      await new GatewayApi(options).ask('DELETE', `/api/v1/cameras/${encodeURIComponent(id)}`);
      print(`camera ${id} was removed; its pictures are kept`);
    });
}

function addCameraAdd(camera: Command): void {
  withApi(camera.command('add'))
    .description('register a camera; its password is taken from GANTRY_CAMERA_PASSWORD')
    .requiredOption('--project <id>', 'project of the camera')
    .requiredOption('--name <name>', 'name of the camera')
    .option('--position <text>', 'where it hangs', '')
    .option('--onvif <xaddr>', 'ONVIF service address')
    .option('--rtsp <url>', 'RTSP address of the main stream')
    .option('--rtsp-sub <url>', 'RTSP address of the sub stream')
    .option('--username <name>', 'user of the camera', '')
    .action(async (options: CameraAddOptions) => {
      const { project, name, position, onvif, rtsp, rtspSub, username } = options;
      const password = process.env['GANTRY_CAMERA_PASSWORD'] ?? '';
      const address = {
        ...(onvif === undefined ? {} : { onvif: { xaddr: onvif, username, password } }),
        ...(rtsp === undefined ? {} : { rtsp: { main: rtsp, sub: rtspSub ?? null, username, password } }),
      };
      const body = { name, projectId: project, position, ...address };
      const made = await new GatewayApi(options).ask<Camera>('POST', '/api/v1/cameras', body);
      print(options.json === true ? made : `${made.id}  ${made.name}`);
    });
}

function addSnapshotCommands(snapshot: Command): void {
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
