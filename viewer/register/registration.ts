import { computed, effect, signal } from '@preact/signals';
import type { SnapshotSchedule } from '../../gateway/contract/schedule.ts';
import { gateway } from '../api/gateway.ts';
import { user } from '../api/session.ts';
import { loadFleet } from '../fleet/fleet-store.ts';
import { siteNow } from '../format/site-time.ts';
import { CheckRun } from './check-run.ts';
import { DeviceSearch } from './device-search.ts';
import { hostOf } from './found-device.ts';
import { targetName } from './target-name.ts';
import { FIRST_PATTERN, nameFrom } from './name-pattern.ts';
import { registerRow } from './register-row.ts';
import { dropDraft, readDraft, saveDraft } from './registration-draft.ts';
import type { Row, Step, Target } from './batch.ts';
import type { Draft } from './registration-draft.ts';

const MOST_AT_ONCE = 6;

/** One batch of cameras on its way from search to wall; lives as long as the page, its draft outlives it. */
export class Registration {
  readonly search = new DeviceSearch();
  readonly checks = new CheckRun();
  readonly step = signal<Step>(1);
  readonly target = signal<Target>({ kind: 'none' });
  readonly pattern = signal(FIRST_PATTERN);
  readonly schedule = signal<SnapshotSchedule | null>(null);
  readonly rows = signal<readonly Row[]>([]);
  /** When the draft was saved that this batch goes on from; null for a new one. */
  readonly resumedMs = signal<number | null>(null);
  readonly names = computed(() => this.#names());
  readonly working = computed(() =>
    this.rows.value.some(({ state }) => state === 'waiting' || state === 'busy'),
  );
  #stopSaving: (() => void) | undefined;

  start(): void {
    this.search.start();
    const draft = readDraft(localStorage, userId(), siteNow());
    if (draft === null) void this.search.search({ method: 'multicast', timeoutSec: 6 });
    else this.#resume(draft);
    this.#stopSaving = effect(() => this.#save());
  }

  stop(): void {
    this.#stopSaving?.();
    this.search.stop();
    this.checks.stop();
  }

  /** Forgets the draft: the next batch begins with a search. */
  discard(): void {
    this.#stopSaving?.();
    dropDraft(localStorage, userId());
  }

  go(step: Step): void {
    this.step.value = step;
    if (step === 3) void this.checks.checkAll(this.search.ready.value);
    if (step === 4) this.#makeRows();
  }

  change(key: string, fields: Partial<Row>): void {
    this.rows.value = this.rows.value.map((row) => (row.found.key === key ? { ...row, ...fields } : row));
  }

  /** Registers every row that is not done, some at once. */
  async register(): Promise<void> {
    const names = this.names.value;
    this.rows.value = this.rows.value.map((row, index) => {
      const name = row.name ?? names[index] ?? '';
      return row.state === 'done' ? row : { ...row, name, state: 'waiting', error: null };
    });
    this.step.value = 5;
    try {
      const projectId = await this.#projectId();
      const waiting = this.rows.value.filter(({ state }) => state === 'waiting');
      const next = async (): Promise<void> => {
        for (let row = waiting.shift(); row !== undefined; row = waiting.shift())
          await this.#registerRow(row, projectId);
      };
      await Promise.all(Array.from({ length: MOST_AT_ONCE }, next));
    } catch (error) {
      this.rows.value = this.rows.value.map((row) =>
        row.state === 'done' ? row : { ...row, state: 'failed', error },
      );
    }
    await loadFleet();
    if (this.rows.value.every(({ state }) => state === 'done')) dropDraft(localStorage, userId());
  }

  async #registerRow(row: Row, projectId: string): Promise<void> {
    const { key } = row.found;
    this.change(key, { state: 'busy' });
    try {
      const cameraId = await registerRow(row, projectId, this.schedule.value);
      this.change(key, { state: 'done', cameraId });
    } catch (error) {
      this.change(key, { state: 'failed', error });
    }
  }

  #makeRows(): void {
    const before = new Map(this.rows.value.map((row) => [row.found.key, row]));
    this.rows.value = this.search.ready.value
      .filter(({ key }) => !this.checks.isBlocked(key))
      .map((found) => {
        const known = before.get(found.key);
        return {
          name: known?.name ?? null,
          position: known?.position ?? '',
          found,
          state: known?.state === 'done' ? 'done' : 'waiting',
          cameraId: known?.cameraId ?? null,
          error: null,
        };
      });
  }

  #names(): string[] {
    const project = targetName(this.target.value);
    return this.rows.value.map(({ found: { device }, name }, index) => {
      const facts = {
        project,
        vendor: device.vendor ?? '',
        model: device.model ?? '',
        name: device.name ?? '',
        address: hostOf(device),
        serial: device.serial ?? '',
      };
      return name ?? nameFrom(this.pattern.value, index + 1, facts);
    });
  }

  async #projectId(): Promise<string> {
    const target = this.target.value;
    if (target.kind === 'known') return target.id;
    if (target.kind === 'none') throw new Error('no project chosen');
    const { name, district, unit } = target;
    const { id } = await gateway.createProject({ name, district, unit });
    this.target.value = { kind: 'known', id };
    await loadFleet();
    return id;
  }

  #resume(draft: Draft): void {
    this.resumedMs.value = draft.savedAtMs;
    this.search.found.value = draft.found;
    this.target.value = draft.target;
    this.pattern.value = draft.pattern;
    this.schedule.value = draft.schedule;
    const byKey = new Map(draft.found.map((found) => [found.key, found]));
    this.rows.value = draft.rows.flatMap(({ key, name, position, done }) => {
      const found = byKey.get(key);
      const state = done ? ('done' as const) : ('waiting' as const);
      return found === undefined ? [] : [{ found, name, position, state, cameraId: null, error: null }];
    });
    // Passwords are not kept: whoever had come further enters them again; names and places are still there.
    const furthest = this.search.needy.value.length > 0 ? 2 : 3;
    this.go(Math.min(draft.step, furthest) as Step);
  }

  #save(): void {
    const found = this.search.found.value;
    const step = this.step.value;
    const rows = this.rows.value.map(({ found: { key }, name, position, state }) => ({
      key,
      name,
      position,
      done: state === 'done',
    }));
    const allDone = step === 5 && rows.every(({ done }) => done);
    if (found.length === 0 || allDone) return;
    saveDraft(localStorage, userId(), {
      savedAtMs: siteNow(),
      step: Math.min(step, 4),
      found: found.filter(({ key }) => !rows.some((row) => row.done && row.key === key)),
      target: this.target.value,
      pattern: this.pattern.value,
      schedule: this.schedule.value,
      rows,
    });
  }
}

function userId(): string {
  return user.value?.id ?? '';
}
