import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Camera } from '../../../gateway/contract/camera.ts';
import { ApiClient, eventually } from '../../support/api-client.ts';
import { GatewayProcess, freePort } from '../../support/gateway-process.ts';
import { Chromium, videoStates } from './chromium.ts';
import type { VideoState } from './chromium.ts';

const hlsScript = join(import.meta.dirname, '../../../node_modules/hls.js/dist/hls.min.js');
/** Where screenshots go, to be looked at. */
const shots = process.env['GANTRY_SHOTS'];

let gateway: GatewayProcess;
let desk: Chromium;
let page: Page;

beforeAll(async () => {
  gateway = await GatewayProcess.start({
    http: { port: 0 },
    mqtt: { embedded: { port: await freePort() } },
    demo: { cameras: 4, basePort: 0 },
    discovery: { interfaces: ['lo'] },
  });
  desk = await Chromium.open({ width: 1440, height: 900 });
  page = await desk.page();
}, 300_000);

afterAll(async () => {
  await desk.close();
  await gateway.remove();
});

async function shoot(target: Page, name: string): Promise<void> {
  if (shots === undefined) return;
  await mkdir(shots, { recursive: true });
  await target.screenshot({ path: join(shots, `${name}.png`) });
}

/** Two looks at the videos, two seconds apart: time and decoded frames have grown, and the picture is a picture. */
async function expectMoving(target: Page, count: number): Promise<VideoState[]> {
  const before = await eventually(`${count} videos with frames`, 40_000, async () => {
    const states = await videoStates(target);
    return states.filter(({ frames }) => frames > 5).length >= count ? states : undefined;
  });
  await target.waitForTimeout(2000);
  const after = await videoStates(target);
  expect(after.length).toBeGreaterThanOrEqual(count);
  for (const [index, now] of after.slice(0, count).entries()) {
    const then = before[index];
    expect(now.currentTime).toBeGreaterThan((then?.currentTime ?? 0) + 1);
    expect(now.frames).toBeGreaterThan((then?.frames ?? 0) + 10);
    expect(now.luma).toBeGreaterThan(15);
    expect(now.spread).toBeGreaterThan(8);
  }
  return after;
}

async function signIn(target: Page): Promise<void> {
  await target.goto(gateway.url);
  await target.getByLabel('账号').fill('admin');
  await target.getByLabel('密码', { exact: true }).fill(gateway.adminPassword);
  await target.getByRole('button', { name: '登录' }).click();
}

