import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readXlsx } from 'hucre/xlsx';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { ImportResult } from '../../../gateway/contract/camera-import.ts';
import type { LiveEvent } from '../../../gateway/contract/events.ts';
import { eventually } from '../../support/api-client.ts';
import { WebFixture } from '../../support/web-fixture.ts';

let web: WebFixture;
let headers: Record<string, string>;
let projectId: string;

beforeEach(async () => {
  web = await new WebFixture().start();
  projectId = await web.addProject('市人民医院东院区');
  headers = await web.bearer('technician', [projectId]);
});
afterEach(() => web.stop());

function send(
  body: string | Buffer | FormData,
  query = '',
  type: string | null = 'text/csv',
): Promise<Response> {
  return fetch(`${web.origin}/api/v1/cameras/import${query}`, {
    method: 'POST',
    headers: { ...headers, ...(type !== null && { 'content-type': type }) },
    body: typeof body === 'string' || body instanceof FormData ? body : new Uint8Array(body),
  });
}

async function faults(reply: Response): Promise<string[]> {
  const { rows } = (await reply.json()) as ImportResult;
  return rows.flatMap(({ errors }) => errors.map(({ cell, code }) => `${cell} ${code}`));
}

const header = '名称,项目,ONVIF 地址,RTSP 主码流,登录凭据,用户名,密码,快照计划,启用\n';

describe('importing cameras', () => {
  it('names each fault with its cell, and writes nothing', async () => {
    await web.addCamera('gate', projectId);
    await web.credentialSets.create({ name: '海康', username: 'admin', password: 'p' });
    const reply = await send(
      header +
        ',市人民医院东区,192.168.1.4,,,,,,\n' +
        'gate,市人民医院东院区,not an address!,,,,,每天三次,也许\n' +
        'c,,203.0.113.9,,大华,,,,\n' +
        'd,市人民医院东院区,192.168.1.4,rtsp://192.168.1.4/1,,,,,\n' +
        'e,市人民医院东院区,,rtsp://192.168.1.9/main,海康,admin,x,,\n' +
        'f,市人民医院东院区,192.168.1.5,,海康,,,,\n' +
        'f,市人民医院东院区,192.168.1.5:80,,,,,,否\n' +
        'g,市人民医院东院区,,,,,,,\n',
    );
    expect(reply.status).toBe(422);
    expect(reply.headers.get('content-type')).toContain('problem+json');
    const problem = (await reply.json()) as ImportResult & { code: string };
    expect(problem).toMatchObject({ code: 'import-refused', total: 8, created: 0, failed: 7 });
    expect(problem.rows.flatMap(({ errors }) => errors.map(({ cell, code }) => `${cell} ${code}`))).toEqual([
      'A2 missing',
      'B2 unknown-project',
      'C3 bad-address',
      'H3 bad-schedule',
      'I3 bad-choice',
      'B4 missing',
      'C4 address-not-allowed',
      'E4 unknown-credential-set',
      'D5 two-addresses',
      'E6 two-sign-ins',
      'D6 already-registered',
      'C8 duplicate-in-file',
      'A8 duplicate-in-file',
      'C9 no-address',
    ]);
    expect(problem.rows[0]?.errors[1]).toMatchObject({
      column: '项目',
      values: { nearest: '市人民医院东院区' },
      message: expect.stringContaining('did you mean') as string,
    });
    expect(web.cameras.all()).toHaveLength(1);
  });

  it('writes the good rows when asked to, and none in a dry run', async () => {
    const file = `${header}a,市人民医院东院区,192.168.1.4,,,admin,secret-canary,,\nb,?,192.168.1.5,,,,,,\n`;
    const dry = await send(file, '?dryRun=1');
    expect(dry.status).toBe(200);
    expect(await dry.json()).toMatchObject({ dryRun: true, total: 2, created: 0, failed: 1 });
    expect(web.cameras.all()).toHaveLength(0);
    const partial = await send(file, '?partial=1');
    const text = await partial.text();
    expect(text).not.toContain('canary');
    const result = JSON.parse(text) as ImportResult;
    expect(result).toMatchObject({ dryRun: false, total: 2, created: 1, failed: 1 });
    const [camera] = web.cameras.all();
    expect(result.rows[0]).toMatchObject({ row: 2, ok: true, cameraId: camera?.id, name: 'a' });
    expect(camera).toMatchObject({
      onvif: { xaddr: 'http://192.168.1.4/onvif/device_service', pending: true, hasPassword: true },
      rtsp: { main: '' },
      schedule: null,
      enabled: true,
    });
    expect(web.cameras.onvifAccess(camera?.id ?? '')?.password).toBe('secret-canary');
    expect(await faults(await send(file, '?partial=1'))).toEqual([
      'C2 already-registered',
      'A2 duplicate-name',
      'B3 unknown-project',
    ]);
  });

  it('takes a workbook with titles and columns of its own, as a body or in a form', async () => {
    const folder = join(import.meta.dirname, '../../fixtures/roster');
    const file = await readFile(join(folder, 'openpyxl_titled.xlsx'));
    await web.projects.patch(projectId, { externalId: 'K-17' });
    const bare = await send(file, '?dryRun=true', 'application/octet-stream');
    expect(await bare.json()).toMatchObject({ total: 2, failed: 0 });
    const form = new FormData();
    form.set('file', new Blob([new Uint8Array(file)]), '名单.xlsx');
    const reply = await send(form, '', null);
    expect(await reply.json()).toMatchObject({
      created: 2,
      rows: [{ row: 4, name: '北区裙楼' }, { row: 5 }],
    });
    const cameras = web.cameras.all();
    expect(cameras.map(({ onvif }) => onvif?.xaddr)).toEqual([
      'http://192.168.10.64/onvif/device_service',
      'http://192.168.10.65:8000/onvif/device_service',
    ]);
    expect(cameras[0]?.schedule).toMatchObject({ everyMin: 30, from: '06:30' });
  });

  it('sees only the projects of the one who imports', async () => {
    await web.addProject('别处');
    expect(await faults(await send(`${header}a,别处,192.168.1.4,,,,,,\n`))).toEqual(['B2 unknown-project']);
  });

  it('refuses what is no file of cameras in plain words', async () => {
    for (const [body, type, status] of [
      ['', 'text/csv', 400],
      ['a,b\n1,2\n', 'text/csv', 400],
      [header, 'text/csv', 400],
      ['名称,项目,name\na,b,c\n', 'text/csv', 400],
      ['{}', 'application/json', 400],
      [Buffer.alloc(9_000_000, 65), 'text/csv', 413],
    ] as const) {
      const reply = await send(body, '', type);
      expect(reply.status).toBe(status);
      expect(((await reply.json()) as { detail: string }).detail.length).toBeGreaterThan(10);
    }
  });

  it('registers 500 rows with progress for the one who imports alone', async () => {
    const events: LiveEvent[] = [];
    const strangers: LiveEvent[] = [];
    const other = await web.bearer('technician', [projectId]);
    const sockets = [
      [headers, events],
      [other, strangers],
    ] as const;
    const open = sockets.map(([auth, heard]) => {
      const socket = new WebSocket(`${web.origin.replace('http', 'ws')}/api/v1/events`, { headers: auth });
      socket.on('message', (data: Buffer) => heard.push(JSON.parse(data.toString()) as LiveEvent));
      return new Promise<WebSocket>((resolve) => socket.on('open', () => resolve(socket)));
    });
    const opened = await Promise.all(open);
    const rows = Array.from(
      { length: 500 },
      (_, n) => `c${n},市人民医院东院区,192.168.${Math.floor(n / 250)}.${(n % 250) + 1},,,admin,p,,\n`,
    );
    const startedMs = performance.now();
    const reply = await send(header + rows.join(''), '?job=mine');
    expect(await reply.json()).toMatchObject({ total: 500, created: 500, failed: 0 });
    expect(performance.now() - startedMs).toBeLessThan(10_000);
    const jobs = await eventually('the end of the job', 5000, async () => {
      const told = events.flatMap((event) => (event.type === 'job' ? [event.data] : []));
      return told.at(-1)?.['state'] === 'done' ? told : undefined;
    });
    expect(jobs.length).toBeGreaterThan(5);
    expect(jobs.every(({ id }) => id === 'mine')).toBe(true);
    expect(jobs.at(-1)).toMatchObject({ kind: 'camera-import', done: 500, total: 500 });
    expect(strangers.filter(({ type }) => type === 'job')).toEqual([]);
    for (const socket of opened) socket.terminate();
  });
});

