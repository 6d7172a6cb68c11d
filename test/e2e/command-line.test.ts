import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../support/api-client.ts';
import { GatewayProcess, freePort } from '../support/gateway-process.ts';
import { GstRtspCamera, gstPictures } from '../support/gst-rtsp-camera.ts';

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

let gateway: GatewayProcess;
let server: GstRtspCamera;
let api: ApiClient;
let token: string;

beforeAll(async () => {
  server = await GstRtspCamera.start(gstPictures.h264, { auth: 'digest' });
  gateway = await GatewayProcess.start({ http: { port: 0 }, mqtt: { embedded: { port: await freePort() } } });
  api = new ApiClient(gateway.url);
  await api.signIn('admin', gateway.adminPassword);
  token = (await api.must<{ secret: string }>('POST', '/api/v1/tokens', { name: 'script', role: 'admin' }))
    .secret;
}, 60_000);

afterAll(async () => {
  await gateway.remove();
  await server.stop();
});

/** Runs the real command. */
function gantry(args: readonly string[], env: Record<string, string> = {}, input = ''): Promise<Outcome> {
  const program = join(import.meta.dirname, '../../scripts/gantry');
  return new Promise((resolve) => {
    const child = execFile(
      program,
      args,
      { env: { ...process.env, ...env }, timeout: 60_000 },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
      },
    );
    child.stdin?.end(input);
  });
}

