import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CameraCheck } from '../../gateway/contract/camera.ts';
import type { DiscoveredDevice } from '../../gateway/contract/discovery.ts';
import { TestNetworks } from '../support/test-networks.ts';

/** One cable: a device at 10.88.0.1, whoever asks it at 10.88.0.2. */
const nets = new TestNetworks();
const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gantry-foreign-'));
  await nets.join('cam', ['10.88.0.1/24'], 'ask', ['10.88.0.2/24']);
  for (const [name, link] of [
    ['cam', 'ask'],
    ['ask', 'cam'],
  ] as const)
    await nets.ip(await nets.namespace(name), [`route add default dev ${link}`]);
});

afterAll(async () => {
  await nets.stop();
  await rm(folder, { recursive: true, force: true });
});

async function onvifUtil(args: string[], orders = ''): Promise<string> {
  const program = await nets.start('ask', 'onvif-util', args);
  let said = '';
  program.child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  program.child.stdin.end(orders);
  await new Promise((resolve) => program.child.on('close', resolve));
  return said;
}

it('Debian’s onvif-util finds a demo camera, signs in, and reads time, profiles and stream address', async () => {
  const cache = join(root, '.cache/demo-site-fast');
  const options = ['--fast', '--base-port', '80', '--host', '10.88.0.1', '--cache', cache, '--cameras', '1'];
  const program = join(root, 'scripts/demo-site/main.ts');
  const site = await nets.start('cam', process.execPath, [program, ...options]);
  expect(await site.line()).toContain('"ready":true');
  expect(await onvifUtil(['-a'])).toMatch(/Found 1 cameras\n10\.88\.0\.1 .*Qingsha QS-4200T/);
  const orders = 'get time\nget profiles\nget rtsp\nquit\n';
  const told = await onvifUtil(['-u', 'admin', '-p', 'gantry-demo', '10.88.0.1'], orders);
  expect(told).toContain('successfully connected to host');
  expect(told).toMatch(/Time Offset: [01] seconds/);
  expect(told).toContain('profile_main');
  expect(told).toContain('rtsp://10.88.0.1:81/stream/main');
  const refused = await onvifUtil(['-u', 'admin', '-p', 'wrong', '10.88.0.1'], orders);
  expect(refused).toContain('NotAuthorized');
  site.child.kill();
}, 120_000);

/** ipycam, a virtual camera from PyPI, brings OpenCV along: 370 MB. */
if (process.env['GANTRY_SOAK']) {
  it('an ipycam, which no one here wrote, goes the whole way from search to live picture', async () => {
    const venv = join(root, '.cache/ipycam');
    await run('python3', ['-m', 'venv', venv]);
    await run(join(venv, 'bin/pip'), ['install', '-q', 'ipycam==1.3.0', 'opencv-python-headless']);
    const clip = join(folder, 'clip.mp4');
    const picture = ['-f', 'lavfi', '-i', 'testsrc=size=640x360:rate=10', '-t', '4', '-pix_fmt', 'yuv420p'];
    await run('ffmpeg', ['-v', 'error', ...picture, clip]);
    const login = { username: 'admin', password: 'gantry-pw' };
    const config = join(folder, 'ipycam.json');
    const size = { main_width: 640, main_height: 360, main_fps: 10, main_bitrate: '1M', sub_fps: 10 };
    await writeFile(config, JSON.stringify({ ...login, ...size, local_ip: '10.88.0.1' }));
    const ipycam = ['-u', '-m', 'ipycam', '--config', config, '--source', clip];
    const device = await nets.start('cam', join(venv, 'bin/python'), ipycam);
    for (let line = ''; !line.includes('IP Camera is running');) line = await device.line();
    const program = join(import.meta.dirname, '../support/device-flow.ts');
    const flow = await nets.start('ask', process.execPath, [program, JSON.stringify(login)]);
    const told = await flow.json<{ devices: DiscoveredDevice[]; check: CameraCheck; error?: string }>();
    expect(told.error).toBeUndefined();
    expect(told.devices).toMatchObject([
      { vendor: 'PythonCam', auth: 'ok', media: 'media1', credentialIndex: 0, error: null },
    ]);
    expect(told.check.ok).toBe(true);
    expect(told).toMatchObject({
      preview: 'image/jpeg',
      camera: { main: { codec: 'h264', width: 640 }, rtsp: { main: 'rtsp://10.88.0.1:8554/video_main' } },
      playlist: ['#EXT-X-MAP', '#EXT-X-PART:'],
      ptz: { ok: true, supported: true, presets: [{ token: 'home', name: 'Home' }] },
      nudge: { ok: true },
    });
    device.child.kill();
  }, 300_000);
}
