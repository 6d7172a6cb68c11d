import type { Page, WebSocket } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/api-client.ts';
import { registeredSite } from '../../support/registered-site.ts';
import type { RegisteredSite } from '../../support/registered-site.ts';
import { Chromium, videoStates } from './chromium.ts';

/** How long no tile may stall; two minutes where GANTRY_SOAK is set. */
const STEADY_SEC = process.env['GANTRY_SOAK'] ? 120 : 30;
const LOOK_SEC = 5;

let site: RegisteredSite;
let desk: Chromium;
let page: Page;
const sockets: WebSocket[] = [];

beforeAll(async () => {
  site = await registeredSite(4, 3);
  desk = await Chromium.open({ width: 1440, height: 900 });
  page = await desk.page();
  page.on('websocket', (socket) => sockets.push(socket));
  await page.goto(site.gateway.url);
  await page.getByLabel('账号').fill('admin');
  await page.getByLabel('密码', { exact: true }).fill(site.gateway.adminPassword);
  await page.getByRole('button', { name: '登录' }).click();
}, 180_000);

afterAll(async () => {
  await desk.close();
  await site.gateway.remove();
});

const live = (): WebSocket[] => sockets.filter((socket) => socket.url().includes('/live/'));

async function times(): Promise<number[]> {
  return (await videoStates(page)).map(({ currentTime }) => currentTime);
}

describe('a wall of sixteen pictures', () => {
  it('comes over one WebSocket', async () => {
    await eventually('sixteen playing tiles', 60_000, async () => {
      const playing = await page.locator('.player[data-state="playing"]').count();
      return playing === 16 ? true : undefined;
    });
    expect(live().map((socket) => new URL(socket.url()).pathname)).toEqual(['/live/ws']);
  }, 90_000);

  it(`stays steady for ${STEADY_SEC} s`, async () => {
    let before = await times();
    for (let gone = 0; gone < STEADY_SEC; gone += LOOK_SEC) {
      await page.waitForTimeout(LOOK_SEC * 1000);
      const after = await times();
      const moved = after.map((time, tile) => time - (before[tile] ?? 0));
      expect(Math.min(...moved)).toBeGreaterThan(LOOK_SEC / 2);
      before = after;
    }
    expect(live().filter((socket) => !socket.isClosed())).toHaveLength(1);
    await expect(page.locator('.player[data-state="playing"]').count()).resolves.toBe(16);
  }, 240_000);

  it('lets go of its cameras when another page opens', async () => {
    await page.locator('.wall-tile').first().dblclick();
    await page.waitForURL(/cameras/);
    await eventually('the wall’s socket closed', 10_000, async () => {
      const open = live().filter((socket) => !socket.isClosed());
      return open.every((socket) => !socket.url().endsWith('/live/ws')) ? true : undefined;
    });
  });
});
