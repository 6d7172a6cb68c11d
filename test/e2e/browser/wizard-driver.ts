import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { axeViolations } from './axe-violations.ts';

/** Where screenshots go, to be looked at. */
const shots = process.env['GANTRY_SHOTS'];
/** A person at the register wizard, whose clicks are counted; lives as long as its page. */
export class WizardDriver {
  readonly page: Page;
  readonly url: string;
  /** Real clicks so far; a field is clicked before it is typed in, a list before it is chosen from. */
  clicks = 0;

  constructor(page: Page, url: string) {
    this.page = page;
    this.url = url;
  }

  async signIn(username: string, password: string): Promise<void> {
    await this.page.goto(this.url);
    await this.page.getByLabel('账号').fill(username);
    await this.page.getByLabel('密码', { exact: true }).fill(password);
    await this.page.getByRole('button', { name: '登录' }).click();
    await this.page.locator('[aria-label="主导航"], .wall').first().waitFor();
  }

  async click(target: Locator): Promise<void> {
    this.clicks += 1;
    await target.click();
  }

  async type(target: Locator, text: string): Promise<void> {
    this.clicks += 1;
    await target.click();
    await target.fill(text);
  }

  async choose(target: Locator, value: string): Promise<void> {
    this.clicks += 2;
    await target.selectOption(value);
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name });
  }

  /** Waits until the first search is over, with this many devices. */
  async searched(count: number): Promise<void> {
    await this.page.getByText('已找完').waitFor({ timeout: 60_000 });
    await expect.poll(() => this.page.locator('.register-devices tbody tr').count()).toBe(count);
  }

  /** Types a password and tries it on all. */
  async tryPassword(password: string): Promise<void> {
    await this.type(this.page.getByLabel('密码', { exact: true }), password);
    await this.click(this.button('逐台试'));
    await this.button('逐台试').waitFor({ timeout: 60_000 });
  }

  /** Waits until every camera is checked. */
  async checked(): Promise<void> {
    await this.page.locator('footer .g-lamp').first().waitFor({ timeout: 120_000 });
  }

  async newProject(name: string): Promise<void> {
    await this.choose(this.page.getByLabel('项目', { exact: true }), '+');
    await this.type(this.page.getByLabel('项目名称'), name);
  }

  async shoot(name: string): Promise<void> {
    if (shots === undefined) return;
    await mkdir(shots, { recursive: true });
    await this.page.screenshot({ path: join(shots, `${name}.png`) });
  }

  /** Runs axe over the page as it stands; gives each violation with what it hit. */
  axe(): Promise<string[]> {
    return axeViolations(this.page);
  }
}
