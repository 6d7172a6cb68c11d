import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { ApiClient } from '../../support/api-client.ts';
import { Chromium } from '../../e2e/browser/chromium.ts';
import { stampTimeMs } from '../load/replay-schedule.ts';
import type { CameraPhase } from '../load/replay-schedule.ts';
import { percentile } from './percentile.ts';

/** Delay from the picture's taking to its showing in the browser, over all plays; `worstP50Ms` is that of the slowest play, NaN when one showed nothing. */
export interface GlassDelay {
  frames: number;
  p50Ms: number;
  p95Ms: number;
  worstP50Ms: number;
  plays: number;
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

/**
 * Plays each camera in Chromium, over WebSocket and over LL-HLS with hls.js as it comes, and reads the number in each
 * picture. The cameras' key frames do not coincide, so that players come at other moments of the GOP.
 */
export async function glassToGlass(
  api: ApiClient,
  cameras: readonly { id: string; phase: CameraPhase }[],
  seconds: number,
): Promise<{ ws: GlassDelay; llHls: GlassDelay }> {
  const browser = await Chromium.open({ width: 1280, height: 720 }, { bypassCSP: true });
  const delays = { ws: [] as number[][], llHls: [] as number[][] };
  try {
    const [name = '', value = ''] = api.cookie.split('=');
    await browser.context.addCookies([{ name, value, url: api.url }]);
    for (const { id, phase } of cameras) {
      const ws = await play(browser, api, [scripts.reader, scripts.ws], id, seconds);
      delays.ws.push(delaysOf(ws, phase));
      const hls = await play(browser, api, [scripts.reader, scripts.hlsLibrary, scripts.hls], id, seconds);
      delays.llHls.push(delaysOf(hls, phase));
    }
    return { ws: summary(delays.ws), llHls: summary(delays.llHls) };
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

function delaysOf(sightings: readonly Sighting[], phase: CameraPhase): number[] {
  return sightings.map(([stamp, atMs]) => atMs - stampTimeMs(stamp, atMs, phase));
}

function summary(plays: readonly (readonly number[])[]): GlassDelay {
  const all = plays.flat();
  const middles = plays.map((delays) => percentile(delays, 0.5));
  return {
    frames: all.length,
    p50Ms: percentile(all, 0.5),
    p95Ms: percentile(all, 0.95),
    worstP50Ms: Math.max(...middles),
    plays: plays.length,
  };
}
