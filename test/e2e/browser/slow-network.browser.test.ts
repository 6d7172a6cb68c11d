import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/api-client.ts';
import { registeredSite } from '../../support/registered-site.ts';
import type { RegisteredSite } from '../../support/registered-site.ts';
import { ThrottledProxy } from '../../support/throttled-proxy.ts';
import { Chromium, videoStates } from './chromium.ts';

let site: RegisteredSite;
let proxy: ThrottledProxy;
let desk: Chromium;
let page: Page;

beforeAll(async () => {
  site = await registeredSite(1);
  // The protocol's own throttling does not reach WebSockets; a narrow way through TCP does.
  proxy = await new ThrottledProxy(site.gateway.url).start();
  desk = await Chromium.open({ width: 1440, height: 900 });
  page = await desk.page();
  await page.goto(proxy.origin);
  await page.getByLabel('账号').fill('admin');
  await page.getByLabel('密码', { exact: true }).fill(site.gateway.adminPassword);
  await page.getByRole('button', { name: '登录' }).click();
  await page.getByText('视频墙').first().waitFor();
}, 120_000);

afterAll(async () => {
  await desk.close();
  await proxy.stop();
  await site.gateway.remove();
});

function plays(rendition: 'main' | 'sub', withinMs: number): Promise<true> {
  return eventually(`the ${rendition} stream`, withinMs, async () => {
    const player = page.locator(`.player[data-rendition="${rendition}"][data-state="playing"]`);
    return (await player.count()) === 1 ? true : undefined;
  });
}

/** Seconds of video in `sec` seconds. */
async function played(sec: number): Promise<number> {
  const [before] = await videoStates(page);
  await page.waitForTimeout(sec * 1000);
  const [after] = await videoStates(page);
  return (after?.currentTime ?? 0) - (before?.currentTime ?? 0);
}

describe('a large picture over a network that gets narrow', () => {
  it('moves to the sub stream, which goes on in real time', async () => {
    await page.goto(`${proxy.origin}/cameras/${site.cameras[0]?.id}`);
    await plays('main', 20_000);
    expect(await played(3)).toBeGreaterThan(2);
    proxy.kbps = 1000;
    await plays('sub', 30_000);
    await page.getByText('网络慢，已转流畅').waitFor();
    // What was under way of the main stream still has to pass.
    await eventually('the sub stream near now', 20_000, async () =>
      (await played(2)) > 1.5 ? true : undefined,
    );
    expect(await played(8)).toBeGreaterThan(6.5);
  }, 120_000);

  it('stays there while a download shows that the main stream would not fit', async () => {
    await page.waitForTimeout(25_000);
    expect(await page.locator('.player[data-rendition="sub"][data-state="playing"]').count()).toBe(1);
  }, 60_000);

  it('returns by itself once the network is wide again', async () => {
    proxy.kbps = Infinity;
    await plays('main', 100_000);
    expect(await played(3)).toBeGreaterThan(2);
  }, 120_000);

  it('stays where the person pinned it, also after the page is opened anew', async () => {
    await page.getByRole('button', { name: '流畅' }).click();
    await plays('sub', 20_000);
    await page.reload();
    await plays('sub', 20_000);
    await page.getByRole('button', { name: '自动' }).click();
    await plays('main', 20_000);
  }, 90_000);
});