describe('a new technician in Chromium', () => {
  it('signs in and is led from the empty wall to the search', async () => {
    await signIn(page);
    await page.getByText('还没有摄像机').first().waitFor();
    await shoot(page, 'wall-empty');
    await page.locator('main a[href="/register"], main button').first().click();
    await page.getByText('发现设备').first().waitFor();
    await page.getByText('已找完').waitFor({ timeout: 30_000 });
    await shoot(page, 'register-discover');
    await expect(page.locator('tbody tr').count()).resolves.toBe(4);
  });

  it('registers the four cameras that the gateway found', async () => {
    const all = page.getByLabel('全选新设备');
    if (!(await all.isChecked())) await all.check();
    await page.getByRole('button', { name: /下一步/ }).click();
    await page.getByLabel('用户名').fill('admin');
    await page.getByLabel('密码', { exact: true }).fill('gantry-demo');
    await page.getByRole('button', { name: '逐台试' }).click();
    await page.getByText('4 台可用').first().waitFor({ timeout: 60_000 });
    await shoot(page, 'register-password');
    await page.getByRole('button', { name: '下一步：体检' }).click();
    await page.getByText('4 台可以接入').waitFor({ timeout: 90_000 });
    await shoot(page, 'register-check');
    await page.getByRole('button', { name: '下一步：归属' }).click();
    await page.getByLabel('项目', { exact: true }).selectOption('+');
    await page.getByLabel('项目名称').fill('市人民医院东院区');
    await page.getByLabel('县区').fill('滨江区');
    await shoot(page, 'register-assign');
    await page.getByRole('button', { name: '上线 4 台' }).click();
    await page.getByText('4 台已上线').waitFor({ timeout: 60_000 });
    await shoot(page, 'register-done');
    await page.getByRole('link', { name: '去视频墙看看' }).click();
  });

  it('sees four moving pictures on the wall, over WebSocket', async () => {
    const states = await expectMoving(page, 4);
    expect(states.map(({ width }) => width)).toEqual([640, 640, 640, 640]);
    const transports = await page.$$eval('[data-transport]', (tiles) =>
      tiles.map((tile) => tile.getAttribute('data-transport')),
    );
    expect(transports).toEqual(['ws', 'ws', 'ws', 'ws']);
    await shoot(page, 'wall');
  });

  it('opens one camera at full size and takes a picture', async () => {
    const api = new ApiClient(gateway.url);
    await api.signIn('admin', gateway.adminPassword);
    const { items } = await api.get<{ items: Camera[] }>('/api/v1/cameras');
    const camera = items.find(({ main }) => main?.codec === 'h264');
    await page.goto(`${gateway.url}/cameras/${camera?.id}`);
    const [state] = await expectMoving(page, 1);
    expect(state).toMatchObject({ width: camera?.main?.width, height: camera?.main?.height });
    await api.must('POST', `/api/v1/cameras/${camera?.id}/snapshots`);
    await page.getByText('已存 1 张').first().waitFor({ timeout: 15_000 });
    await shoot(page, 'camera');
  });

  it('opens the H.265 camera at full size, converted, since this browser plays no H.265', async () => {
    const api = new ApiClient(gateway.url);
    await api.signIn('admin', gateway.adminPassword);
    const { items } = await api.get<{ items: Camera[] }>('/api/v1/cameras');
    const camera = items.find(({ main }) => main?.codec === 'h265');
    await page.goto(`${gateway.url}/cameras/${camera?.id}`);
    const [state] = await expectMoving(page, 1);
    expect(state).toMatchObject({ width: camera?.main?.width, height: camera?.main?.height });
    expect(await page.locator('.player').first().getAttribute('data-rendition')).toBe('h264');
    expect(await page.locator('.player').first().getAttribute('data-transport')).toBe('ws');
    await shoot(page, 'camera-h265');
  });

  it('speaks English where asked, and is dark where asked', async () => {
    await page.goto(`${gateway.url}/register?lang=en`);
    await page.getByText('Find devices').first().waitFor();
    await shoot(page, 'register-en');
    await page.goto(`${gateway.url}/?lang=zh`);
    await page.getByText('视频墙').first().waitFor();
  });

  it('meets no error in the console beside pictures that are not there yet', () => {
    const unexpected = desk.complaints.filter((text) => !/status of 40[14]/.test(text));
    expect(unexpected).toEqual([]);
  });
});

describe('a leader on a phone', () => {
  it('sees the newest pictures and one tap later the live one', async () => {
    const phone = await Chromium.open({ width: 390, height: 844 }, { isMobile: true });
    try {
      const screen = await phone.page();
      await signIn(screen);
      await screen.getByText('现场画面').first().waitFor();
      await eventually('posters', 20_000, async () => {
        const loaded = await screen.$$eval(
          'main img',
          (images) => images.filter((image) => (image as HTMLImageElement).naturalWidth > 0).length,
        );
        return loaded >= 4 ? true : undefined;
      });
      await shoot(screen, 'phone-home');
      await screen.locator('main a[href^="/cameras/"]').first().click();
      await expectMoving(screen, 1);
      await shoot(screen, 'phone-camera');
    } finally {
      await phone.close();
    }
  });
});

describe('hls.js in Chromium', () => {
  it('plays the same camera from index.m3u8', async () => {
    const browser = await Chromium.open({ width: 1280, height: 720 }, { bypassCSP: true });
    try {
      const screen = await browser.page();
      await signIn(screen);
      await screen.getByText('视频墙').first().waitFor();
      const { items } = await screen.evaluate(
        async () => (await (await fetch('/api/v1/cameras')).json()) as { items: Camera[] },
      );
      const camera = items.find(({ main }) => main?.codec === 'h264');
      await screen.addScriptTag({ path: hlsScript });
      await screen.evaluate((url) => {
        document.body.innerHTML = '<video muted autoplay playsinline></video>';
        const video = document.querySelector('video');
        const Hls = (
          globalThis as unknown as {
            Hls: new (options: object) => {
              loadSource(url: string): void;
              attachMedia(video: unknown): void;
            };
          }
        ).Hls;
        const hls = new Hls({ lowLatencyMode: true });
        hls.loadSource(url);
        hls.attachMedia(video);
      }, `/live/${camera?.id}/index.m3u8`);
      // A list that has just begun is shorter than the distance that a player keeps: it waits once for it to grow.
      await eventually('two seconds of playing', 30_000, async () => {
        const [state] = await videoStates(screen);
        return (state?.currentTime ?? 0) > 2 ? true : undefined;
      });
      await expectMoving(screen, 1);
      await shoot(screen, 'hls');
    } finally {
      await browser.close();
    }
  });
});
