import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Snapshot } from '../../../gateway/contract/snapshot.ts';
import { ApiClient } from '../../support/api-client.ts';
import { longRecord } from '../../support/long-record.ts';
import type { LongRecord } from '../../support/long-record.ts';
import { Chromium } from './chromium.ts';
import { quantile, scrubTrace } from './scrub-trace.ts';

const axeFile = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const soak = process.env['GANTRY_SOAK'] === '1';
/** Where screenshots go, to be looked at. */
const shots = process.env['GANTRY_SHOTS'];

/** The machine may be busy with other tests. */
const poll = <Value>(read: () => Value) => expect.poll(read, { timeout: 30_000 });

let site: LongRecord;
let desk: Chromium;
let page: Page;

beforeAll(async () => {
  site = await longRecord(100_000, 10, 24);
  desk = await Chromium.open({ width: 1440, height: 900 }, { bypassCSP: true });
  page = await desk.page();
  await enter(desk, site.api.cookie);
  await open(page, '');
}, 300_000);

afterAll(async () => {
  await desk.close();
  await site.gateway.remove();
});

async function enter(browser: Chromium, cookie: string): Promise<void> {
  const [name = '', value = ''] = cookie.split('=');
  await browser.context.addCookies([{ name, value, url: site.gateway.url }]);
}

async function open(target: Page, search: string): Promise<void> {
  await target.goto(`${site.gateway.url}/timeline/${site.camera.id}${search}`);
  await target.locator('.timeline[data-state="ready"]').waitFor({ timeout: 60_000 });
  await target.locator('[data-ready="true"]').waitFor({ timeout: 30_000 });
}

async function shoot(target: Page, name: string): Promise<void> {
  if (shots === undefined) return;
  await mkdir(shots, { recursive: true });
  await target.screenshot({ path: join(shots, `${name}.png`) });
}

/** The picture shown, once it rests. */
async function shown(target: Page): Promise<string> {
  await target.locator('.timeline-picture[data-ready="true"]').waitFor({ timeout: 30_000 });
  return (await target.locator('.timeline-osd b').first().textContent()) ?? '';
}

/** A date of the site's calendar, so many days before today. */
function siteDate(daysBack: number): string {
  return new Date(Date.now() + 8 * 3_600_000 - daysBack * 86_400_000).toISOString().slice(0, 10);
}

