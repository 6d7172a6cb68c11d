import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { BrowserContext, Page } from 'playwright-core';

const PROGRAM = process.env['GANTRY_CHROMIUM'] ?? '/usr/bin/chromium';

/** Debian's Chromium, headless, with a profile of its own; lives until `close`. */
export class Chromium {
  readonly context: BrowserContext;
  readonly #profile: string;
  /** What the pages wrote to their consoles as errors, and requests that failed. */
  readonly complaints: string[] = [];

  private constructor(context: BrowserContext, profile: string) {
    this.context = context;
    this.#profile = profile;
  }

  static async open(
    viewport: { width: number; height: number },
    options: { bypassCSP?: boolean; isMobile?: boolean } = {},
  ): Promise<Chromium> {
    const profile = await mkdtemp(join(tmpdir(), 'gantry-chromium-'));
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: PROGRAM,
      headless: true,
      viewport,
      locale: 'zh-CN',
      ...(options.isMobile === true ? { isMobile: true, hasTouch: true, deviceScaleFactor: 2 } : {}),
      bypassCSP: options.bypassCSP ?? false,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--autoplay-policy=no-user-gesture-required',
      ],
    });
    return new Chromium(context, profile);
  }

  async page(): Promise<Page> {
    const page = await this.context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    return page;
  }

  async close(): Promise<void> {
    await this.context.close();
    await rm(this.#profile, { recursive: true, force: true });
  }
}

/** How a video element on the page does. */
export interface VideoState {
  currentTime: number;
  frames: number;
  dropped: number;
  width: number;
  height: number;
  /** Mean luminance 0…255 and its spread over the picture. */
  luma: number;
  spread: number;
}

/** Reads every video element that matches, in the order of the page. */
export function videoStates(page: Page, selector = 'video'): Promise<VideoState[]> {
  return page.$$eval(selector, (elements) =>
    elements.map((element) => {
      const video = element as HTMLVideoElement;
      const canvas = document.createElement('canvas');
      canvas.width = 64;
      canvas.height = 36;
      const drawing = canvas.getContext('2d');
      drawing?.drawImage(video, 0, 0, 64, 36);
      const pixels = drawing?.getImageData(0, 0, 64, 36).data ?? new Uint8ClampedArray();
      const lumas: number[] = [];
      for (let at = 0; at < pixels.length; at += 4) {
        lumas.push(0.299 * (pixels[at] ?? 0) + 0.587 * (pixels[at + 1] ?? 0) + 0.114 * (pixels[at + 2] ?? 0));
      }
      const luma = lumas.reduce((sum, value) => sum + value, 0) / Math.max(1, lumas.length);
      const variance = lumas.reduce((sum, value) => sum + (value - luma) ** 2, 0) / Math.max(1, lumas.length);
      const quality = video.getVideoPlaybackQuality();
      return {
        currentTime: video.currentTime,
        frames: quality.totalVideoFrames,
        dropped: quality.droppedVideoFrames,
        width: video.videoWidth,
        height: video.videoHeight,
        luma,
        spread: Math.sqrt(variance),
      };
    }),
  );
}
