import { readFile, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { GatewayError, messageOf } from '../base/gateway-error.ts';
import type { Camera, CameraCheck } from '../contract/camera.ts';
import type { ImportResult } from '../contract/camera-import.ts';
import type { CredentialSet } from '../contract/credential-set.ts';
import { print } from './common-options.ts';
import { GatewayApi } from './gateway-api.ts';
import type { ApiOptions } from './gateway-api.ts';
import { withApi } from './with-api.ts';

interface CameraAddOptions extends ApiOptions {
  project: string;
  name: string;
  position: string;
  onvif?: string;
  rtsp?: string;
  rtspSub?: string;
  username: string;
  credentialSet?: string;
}

interface ImportOptions extends ApiOptions {
  dryRun?: boolean;
  partial?: boolean;
}

const path = '/api/v1/cameras';

/** `gantry camera …`: the cameras of a running gateway, with the token in GANTRY_TOKEN. */
export function addCameraCommands(program: Command): void {
  const camera = program.command('camera').description('cameras of a running gateway');
  withApi(camera.command('list'))
    .description('all cameras with their lights')
    .action(async (options: ApiOptions) => {
      const items = await new GatewayApi(options).all<Camera>(path);
      if (options.json === true) return print(items);
      for (const { id, name, light, reasons } of items) {
        print([id, light, name, ...reasons.map(({ message }) => message)].join('  '));
      }
    });
  addCameraAdd(camera);
  addCheck(camera);
  withApi(camera.command('remove').argument('<id>'))
    .description('remove a camera; its pictures are kept')
    .option('--erase-records', 'its pictures go too')
    .action(async (id: string, options: ApiOptions & { eraseRecords?: boolean }) => {
      const erased = options.eraseRecords === true;
      const query = erased ? '?records=erase' : '';
      await new GatewayApi(options).ask('DELETE', `${path}/${encodeURIComponent(id)}${query}`);
      if (options.json === true) return print({ id, removed: true, recordsErased: erased });
      print(`camera ${id} was removed; its pictures are ${erased ? 'erased' : 'kept'}`);
    });
  addImport(camera);
  addExport(camera);
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
    .option('--credential-set <name>', 'sign in with this credential set instead')
    .action(async (options: CameraAddOptions) => {
      const { project, name, position, onvif, rtsp, rtspSub } = options;
      const api = new GatewayApi(options);
      const signIn = await signInOf(api, options);
      const address = {
        ...(onvif === undefined ? {} : { onvif: { xaddr: onvif, ...signIn } }),
        ...(rtsp === undefined ? {} : { rtsp: { main: rtsp, sub: rtspSub ?? null, ...signIn } }),
      };
      const made = await api.ask<Camera>('POST', path, { name, projectId: project, position, ...address });
      print(options.json === true ? made : `${made.id}  ${made.name}`);
    });
}

async function signInOf(api: GatewayApi, { username, credentialSet }: CameraAddOptions): Promise<object> {
  if (credentialSet === undefined) return { username, password: process.env['GANTRY_CAMERA_PASSWORD'] ?? '' };
  const sets = await api.all<CredentialSet>('/api/v1/credential-sets');
  const set = sets.find(({ id, name }) => id === credentialSet || name === credentialSet);
  if (set) return { credentialSetId: set.id };
  throw new GatewayError('not-found', `there is no credential set ${credentialSet}`);
}

function addCheck(camera: Command): void {
  withApi(camera.command('check').argument('<id>'))
    .description('connect now, step by step; exit 1 when a step fails')
    .action(async (id: string, options: ApiOptions) => {
      const check = await new GatewayApi(options).ask<CameraCheck>(
        'POST',
        `${path}/${encodeURIComponent(id)}/check`,
      );
      if (options.json === true) print(check);
      else {
        for (const step of check.steps)
          print(`${step.ok ? 'ok  ' : 'FAIL'} ${step.name} ${step.ms} ms  ${step.message}`);
        for (const { message } of check.advice) print(`     ${message}`);
      }
      process.exitCode = check.ok ? 0 : 1;
    });
}

function addImport(camera: Command): void {
  withApi(camera.command('import').argument('<file>', '.xlsx or .csv as the template has it'))
    .description('register the cameras of a spreadsheet; exit 1 when a row is bad')
    .option('--dry-run', 'only look; write nothing')
    .option('--partial', 'write the good rows although others are bad')
    .action(async (file: string, options: ImportOptions) => {
      const bytes = await readFile(file).catch((error: unknown) => {
        throw new GatewayError('bad-request', `${file} cannot be read: ${messageOf(error)}`);
      });
      const { dryRun, partial } = options;
      const query = `dryRun=${dryRun === true ? 1 : 0}&partial=${partial === true ? 1 : 0}`;
      const result = await new GatewayApi(options).send<ImportResult>(
        `${path}/import?${query}`,
        bytes,
        [422],
      );
      process.exitCode = result.failed === 0 ? 0 : 1;
      if (options.json === true) return print(result);
      for (const { row, errors } of result.rows)
        for (const { cell, column, message } of errors)
          print(`row ${row}  ${cell ?? '-'}  ${column}: ${message}`);
      print(`${result.total} rows, ${result.failed} bad, ${result.created} cameras registered`);
    });
}

function addExport(camera: Command): void {
  withApi(camera.command('export').argument('<file>', 'where to write the .xlsx'))
    .description('write the cameras, without passwords, as a workbook')
    .option('--template', 'an empty workbook to fill in instead')
    .action(async (file: string, options: ApiOptions & { template?: boolean }) => {
      const name = options.template === true ? 'import-template.xlsx' : 'export.xlsx';
      const bytes = await new GatewayApi(options).download(`${path}/${name}`);
      await writeFile(file, bytes).catch((error: unknown) => {
        throw new GatewayError('bad-request', `${file} cannot be written: ${messageOf(error)}`);
      });
      print(options.json === true ? { file, bytes: bytes.length } : `${file} is written`);
    });
}
