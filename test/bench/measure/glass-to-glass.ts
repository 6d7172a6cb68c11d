import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { ApiClient } from '../../support/api-client.ts';
import { Chromium } from '../../e2e/browser/chromium.ts';
import { stampTimeMs } from '../load/replay-schedule.ts';
import type { CameraPhase } from '../load/replay-schedule.ts';
import { percentile } from './percentile.ts';

/** Delay from the picture's taking to its showing in the browser. */
export interface GlassDelay {
  frames: number;
  p50Ms: number;
  p95Ms: number;
}

const root = join(import.meta.dirname, '../../..');
const scripts = {
  reader: join(import.meta.dirname, 'page/stamp-reader.js'),
  ws: join(import.meta.dirname, 'page/play-ws.js'),
  hlsLibrary: join(root, 'node_modules/hls.js/dist/hls.light.min.js'),
  hls: join(import.meta.dirname, 'page/play-hls.js'),
};
/** Players settle on their delay meanwhile. */
const SETTLE_MS = 6000;

/** Plays one camera in Chromium, first over WebSocket, then over LL-HLS with hls.js, and reads the number in each picture. */
export async function glassToGlass(
  api: ApiClient,
  cameraId: string,
  phase: CameraPhase,
  seconds: number,
): Promise<{ ws: GlassDelay; llHls: GlassDelay }> {
  const browser = await Chromium.open({ width: 1280, height: 720 }, { bypassCSP: true });
  try {
    const [name = '', value = ''] = api.cookie.split('=');
    await browser.context.addCookies([{ name, value, url: api.url }]);
    const ws = await play(browser, api, [scripts.reader, scripts.ws], cameraId, seconds);
    const llHls = await play(
      browser,
      api,
      [scripts.reader, scripts.hlsLibrary, scripts.hls],
      cameraId,
      seconds,
    );
    return { ws: delayOf(ws, phase), llHls: delayOf(llHls, phase) };
  } finally {
    await browser.close();
  }
}

/** A picture's number and the time at which the page saw it. */
type Sighting = [stamp: number, atMs: number];

async function play(
  browser: Chromium,
  api: ApiClient,
  files: readonly string[],
  cameraId: string,
  seconds: number,
): Promise<Sighting[]> {
  const page = await browser.page();
  await page.goto(`${api.url}/healthz`);
  await page.setContent('<video muted playsinline width="1280"></video>');
  for (const path of files) await page.addScriptTag({ path });
  await page.evaluate(`void play('/live/${cameraId}/main/')`);
  await page.waitForTimeout(SETTLE_MS);
  await page.evaluate('sightings.length = 0');
  await page.waitForTimeout(seconds * 1000);
  return sightingsOf(page);
}

async function sightingsOf(page: Page): Promise<Sighting[]> {
  const sightings = await page.evaluate<Sighting[]>('sightings');
  await page.close();
  return sightings;
}

function delayOf(sightings: readonly Sighting[], phase: CameraPhase): GlassDelay {
  const delaysMs = sightings.map(([stamp, atMs]) => atMs - stampTimeMs(stamp, atMs, phase));
  return { frames: delaysMs.length, p50Ms: percentile(delaysMs, 0.5), p95Ms: percentile(delaysMs, 0.95) };
}