async function complaints(target: Page): Promise<string[]> {
  await target.evaluate(await readFile(axeFile, 'utf8'));
  return target.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await axe.run();
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`,
    );
  });
}

async function snapshotNamed(search: string): Promise<Snapshot> {
  const { items } = await site.api.get<{ items: Snapshot[] }>(
    `/api/v1/cameras/${site.camera.id}/snapshots?${search}`,
  );
  const [first] = items;
  if (!first) throw new Error('there is no such picture');
  return first;
}

const yesterdayAtThree = (): string => `from=${encodeURIComponent(`${siteDate(1)}T15:00:00+08:00`)}&limit=1`;

describe('office staff with a mouse', () => {
  it('find yesterday 15:00 by calendar and ruler', async () => {
    const day = Number(siteDate(1).slice(8));
    const calendar = page.locator('.timeline-calendar');
    if (siteDate(1).slice(0, 7) !== siteDate(0).slice(0, 7)) await page.getByLabel('上个月').click();
    await calendar.locator('button', { hasText: new RegExp(`^${day}$`) }).click();
    await poll(() => shown(page)).toContain(siteDate(1));
    const ruler = await page.locator('.timeline-scrub .in').boundingBox();
    if (!ruler) throw new Error('there is no ruler');
    await page.mouse.click(ruler.x + (ruler.width * 15) / 24, ruler.y + 12);
    await poll(() => shown(page)).toBe(`${siteDate(1)} 15:00:02`);
    await shoot(page, 'timeline-one');
  });

  it('compare it with a month ago in similar light; the view has not moved', async () => {
    await page.getByRole('button', { name: '对比' }).click();
    await page.locator('.timeline-compare[data-ready="true"]').waitFor();
    await page.getByText(/同机位偏移 0\.\d%/).waitFor();
    const then = await page.locator('.timeline-compare .g-plate.tl').textContent();
    expect(then).toMatch(/ 1[45]:\d\d$/);
    const slider = page.getByRole('slider', { name: '拖动对比' });
    await slider.fill('30');
    await poll(() => page.locator('.timeline-compare').getAttribute('style')).toContain('30%');
    await shoot(page, 'timeline-compare');
    await page.getByRole('button', { name: '6 个月前' }).click();
    await poll(async () => page.locator('.timeline-compare .g-plate.tl').textContent()).not.toBe(then);
    await page.getByRole('button', { name: '单张' }).click();
  });

  it('note it, attach it to a step, pick it, and take a change back', async () => {
    await shown(page);
    await page.getByLabel('环节').selectOption('step_frame');
    await page.getByLabel('说明').fill('七层顶板开始绑筋');
    await page.getByRole('button', { name: '保存' }).click();
    await page.locator('.timeline-notes').getByText('七层顶板开始绑筋').waitFor();
    await page.getByRole('button', { name: '选入简报' }).click();
    await page.getByRole('button', { name: '已选入简报' }).waitFor();
    const kept = await snapshotNamed(yesterdayAtThree());
    expect(kept).toMatchObject({ note: '七层顶板开始绑筋', milestoneId: 'step_frame', picked: true });
    await poll(() => page.locator('.timeline-calendar [aria-pressed="true"] i').count()).toBe(1);
    await page.getByRole('button', { name: '撤销' }).click();
    await poll(async () => (await snapshotNamed(yesterdayAtThree())).picked).toBe(false);
  });

  it('download the original, byte for byte, and a watermarked copy', async () => {
    const kept = await snapshotNamed(yesterdayAtThree());
    const [original] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: '下载原图' }).click(),
    ]);
    const bytes = await readFile(await original.path());
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(kept.sha256);
    await page.getByLabel('其他下载').click();
    const [marked] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: '带水印的图' }).click(),
    ]);
    expect((await readFile(await marked.path())).equals(bytes)).toBe(false);
    await page.keyboard.press('Escape');
  });

  it('share a pair by a link that opens without sign-in', async () => {
    await page.getByRole('button', { name: '对比', exact: true }).click();
    await page.getByRole('button', { name: '分享' }).click();
    await page.getByRole('button', { name: '1 天' }).click();
    await page.getByRole('button', { name: '生成链接' }).click();
    const link = await page.getByLabel('链接只在这里显示一次').inputValue();
    await shoot(page, 'timeline-share');
    const reply = await fetch(`${link}/info`);
    expect(reply.status).toBe(200);
    expect(await reply.json()).toMatchObject({ kind: 'pair' });
    await page.getByRole('button', { name: '关闭' }).click();
    await page.getByRole('button', { name: '单张', exact: true }).click();
  });

  it('see what a time-lapse will come to before it starts', async () => {
    await page.getByRole('button', { name: '延时' }).click();
    await page
      .locator('.timeline-estimate')
      .getByText(/69\d 张/)
      .waitFor();
    await shoot(page, 'timeline-lapse');
    await page.getByRole('button', { name: '单张' }).click();
  });

  it('meet no fault that axe knows, in any view', async () => {
    for (const view of ['单张', '对比', '延时']) {
      await page.getByRole('button', { name: view, exact: true }).click();
      await page.waitForTimeout(300);
      expect(await complaints(page)).toEqual([]);
    }
    await page.getByRole('button', { name: '单张' }).click();
  });
});

describe('by keyboard alone', () => {
  it('one steps, turns days, compares, plays, searches and comes back', async () => {
    await open(page, `?at=${siteDate(1)}T07:00:00Z`);
    const start = await shown(page);
    expect(start).toBe(`${siteDate(1)} 15:00:02`);
    await page.keyboard.press('ArrowRight');
    await poll(() => shown(page)).toBe(`${siteDate(1)} 15:10:02`);
    await page.keyboard.press('ArrowUp');
    await poll(() => shown(page)).toBe(`${siteDate(2)} 15:10:02`);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowLeft');
    await poll(() => shown(page)).toBe(start);
    await page.keyboard.press('c');
    await page.locator('.timeline-compare').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.timeline-transport').waitFor();
    await page.keyboard.press('Space');
    await poll(() => page.locator('.timeline-osd b').first().textContent()).not.toBe(start);
    await page.keyboard.press('Space');
    await page.keyboard.press('/');
    await page.keyboard.type('塔吊');
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /东南角塔吊/ })
      .waitFor();
    await page.keyboard.press('Escape');
    await poll(() => page.getByRole('dialog').count()).toBe(0);
  });

  it('one writes a note: Tab reaches the field, Enter the button', async () => {
    await open(page, `?at=${siteDate(3)}T07:00:00Z`);
    await page.locator('#timeline-step').focus();
    await page.keyboard.press('Tab');
    await page.keyboard.type('外架已跟进');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.locator('.timeline-notes').getByText('外架已跟进').waitFor();
  });
});

describe('a leader on a phone', () => {
  it('sees pictures, notes and chain, and nothing to change them with', async () => {
    await site.api.must('POST', '/api/v1/users', {
      username: 'leader',
      password: 'correct horse',
      role: 'leader',
      projectIds: [site.project.id],
    });
    const leader = new ApiClient(site.gateway.url);
    await leader.signIn('leader', 'correct horse');
    const phone = await Chromium.open({ width: 390, height: 844 }, { isMobile: true, bypassCSP: true });
    try {
      await enter(phone, leader.cookie);
      const small = await phone.page();
      await open(small, `?at=${siteDate(1)}T07:00:00Z`);
      await small.locator('.timeline-notes').getByText('七层顶板开始绑筋').waitFor();
      expect(await small.getByRole('button', { name: /保存|选入简报|分享|校验/ }).count()).toBe(0);
      await small.getByLabel('下一张').first().tap();
      await poll(() => shown(small)).toBe(`${siteDate(1)} 15:10:02`);
      expect(await small.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
      expect(await complaints(small)).toEqual([]);
      await shoot(small, 'timeline-phone');
    } finally {
      await phone.close();
    }
  });
});

describe('scrubbing through 100,000 pictures', () => {
  it.each(['.timeline-whole .in', '.timeline-scrub .in'])('along %s keeps the page free', async (ruler) => {
    await open(page, '');
    expect(await page.locator('.timeline').getAttribute('data-pictures')).toMatch(/^9\d{4}$/);
    const report = await scrubTrace(page, ruler, soak ? 10 : 3);
    const { framesMs, taskCpuMs, frameCpuMs } = report;
    const summary = {
      moves: report.moves,
      frames: framesMs.length,
      frameP50Ms: quantile(framesMs, 0.5),
      frameP95Ms: quantile(framesMs, 0.95),
      frameCpuP95Ms: quantile(frameCpuMs, 0.95),
      taskCpuMostMs: taskCpuMs.at(-1),
      heapMb: report.heapMb,
    };
    if (soak) process.stdout.write(`${ruler}: ${JSON.stringify(summary)}\n`);
    // Processor time, for other programs on the machine take none of it: nothing holds the page up for longer than this.
    expect(summary.taskCpuMostMs).toBeLessThan(50);
    expect(report.heapMb).toBeLessThan(120);
    // The clock on the wall tells about the page on a quiet machine only.
    if (soak) expect(summary.frameP95Ms).toBeLessThan(17);
  });
});