describe('gantry camera and snapshot', () => {
  it('add, list, check, take, verify and remove over the API with a token', async () => {
    const { id: projectId } = await api.must<{ id: string }>('POST', '/api/v1/projects', { name: 'cli' });
    const env = { GANTRY_TOKEN: token, GANTRY_CAMERA_PASSWORD: 'gst-pass' };
    const at = ['--url', gateway.url];
    const address = ['--rtsp', server.url, '--username', 'viewer'];
    const added = await gantry(
      ['camera', 'add', ...at, '--project', projectId, '--name', 'gate', ...address, '--json'],
      env,
    );
    expect(added).toMatchObject({ code: 0, stderr: '' });
    const { id } = JSON.parse(added.stdout) as { id: string };
    const listed = await gantry(['camera', 'list', ...at], env);
    expect(listed.stdout).toMatch(new RegExp(`^${id}  \\w+  gate`, 'm'));
    const checked = await gantry(['camera', 'check', id, ...at], env);
    expect(checked).toMatchObject({ code: 0 });
    expect(checked.stdout).toMatch(/^ok +decode/m);
    const taken = await gantry(['snapshot', 'take', id, ...at, '--json'], env);
    expect(JSON.parse(taken.stdout)).toMatchObject({ width: 1280, height: 720 });
    expect((await gantry(['snapshot', 'verify', id, ...at], env)).stdout).toBe('1 pictures, all untouched\n');
    expect((await gantry(['camera', 'remove', id, ...at], env)).code).toBe(0);
    expect((await gantry(['camera', 'list', ...at, '--json'], env)).stdout.trim()).toBe('[]');
  });

  it('brings cameras from a spreadsheet and writes them to one', async () => {
    await api.must('POST', '/api/v1/projects', { name: '医院' });
    await api.must('POST', '/api/v1/credential-sets', { name: '海康', username: 'viewer', password: 'x' });
    const env = { GANTRY_TOKEN: token };
    const at = ['--url', gateway.url];
    const folder = await mkdtemp(join(tmpdir(), 'gantry-cli-'));
    const file = join(folder, 'cameras.csv');
    const header = '名称,项目,RTSP 主码流,登录凭据\n';
    await writeFile(file, `${header}a,医院,${server.url},海康\nb,医元,${server.url}2,\n`);
    const refused = await gantry(['camera', 'import', file, ...at], env);
    expect(refused.code).toBe(1);
    expect(refused.stdout).toBe(
      'row 3  B3  项目: there is no project 医元; did you mean 医院?\n2 rows, 1 bad, 0 cameras registered\n',
    );
    const partial = await gantry(['camera', 'import', file, ...at, '--partial', '--json'], env);
    expect(partial.code).toBe(1);
    expect(JSON.parse(partial.stdout)).toMatchObject({ created: 1, rows: [{ ok: true }, { ok: false }] });
    const roster = join(folder, 'roster.xlsx');
    expect((await gantry(['camera', 'export', roster, ...at], env)).code).toBe(0);
    const again = await gantry(['camera', 'import', roster, ...at, '--dry-run'], env);
    expect(again.stdout).toContain('this address is registered as a');
    const { items } = await api.get<{ items: { id: string }[] }>('/api/v1/cameras');
    const id = items[0]?.id ?? '';
    const removed = await gantry(['camera', 'remove', id, '--erase-records', ...at, '--json'], env);
    expect(JSON.parse(removed.stdout)).toEqual({ id, removed: true, recordsErased: true });
  });

  it('verify a data folder beside the running gateway, back it up, and restore it elsewhere', async () => {
    const { id: projectId } = await api.must<{ id: string }>('POST', '/api/v1/projects', { name: 'record' });
    const body = {
      name: 'gate',
      projectId,
      rtsp: { main: server.url, username: 'viewer', password: 'gst-pass' },
    };
    const { id } = await api.must<{ id: string }>('POST', '/api/v1/cameras', body);
    await api.must('POST', `/api/v1/cameras/${id}/snapshots`);
    const data = join(gateway.folder, 'data');
    const offline = await gantry(['snapshot', 'verify', '--data', data]);
    expect(offline.stdout).toMatch(
      /pictures of \d+ cameras, 0 signed days, all untouched\nkey fingerprint [0-9a-f]{64}/,
    );
    const online = await gantry(['snapshot', 'verify', '--url', gateway.url, '--json'], {
      GANTRY_TOKEN: token,
    });
    expect(JSON.parse(online.stdout)).toMatchObject({ ok: true, days: { ok: true } });
    const reply = await fetch(`${gateway.url}/api/v1/cameras/${id}/snapshots/export.zip`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(reply.headers.get('content-type')).toBe('application/zip');
    expect(
      Buffer.from(await reply.arrayBuffer())
        .subarray(0, 2)
        .toString(),
    ).toBe('PK');

    const folder = await mkdtemp(join(tmpdir(), 'gantry-restore-'));
    const file = join(folder, 'backup.zip');
    expect(await gantry(['backup', file, '--data', data])).toMatchObject({ code: 0, stderr: '' });
    const restored = await gantry(['restore', file, '--data', join(folder, 'data')]);
    expect(restored.stdout).toMatch(/all untouched/);
    expect(restored.code).toBe(0);
    const again = await gantry(['restore', file, '--data', join(folder, 'data')]);
    expect(again).toMatchObject({ code: 1, stderr: expect.stringMatching(/is not empty/) });
    await rm(folder, { recursive: true });
  });

  it('say what is missing or wrong', async () => {
    const bare = await gantry(['camera', 'list', '--url', gateway.url], { GANTRY_TOKEN: '' });
    expect(bare.stderr).toMatch(/set GANTRY_TOKEN/);
    const unset = await gantry(['camera', 'list', '--url', 'http://127.0.0.1:1'], { GANTRY_TOKEN: token });
    expect(unset.stderr).toMatch(/no gateway answers at http:\/\/127\.0\.0\.1:1/);
    const unknown = await gantry(['snapshot', 'take', 'cam_x', '--url', gateway.url], {
      GANTRY_TOKEN: token,
    });
    expect(unknown.stderr).toMatch(/answered 404/);
  });
});

describe('gantry user, config and discover', () => {
  it('refuses to touch the data folder of a running gateway', async () => {
    const data = ['--data', join(gateway.folder, 'data')];
    const outcome = await gantry(['user', 'passwd', 'admin', ...data], {}, 'new password 1\n');
    expect(outcome).toMatchObject({ code: 1 });
    expect(outcome.stderr).toMatch(/another gateway is running/);
  });

  it('adds a user and sets a password while none runs', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gantry-cli-'));
    const added = await gantry(
      ['user', 'add', 'li.na', '--role', 'staff', '--data', folder],
      {},
      'first password\n',
    );
    expect(added.stdout).toBe('li.na was added as staff\n');
    expect((await gantry(['user', 'passwd', 'LI.NA', '--data', folder], {}, 'second password\n')).code).toBe(
      0,
    );
    const weak = await gantry(['user', 'add', 'x', '--role', 'boss', '--data', folder], {}, 'short\n');
    expect(weak.stderr).toMatch(/password: .*role: /s);
  });

  it('checks and prints the configuration without its secrets', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'gantry-cli-')), 'gantry.yaml');
    await writeFile(file, 'admin: { initialPassword: very secret }\nhttp: { port: 9 }\n');
    expect((await gantry(['config', 'check', '--config', file])).code).toBe(0);
    const printed = await gantry(['config', 'print', '--config', file]);
    expect(printed.stdout).toContain('port: 9');
    expect(printed.stdout).not.toContain('very secret');
    await writeFile(file, 'http: { prot: 9 }\n');
    expect((await gantry(['config', 'check', '--config', file])).stderr).toMatch(/http\.prot/);
  });

  it('looks for cameras on the loopback alone when told so', async () => {
    const none = await gantry(['discover', '--host', '127.0.0.1:1', '--json']);
    expect(none.code).toBe(0);
    expect(JSON.parse(none.stdout)).toMatchObject([{ address: '127.0.0.1' }]);
    const forbidden = await gantry(['discover', '--cidr', '8.8.8.0/30']);
    expect(forbidden.stderr).toMatch(/discovery\.allowedNetworks/);
  });
});
