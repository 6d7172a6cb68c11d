import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ShareCreated } from '../../../gateway/contract/share.ts';
import type { Snapshot } from '../../../gateway/contract/snapshot.ts';
import { eventually } from '../../support/api-client.ts';
import { watchedSite } from '../../support/watched-site.ts';
import type { WatchedSite } from '../../support/watched-site.ts';
import { Chromium } from './chromium.ts';

let at: WatchedSite;
let browser: Chromium;
/** Where pictures of the pages go, for people to look at; nowhere without GANTRY_SCREENS. */
const screens = process.env['GANTRY_SCREENS'];

beforeAll(async () => {
  at = await watchedSite({ siteCameras: 2, codec: 'h264' });
  browser = await Chromium.open({ width: 1440, height: 900 });
}, 180_000);
afterAll(async () => {
  await browser.close();
  await at.remove();
});

async function share(target: object): Promise<ShareCreated> {
  const expiresAt = new Date(Date.now() + 2 * 86_400_000).toISOString();
  return at.api.must<ShareCreated>('POST', '/api/v1/shares', { target, expiresAt });
}

async function shot(page: Awaited<ReturnType<Chromium['page']>>, name: string): Promise<void> {
  if (screens === undefined) return;
  await page.screenshot({ path: `${screens}/${name}-desk.png` });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.waitForTimeout(1500);
  await page.screenshot({ path: `${screens}/${name}-phone.png` });
  await page.setViewportSize({ width: 1440, height: 900 });
}

describe('the page behind a share link', () => {
  it('plays one camera for whoever is not signed in, and ends when the link is revoked', async () => {
    const link = await share({ kind: 'live', cameraId: at.cameras[0]?.id });
    const page = await browser.page();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    page.on('websocket', (socket) => asked.push(new URL(socket.url()).pathname));
    await page.goto(link.url);
    await page.locator('.player[data-state="playing"]').waitFor({ timeout: 40_000 });
    await expect(page.getByRole('heading').textContent()).resolves.toContain('机位 1');
    await shot(page, 'live');
    expect(asked.filter((path) => /^\/(?:api|live)\//.test(path))).toEqual([]);
    expect(asked.some((path) => path.endsWith('/ws'))).toBe(true);
    const width = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(width).toBeLessThanOrEqual(0);
    await at.api.must('DELETE', `/api/v1/shares/${link.id}`);
    await page.getByText('这个链接已经打不开').waitFor({ timeout: 20_000 });
    await shot(page, 'ended');
    await page.close();
  }, 90_000);

  it('compares two pictures by a bar that the keyboard moves', async () => {
    const take = () => at.api.must<Snapshot>('POST', `/api/v1/cameras/${at.cameras[0]?.id}/snapshots`);
    const [left, right] = [await take(), await take()];
    const link = await share({ kind: 'pair', leftId: left.id, rightId: right.id });
    const page = await browser.page();
    await page.goto(link.url);
    await eventually('both pictures', 20_000, async () => {
      const loaded = await page.evaluate(
        () => [...document.images].filter((image) => image.naturalWidth > 0).length,
      );
      return loaded === 2 ? true : undefined;
    });
    await page.getByRole('slider').focus();
    for (let step = 0; step < 20; step += 1) await page.keyboard.press('ArrowRight');
    const bar = await page
      .locator('.share-compare')
      .evaluate((element) => element.style.getPropertyValue('--part'));
    expect(bar).toBe('60%');
    const [over, under] = await page
      .locator('.share-compare img')
      .evaluateAll((images) => images.map((image) => JSON.stringify(image.getBoundingClientRect())));
    expect(over).toBe(under);
    await shot(page, 'pair');
    await page.close();
    expect(browser.complaints.filter((text) => !/404|WebSocket/.test(text))).toEqual([]);
  }, 90_000);
});
