import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { openRecord } from '../open-record.ts';
import { GatewayError } from '../base/gateway-error.ts';
import type { RecordVerdict } from '../contract/evidence.ts';
import type { ChainVerdict } from '../contract/snapshot.ts';
import { configOf, print } from './common-options.ts';
import { GatewayApi } from './gateway-api.ts';

interface VerifyOptions {
  url: string;
  json?: boolean;
  offline?: boolean;
  config?: string;
  data?: string;
  key?: string;
  roots?: string;
}

/** `gantry snapshot verify`: over the API of a running gateway, or on a data folder. Exit 1 when anything was changed. */
export function addVerifyCommand(snapshot: Command): void {
  snapshot
    .command('verify')
    .argument('[cameraId]', 'this camera only')
    .description(
      'find any picture or row that was changed, removed, put in or moved; exit 1 when there is one',
    )
    .option('--url <url>', 'address of the gateway', 'http://127.0.0.1:8080')
    .option('--json', 'print JSON')
    .option('--offline', 'read the data folder itself; no gateway needs to run')
    .option('--data <dir>', 'data folder to read (offline)')
    .option('--config <file>', 'configuration file (offline)')
    .option('--key <file>', 'public key (PEM) that the gateway published, to compare (offline)')
    .option('--roots <file>', 'roots kept elsewhere: JSON {"2026-11-23":"root", …} (offline)')
    .action(async (cameraId: string | undefined, options: VerifyOptions) => {
      const isOffline = options.offline === true || options.data !== undefined;
      const ok = isOffline ? await verifyFolder(cameraId, options) : await verifyOnline(cameraId, options);
      process.exitCode = ok ? 0 : 1;
    });
}

async function verifyOnline(cameraId: string | undefined, options: VerifyOptions): Promise<boolean> {
  const api = new GatewayApi(options);
  if (cameraId === undefined)
    return tellRecord(await api.ask<RecordVerdict>('GET', '/api/v1/evidence/verify'), options);
  const path = `/api/v1/cameras/${encodeURIComponent(cameraId)}/snapshots/verify`;
  return tellCamera(await api.ask<ChainVerdict>('GET', path), options);
}

async function verifyFolder(cameraId: string | undefined, options: VerifyOptions): Promise<boolean> {
  const record = await openRecord(await configOf(options));
  try {
    const publicKey = options.key === undefined ? undefined : await readFile(options.key, 'utf8');
    if (publicKey !== undefined) record.requireKey(publicKey);
    if (cameraId !== undefined) return tellCamera(await record.verify(cameraId), options);
    const published =
      options.roots === undefined ? undefined : rootsOf(await readFile(options.roots, 'utf8'));
    return tellRecord(await record.verifyAll(published), options);
  } finally {
    await record.close();
  }
}

function tellCamera(verdict: ChainVerdict, options: VerifyOptions): boolean {
  if (options.json === true) print(verdict);
  else print(verdict.ok ? `${verdict.checked} pictures, all untouched` : brokenText(verdict));
  return verdict.ok;
}

function tellRecord(verdict: RecordVerdict, options: VerifyOptions): boolean {
  if (options.json === true) {
    print(verdict);
    return verdict.ok;
  }
  const { cameras, days, pictures, keyId, ok } = verdict;
  for (const camera of cameras) if (!camera.ok) print(`camera ${camera.cameraId}: ${brokenText(camera)}`);
  if (!days.ok) print(`signed day ${days.firstBadDate}: ${days.reason}`);
  const whole = `${pictures} pictures of ${cameras.length} cameras, ${days.checked} signed days`;
  print(ok ? `${whole}, all untouched` : `${whole} read; the record was CHANGED`);
  print(`key fingerprint ${keyId} (compare it with the published one)`);
  return ok;
}

function brokenText({ firstBadId, reason }: ChainVerdict): string {
  return `broken at ${firstBadId ?? 'the end'}: ${reason}`;
}

function rootsOf(text: string): Map<string, string> {
  const roots: unknown = JSON.parse(text);
  const entries = typeof roots === 'object' && roots !== null ? Object.entries(roots) : [];
  const isRoot = ([date, root]: [string, unknown]): boolean =>
    /^\d{4}-\d\d-\d\d$/.test(date) && typeof root === 'string';
  if (entries.length > 0 && entries.every(isRoot)) return new Map(entries as [string, string][]);
  throw new GatewayError('bad-request', 'the file of roots must be JSON of the form {"2026-11-23":"root"}');
}
