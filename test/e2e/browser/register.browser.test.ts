import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Camera } from '../../../gateway/contract/camera.ts';
import { ApiClient } from '../../support/api-client.ts';
import { GatewayProcess } from '../../support/gateway-process.ts';
import { misbehave, startSite, stateOf, stopSite } from '../../unit/demo-site/running-site.ts';
import type { RunningSite } from '../../unit/demo-site/running-site.ts';
import { Chromium } from './chromium.ts';
import { WizardDriver } from './wizard-driver.ts';

const clips = join(import.meta.dirname, '../../../.cache/demo-site-fast');
const EIGHT_HOURS_SEC = 8 * 3600;
const DESK = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
/** A camera in this place tells another password than the rest. */
const ODD = 4;
const COUNT = 6;

let site: RunningSite;
let gateway: GatewayProcess;
let api: ApiClient;
let chromium: Chromium;
let desk: WizardDriver;

beforeAll(async () => {
  site = await startSite(clips, COUNT);
  await misbehave(site, 0, { fault: 'wrongClock', offsetSec: EIGHT_HOURS_SEC });
  await misbehave(site, 1, { fault: 'wrongClock', offsetSec: -EIGHT_HOURS_SEC });
  await misbehave(site, ODD, { fault: 'wrongPassword' });
  gateway = await GatewayProcess.start({
    http: { port: 0 },
    mqtt: { embedded: { port: 0 } },
    discovery: { interfaces: ['lo'] },
  });
  api = new ApiClient(gateway.url);
  await api.signIn('admin', gateway.adminPassword);
  const technician = {
    username: 'tech',
    password: 'site-2026-tech',
    displayName: '王工',
    role: 'technician',
  };
  await api.must('POST', '/api/v1/users', technician);
  chromium = await Chromium.open(DESK);
  desk = new WizardDriver(await chromium.page(), gateway.url);
  await desk.signIn(technician.username, technician.password);
}, 300_000);

afterAll(async () => {
  await chromium.close();
  await gateway.remove();
  await stopSite(site);
});

async function cameras(): Promise<Camera[]> {
  return (await api.get<{ items: Camera[] }>('/api/v1/cameras?limit=1000')).items;
}

describe('a new technician with a box of cameras', () => {
  it('finds them with make and model, all picked', async () => {
    await desk.click(desk.page.getByRole('link', { name: '设备接入' }).first());
    await desk.searched(COUNT);
    await desk.shoot('1-discover');
    expect(await desk.page.getByLabel('全选新设备').isChecked()).toBe(true);
    expect(await desk.axe()).toEqual([]);
  });

  it('tries one password on all, and is told in plain words where it does not fit', async () => {
    await desk.click(desk.button(/下一步/));
    await desk.tryPassword('gantry-demo');
    await desk.page.getByText(`${COUNT - 1} 台可用，1 台待处理`).waitFor({ timeout: 60_000 });
    await desk.page.getByText('密码不符，还可试 2 次').waitFor();
    await desk.shoot('2-password');
    expect(await desk.axe()).toEqual([]);
  });

  it('checks the rest in parallel: clocks eight hours off are red and block', async () => {
    await desk.click(desk.button('跳过 1 台，去体检'));
    await desk.checked();
    await desk.shoot('3-check');
    await desk.page.getByText('2 台须先修正').waitFor();
    await desk.page.getByText('时钟快 8 小时').first().waitFor();
    await desk.page.getByText('时钟慢 8 小时').first().waitFor();
    expect(await desk.axe()).toEqual([]);
  });

  it('has both clocks set with one click, and measured again', async () => {
    await desk.click(desk.button('一键修正 2 项'));
    await desk.page.getByText(`${COUNT - 1} 台可以接入`).waitFor({ timeout: 120_000 });
    await desk.shoot('3-check-fixed');
    for (const index of [0, 1]) {
      const { clockMs } = await stateOf(site, index);
      expect(Math.abs(clockMs - Date.now())).toBeLessThan(5000);
    }
  });

  it('names them by pattern and sees the names as they will be', async () => {
    await desk.click(desk.button('下一步：归属'));
    await desk.newProject('东院区');
    await expect
      .poll(() => desk.page.locator('.register-assign tbody input').first().inputValue())
      .toBe('东院区-01');
    await desk.shoot('4-assign');
    expect(await desk.axe()).toEqual([]);
  });

  it('goes on after the page was loaded anew: choices are kept, the password is not', async () => {
    const stored = await desk.page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
    expect(stored).not.toContain('gantry-demo');
    await desk.page.reload();
    await desk.page.getByText('接着').waitFor();
    await desk.shoot('2-resumed');
    await desk.tryPassword('gantry-demo');
    await desk.click(desk.button(/去体检/));
    await desk.checked();
    await desk.click(desk.button('下一步：归属'));
    expect(await desk.page.getByLabel('项目名称').inputValue()).toBe('东院区');
  });

  it('goes live and sees them on the wall', async () => {
    await desk.click(desk.button(`上线 ${COUNT - 1} 台`));
    await desk.page.getByText(`${COUNT - 1} 台已上线`).waitFor({ timeout: 60_000 });
    await desk.page.locator('.register-pictures img').first().waitFor({ timeout: 30_000 });
    await desk.shoot('5-done');
    expect(await desk.axe()).toEqual([]);
    const names = (await cameras()).map(({ name }) => name).sort();
    expect(names).toEqual(['东院区-01', '东院区-02', '东院区-03', '东院区-04', '东院区-05']);
    await desk.click(desk.page.getByRole('link', { name: '去视频墙看看' }));
    await desk.page
      .locator('.player[data-state="playing"]')
      .nth(COUNT - 2)
      .waitFor({ timeout: 60_000 });
  });

  it('gave the camera with another password no more than one wrong try a click', async () => {
    const { counters } = await stateOf(site, ODD);
    expect(counters).toMatchObject({});
  });
});

describe('the same on a phone', () => {
  it('marks what is registered and does not let it be picked', async () => {
    await desk.page.setViewportSize(PHONE);
    await desk.page.goto(`${gateway.url}/register`);
    await desk.searched(COUNT);
    await desk.shoot('phone-1-discover');
    expect(await desk.page.locator('tr.known input:disabled').count()).toBe(COUNT - 1);
    expect(await desk.axe()).toEqual([]);
  });
});
