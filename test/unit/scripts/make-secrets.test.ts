import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSecrets } from '../../../scripts/make-secrets.ts';
import { canConnect, freePort, until } from '../telemetry/mosquitto.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../../..');

let folder: string;
let secrets: string;
let port: number;
let broker: ReturnType<typeof spawn>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gantry-deploy-'));
  secrets = join(folder, 'secrets');
  await makeSecrets(secrets);
  port = await freePort();
  // The broker of docker-compose.yml with its own configuration; only places and port are those of this machine.
  const text = await readFile(join(root, 'config/deploy/mosquitto.conf'), 'utf8');
  const here = text
    .replace('listener 1883', `listener ${port} 127.0.0.1\nuser root`)
    .replace('/run/secrets', secrets)
    .replace('/mosquitto/config/acl', join(root, 'config/deploy/mosquitto.acl'))
    .replace('/mosquitto/data/', `${folder}/`);
  await writeFile(join(folder, 'mosquitto.conf'), here);
  broker = spawn('/usr/sbin/mosquitto', ['-c', join(folder, 'mosquitto.conf')], { stdio: 'ignore' });
  await until('the broker listens', () => canConnect(port));
});

afterAll(async () => {
  broker.kill();
  await once(broker, 'exit');
  await rm(folder, { recursive: true });
});

const secret = (name: string) => readFile(join(secrets, name), 'utf8');

async function signIn(user: string): Promise<string[]> {
  return ['-u', user, '-P', await secret(`mqtt-${user}-password`)];
}

/** Leaves a retained message as `user`, and tells whether the gateway's own user finds it there. */
async function arrives(user: string, topic: string): Promise<boolean> {
  const address = ['-h', '127.0.0.1', '-p', String(port), '-V', '5'];
  const message = `${user} ${topic}`;
  await run('mosquitto_pub', [
    ...address,
    ...(await signIn(user)),
    '-q',
    '1',
    '-r',
    '-t',
    topic,
    '-m',
    message,
  ]).catch(() => undefined);
  const reader = await signIn(topic.startsWith('gantry/') ? 'gateway' : 'tracker');
  const { stdout } = await run('mosquitto_sub', [
    ...address,
    ...reader,
    '-t',
    topic,
    '-C',
    '1',
    '-W',
    '1',
  ]).catch(() => ({ stdout: '' }));
  return stdout.trim() === message;
}

describe('the secrets and the broker of docker-compose.yml', () => {
  it('lets each user sign in with the password that was written for it, and nobody else', async () => {
    const probe = ['-h', '127.0.0.1', '-p', String(port), '-t', 'tracker/replies/probe', '-m', 'x'];
    await expect(run('mosquitto_pub', [...probe, ...(await signIn('tracker'))])).resolves.toBeDefined();
    await expect(run('mosquitto_pub', [...probe, '-u', 'tracker', '-P', 'wrong'])).rejects.toThrow();
    await expect(run('mosquitto_pub', probe)).rejects.toThrow();
  });

  it.each([
    ['gateway', 'gantry/gantry-1/status', true],
    ['gateway', 'tracker/replies/7', true],
    ['tracker', 'gantry/gantry-1/tracker/projects/P-1', true],
    ['tracker', 'gantry/gantry-1/cameras/cam_1/command', true],
    ['tracker', 'gantry/gantry-1/cameras/cam_1/health', false],
    ['tracker', 'gantry/gantry-1/evidence/2026-11-24', false],
  ])('%s writing to %s: %s', async (user, topic, permitted) => {
    expect(await arrives(user, topic)).toBe(permitted);
  });

  it('keeps other users of the machine out, and never writes over passwords in use', async () => {
    expect((await stat(secrets)).mode & 0o777).toBe(0o700);
    const before = await secret('admin-password');
    await expect(makeSecrets(secrets)).rejects.toThrow('is there already');
    expect(await secret('admin-password')).toBe(before);
  });

  it.each([[[]], [['--profile', 'tls']]])('are what docker-compose.yml reads (%j)', async (options) => {
    const { stdout } = await run('docker-compose', [...options, 'config', '--services'], { cwd: root });
    expect(stdout.split('\n')).toContain('gantry');
  });
});
