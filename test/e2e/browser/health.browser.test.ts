import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Camera } from '../../../gateway/contract/camera.ts';
import type { HealthOverview, Light, ReasonCode } from '../../../gateway/contract/health.ts';
import type { Project } from '../../../gateway/contract/project.ts';
import { eventually } from '../../support/api-client.ts';
import { watchedSite } from '../../support/watched-site.ts';
import type { WatchedSite } from '../../support/watched-site.ts';
import { misbehave } from '../../unit/demo-site/running-site.ts';
import { axeViolations } from './axe-violations.ts';
import { Chromium } from './chromium.ts';

/** Where pictures of the page go, for people to look at; nowhere without GANTRY_SCREENS. */
const screens = process.env['GANTRY_SCREENS'];

let at: WatchedSite;
let browser: Chromium;
let page: Page;

beforeAll(async () => {
  at = await watchedSite({
    siteCameras: 2,
    config: { status: { probeIntervalSec: 5 }, ingest: { connectTimeoutSec: 2 } },
  });
  const project = { district: '章水区', unit: '市城投集团' };
  await at.api.must('PATCH', `/api/v1/projects/${at.cameras[0]?.projectId}`, project);
  await at.api.must('PATCH', `/api/v1/cameras/${at.cameras[0]?.id}`, { name: '机位 塔吊' });
  browser = await Chromium.open({ width: 1440, height: 900 });
  page = await browser.page();
  await page.goto(`${at.gateway.url}/health`);
  await page.getByLabel('账号').fill('admin');
  await page.getByLabel('密码', { exact: true }).fill(at.gateway.adminPassword);
  await page.getByRole('button', { name: '登录' }).click();
}, 180_000);

afterAll(async () => {
  await browser.close();
  await at.remove();
});

const light = (camera: Camera | undefined): Promise<string | null> =>
  page.locator(`[data-camera="${camera?.id}"]`).getAttribute('data-light');

async function becomes(camera: Camera | undefined, wanted: Light): Promise<void> {
  await eventually(`${camera?.name} ${wanted}`, 60_000, async () =>
    (await light(camera)) === wanted ? true : undefined,
  );
}

describe('the health page', () => {
  it('shows a camera go down and come back, live, with reason and what to do', async () => {
    const [victim] = at.cameras;
    await becomes(victim, 'green');
    await page.evaluate(() => Object.assign(globalThis, { notLoadedAgain: true }));
    await misbehave(at.site, 0, { fault: 'offline' });
    await becomes(victim, 'red');
    const row = page.locator(`[data-camera="${victim?.id}"]`);
    await row.getByText('连不上').waitFor();
    await row.getByText('到现场查电源').waitFor();
    expect(await page.locator('tbody tr[data-camera]').first().getAttribute('data-camera')).toBe(victim?.id);
    await page.getByRole('button', { name: '章水区' }).getByText('50.0%').waitFor();
    expect(await axeViolations(page)).toEqual([]);

    await misbehave(at.site, 0, { fault: 'none' });
    await becomes(victim, 'green');
    await row.getByText('各项正常').waitFor();
    expect(await page.evaluate(() => 'notLoadedAgain' in globalThis)).toBe(true);
  }, 180_000);

  it('opens a camera’s details by keyboard, and goes back to the list', async () => {
    await page.keyboard.press('/');
    await page.keyboard.type('机位 塔吊');
    await page.getByText('列出 1 台').waitFor({ state: 'attached' });
    await page.locator('tr[data-camera] .name button').focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: '机位 塔吊' });
    await dialog.getByText('帧率').waitFor();
    await dialog.getByRole('img', { name: '正常' }).first().waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: '显示全部' }).click();
    await page.locator('tr[data-camera]').nth(1).waitFor();
  });
});

const CAMERAS = 1000;
const LIGHTS: readonly Light[] = [
  'red',
  'yellow',
  'grey',
  'green',
  'green',
  'green',
  'green',
  'green',
  'green',
];
const REASONS: Partial<Record<Light, readonly ReasonCode[]>> = {
  red: ['unreachable', 'auth-failed', 'no-frames'],
  yellow: ['packet-loss', 'clock-drift', 'frozen', 'covered', 'blurred', 'low-fps', 'moved'],
  grey: ['maintenance', 'disabled'],
};
const DISTRICTS = ['禾川县', '云岭县', '青屏区', '章水区', '龙洲新区', '滨江区'];
const UNITS = ['市水利局', '市轨道集团', '市交通局', '市城投集团', '市教育局', '市卫健委'];
const SITES = [
  '赣江三桥',
  '云岭站',
  '禾川防洪堤',
  '医院东院区',
  '安置房 3 号地块',
  '龙洲实验学校',
  '会展中心二期',
];
const PLACES = ['北塔吊', '2 号坑西侧', '材料堆场', 'K12 上游', '1 号门', '东侧围挡', '东侧高点', '内场东侧'];