describe('exporting cameras', () => {
  it('gives a workbook without passwords or formulas that can be imported elsewhere', async () => {
    const camera = await web.addCamera('=1+1', projectId);
    await web.cameras.patch(camera.id, { position: '@east', schedule: '*/15 7-18 * * *' });
    const reply = await web.get('/api/v1/cameras/export.xlsx', headers);
    expect(reply.headers.get('content-disposition')).toContain('attachment');
    const bytes = new Uint8Array(await reply.arrayBuffer());
    const { sheets } = await readXlsx(bytes);
    const [names, row] = sheets[0]?.rows ?? [];
    expect(names?.slice(0, 3)).toEqual(['名称', '项目', '位置']);
    expect(row?.slice(0, 5)).toEqual(["'=1+1", '市人民医院东院区', "'@east", '', 'rtsp://192.168.1.9/main']);
    expect(JSON.stringify(sheets)).not.toContain('camera-secret');
    await web.cameras.remove(camera.id);
    const again = await send(Buffer.from(bytes), '', 'application/octet-stream');
    expect(await again.json()).toMatchObject({ created: 1 });
    expect(web.cameras.all()[0]).toMatchObject({
      name: '=1+1',
      position: '@east',
      schedule: '*/15 7-18 * * *',
    });
  });

  it('leaves out what the caller may not see', async () => {
    await web.addCamera('hidden', await web.addProject('别处'));
    for (const file of ['export.xlsx', 'import-template.xlsx']) {
      const reply = await web.get(`/api/v1/cameras/${file}`, headers);
      const { sheets } = await readXlsx(new Uint8Array(await reply.arrayBuffer()));
      const text = JSON.stringify(sheets.map(({ rows }) => rows));
      expect(text).toContain('市人民医院东院区');
      expect(text).not.toMatch(/别处|hidden/);
    }
  });

  it('offers drop-downs in its template, which imports as empty', async () => {
    await web.credentialSets.create({ name: '海康', username: 'admin', password: 'canary-of-set' });
    const reply = await web.get('/api/v1/cameras/import-template.xlsx', headers);
    const bytes = new Uint8Array(await reply.arrayBuffer());
    const { sheets } = await readXlsx(bytes);
    expect(sheets[0]?.dataValidations?.map(({ range }) => range)).toEqual([
      'B2:B5001',
      'G2:G5001',
      'J2:J5001',
      'K2:K5001',
    ]);
    expect(sheets[1]?.rows[0]).toEqual(['市人民医院东院区', '海康', '默认', '是']);
    expect(JSON.stringify(sheets)).not.toContain('canary-of-set');
    expect((await send(Buffer.from(bytes), '', 'application/octet-stream')).status).toBe(400);
  });
});
