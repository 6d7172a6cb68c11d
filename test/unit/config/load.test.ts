import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configDocuments } from '../../../config/config-documents.ts';
import { configKeys } from '../../../config/config-keys.ts';
import { loadConfig, readSecret } from '../../../config/load.ts';
import { configSchema } from '../../../config/schema.ts';

async function file(text: string): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'gantry-config-')), 'gantry.yaml');
  await writeFile(path, text);
  return path;
}

describe('loadConfig', () => {
  it('has the defaults of the contract without a file', async () => {
    const config = await loadConfig({ env: {} });
    expect(config.http).toMatchObject({ port: 8080, host: '127.0.0.1' });
    expect(config).toMatchObject({ dataDir: './data', gateway: { id: 'gantry-1' }, demo: { cameras: 0 } });
    expect(config.mqtt).toMatchObject({ embedded: { port: 1883 } });
    expect(config.mqtt.url).toBeUndefined();
    expect(config.ingest.mode).toBe('onDemand');
  });

  it('takes the file, before it the environment, before both the command line, and last the fallbacks', async () => {
    const config = await loadConfig({
      file: await file('http: { port: 8081, host: 0.0.0.0 }\ngateway: { id: site-a }\n'),
      env: { GANTRY_HTTP_PORT: '8082', GANTRY_GATEWAY_ID: '7' },
      overrides: { 'http.port': 8083, dataDir: undefined },
      fallbacks: { 'http.host': '127.0.0.2', 'demo.cameras': 4 },
    });
    expect(config.http).toMatchObject({ port: 8083, host: '0.0.0.0' });
    expect(config.gateway.id).toBe('7');
    expect(config.demo.cameras).toBe(4);
  });

  it('reads lists, cron schedules and parts of a schedule from the environment', async () => {
    const env = {
      GANTRY_DISCOVERY_INTERFACES: 'lo, eth1',
      GANTRY_DISCOVERY_ALLOWED_NETWORKS: '[10.0.0.0/8]',
      GANTRY_SNAPSHOTS_SCHEDULE: '*/5 7-18 * * *',
      GANTRY_INGEST_IDLE_TIMEOUT_SEC: '5',
    };
    const config = await loadConfig({ env });
    expect(config.discovery).toMatchObject({ interfaces: ['lo', 'eth1'], allowedNetworks: ['10.0.0.0/8'] });
    expect(config.snapshots.schedule).toBe('*/5 7-18 * * *');
    expect(config.ingest.idleTimeoutSec).toBe(5);
    const parts = await loadConfig({ env: { GANTRY_SNAPSHOTS_SCHEDULE_EVERY_MIN: '1' } });
    expect(parts.snapshots.schedule).toMatchObject({ everyMin: 1, from: '00:00', to: '00:00' });
  });

  it.each([
    ['http: { prot: 1 }', /unknown key http\.prot/],
    ['htpp: {}', /unknown key htpp/],
    ['http: { port: many }', /http\.port/],
    ['discovery: { interfaces: lo }', /discovery\.interfaces/],
    ['a: [', /not valid YAML/],
    ['just text', /keys and values/],
    ['mqtt: { url: "http://broker" }', /mqtt\.url/],
  ])('refuses %j naming the key', async (text, message) => {
    await expect(loadConfig({ file: await file(text), env: {} })).rejects.toThrow(message);
  });

  it('says so when the file that was asked for is not there', async () => {
    await expect(loadConfig({ file: '/nowhere/gantry.yaml', env: {} })).rejects.toThrow(
      /\/nowhere\/gantry\.yaml/,
    );
  });

  it('reads a secret from its file, by file or environment', async () => {
    const path = await file('s3cret pass\n');
    expect(await readSecret({ file: path })).toBe('s3cret pass');
    expect(await readSecret('plain')).toBe('plain');
    const config = await loadConfig({ env: { GANTRY_ADMIN_INITIAL_PASSWORD_FILE: path } });
    expect(config.admin.initialPassword).toEqual({ file: path });
    await expect(readSecret({ file: '/nowhere' })).rejects.toThrow(/secret file \/nowhere/);
  });
});

describe('the generated documents', () => {
  it('describe every key', () => {
    for (const key of configKeys()) expect(key.description, key.path).not.toBe('');
  });

  it('give an example that is the defaults themselves', async () => {
    const example = configDocuments().get('gantry.example.yaml') ?? '';
    const [, , ...lines] = example.split('\n');
    const uncommented = lines.map((line) => line.replace(/^# /, '')).join('\n');
    expect(uncommented).toContain('port: 8080');
    const config = await loadConfig({ file: await file(uncommented), env: {} });
    expect(config).toEqual(configSchema.parse({}));
  });

  it('are fresh on disk', async () => {
    for (const [name, text] of configDocuments()) {
      expect(await readFile(new URL(`../../../config/${name}`, import.meta.url), 'utf8'), name).toBe(text);
    }
  });
});