/** A city as the API would tell it, out of one real camera and project. */
function city(camera: Camera, project: Project, nowMs: number) {
  const pick = <Thing>(things: readonly Thing[], index: number) => things[index % things.length] as Thing;
  const projects = Array.from({ length: 60 }, (_, index) => ({
    ...project,
    id: `prj_${index}`,
    name: `${pick(SITES, index)}${index >= 7 ? ` ${Math.floor(index / 7)} 标段` : ''}`,
    district: pick(DISTRICTS, index * 5 + Math.floor(index / 6)),
    unit: pick(UNITS, index),
  }));
  const since = (index: number) =>
    new Date(nowMs - 60_000 * (7 + ((index * index * 37) % 9000))).toISOString();
  const cameras = Array.from({ length: CAMERAS }, (_, index) => {
    const light = index % 97 === 0 ? 'red' : pick(LIGHTS, (index * 7) % 31 === 0 ? index : 5);
    const codes = REASONS[light];
    const reasons = codes ? [{ code: pick(codes, index), since: since(index), message: '' }] : [];
    const id = index === 0 ? camera.id : `cam_${index}`;
    return {
      ...camera,
      id,
      projectId: `prj_${index % 60}`,
      name: `${pick(PLACES, index)} ${index}`,
      light,
      reasons,
    };
  });
  const items = cameras.map((each, index) => ({
    cameraId: each.id,
    light: each.light,
    since: each.reasons[0]?.since ?? since(index),
    uptime: 0.88 + ((index * 13) % 120) / 1000,
    bitrateKbps: index % 5 === 0 ? 3800 : null,
    halfHours: Array.from({ length: 48 }, (_, cell) => {
      if (each.light === 'red' && cell > 44 - (index % 20)) return 'r';
      if ((index * 31 + cell * 7) % 211 === 0) return 'y';
      return index % 41 === 3 && cell < 10 ? '-' : 'g';
    }).join(''),
    days: Array.from({ length: 30 }, (_, day) =>
      index % 17 === 2 && day < 6
        ? null
        : 1 - ((index * 7 + day * day) % 23 === 0 ? ((index + day) % 9) / 10 : 0),
    ),
  }));
  const days = Array.from({ length: 30 }, (_, day) =>
    new Date(nowMs - (29 - day) * 86_400_000).toISOString().slice(0, 10),
  );
  const overview: HealthOverview = { at: new Date(nowMs).toISOString(), days, items };
  return { projects, cameras, overview };
}

async function openCity(): Promise<void> {
  const [camera] = at.cameras;
  if (!camera) throw new Error('no camera');
  const project = await at.api.get<Project>(`/api/v1/projects/${camera.projectId}`);
  const told = city(await at.api.get<Camera>(`/api/v1/cameras/${camera.id}`), project, Date.now());
  const list = (items: unknown[]) => ({ json: { items, nextCursor: null } });
  await page.route('**/api/v1/cameras?*', (route) => route.fulfill(list(told.cameras)));
  await page.route('**/api/v1/projects?*', (route) => route.fulfill(list(told.projects)));
  await page.route('**/api/v1/health/overview?*', (route) => route.fulfill({ json: told.overview }));
  await page.route('**/live/cam_*/poster.jpg', async (route) => {
    const response = await route.fetch({ url: `${at.gateway.url}/live/${camera.id}/poster.jpg` });
    await route.fulfill({ response });
  });
}

describe(`a city of ${CAMERAS} cameras`, () => {
  it('draws the rows near the screen alone, and all of them when one goes there', async () => {
    await openCity();
    await page.goto(`${at.gateway.url}/health`);
    await page.getByText(`全部 ${CAMERAS}`).waitFor();
    const rows = page.locator('tbody tr[data-camera]');
    await rows.first().waitFor();
    expect(await rows.count()).toBeLessThan(60);
    await page.locator('.health').evaluate((list) => list.scrollTo(0, list.scrollHeight));
    await page.locator(`tr[aria-rowindex="${CAMERAS + 1}"]`).waitFor();
    expect(await rows.count()).toBeLessThan(60);
  }, 60_000);

  it('fits a narrow phone in English', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto(`${at.gateway.url}/health?lang=en&theme=dark`);
    await page.getByText(`All ${CAMERAS}`).waitFor();
    await page.locator('.health-cards li').first().waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await page.locator('.health-cards li').nth(40).waitFor({ state: 'detached' });
    expect(await axeViolations(page)).toEqual([]);
  }, 60_000);

  if (screens !== undefined) {
    it('shows itself in both languages, light and dark, on desk and phone', async () => {
      for (const [name, width, height] of [
        ['desk', 1440, 900],
        ['phone', 390, 844],
        ['large', 3840, 2160],
      ] as const) {
        await page.setViewportSize({ width, height });
        for (const lang of ['zh', 'en']) {
          for (const theme of ['light', 'dark']) {
            await page.goto(`${at.gateway.url}/health?lang=${lang}&theme=${theme}`);
            await page.locator('[data-camera]').first().waitFor();
            await page.waitForTimeout(2500);
            await page.screenshot({ path: `${screens}/health-${name}-${lang}-${theme}.png` });
          }
        }
        if (name === 'large') continue;
        await page.locator(`[data-camera="${at.cameras[0]?.id}"] button`).first().click();
        await page.waitForTimeout(1000);
        await page.screenshot({ path: `${screens}/health-${name}-detail.png` });
      }
    }, 240_000);
  }
});
