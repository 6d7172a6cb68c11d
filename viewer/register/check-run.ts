import { computed, signal } from '@preact/signals';
import type { CameraCheck } from '../../gateway/contract/camera.ts';
import { deviceGateway } from '../api/device-gateway.ts';
import { findingsOf } from '../check/check-findings.ts';
import { onvifSource } from './onvif-source.ts';
import type { Finding } from '../check/check-findings.ts';
import type { FoundDevice } from './found-device.ts';

/** Streams pulled at once: the gateway decodes a picture of each, and site uplinks are thin. */
const MOST_AT_ONCE = 6;

/** How the check of one device stands. */
export type DeviceCheck =
  | { state: 'waiting' }
  | { state: 'busy' }
  | { state: 'done'; check: CameraCheck; findings: readonly Finding[] }
  | { state: 'failed'; error: unknown };

/** The checks of a batch, in parallel, with the fixes that are ticked. */
export class CheckRun {
  readonly checks = signal<ReadonlyMap<string, DeviceCheck>>(new Map());
  /** Devices whose clock shall not be set though it is off. */
  readonly unticked = signal<ReadonlySet<string>>(new Set());
  readonly fixing = signal(false);
  /** Devices that could not be set right, with what they said. */
  readonly fixErrors = signal<ReadonlyMap<string, unknown>>(new Map());
  readonly running = computed(() =>
    [...this.checks.value.values()].some(({ state }) => state === 'waiting' || state === 'busy'),
  );
  /** Devices with a fix that is ticked and not done. */
  readonly fixable = computed(() =>
    [...this.checks.value]
      .filter(([key, check]) => hasFix(check) && !this.unticked.value.has(key))
      .map(([key]) => key),
  );
  #stopped = false;
  #devices = new Map<string, FoundDevice>();

  stop(): void {
    this.#stopped = true;
  }

  /** Checks the devices that were not checked since they were signed in to; `again` checks all. */
  async checkAll(devices: readonly FoundDevice[], again = false): Promise<void> {
    this.#stopped = false;
    this.#devices = new Map(devices.map((found) => [found.key, found]));
    const known = this.checks.value;
    const kept = again
      ? []
      : [...known].filter(([key]) => this.#devices.has(key) && known.get(key)?.state !== 'failed');
    const left = devices.filter(({ key }) => !kept.some(([keptKey]) => keptKey === key));
    this.checks.value = new Map([...kept, ...left.map(({ key }) => [key, { state: 'waiting' }] as const)]);
    await atOnce(left, (found) => this.#check(found));
  }

  /** Sets the clock of every device for which that is ticked, and checks those again. */
  async fix(): Promise<void> {
    if (this.fixing.value) return;
    this.fixing.value = true;
    const devices = this.fixable.value.flatMap((key) => this.#devices.get(key) ?? []);
    await atOnce(devices, async (found) => {
      this.#note(found.key, null);
      try {
        await this.#look(found, true);
      } catch (error) {
        this.#note(found.key, error);
      }
    });
    this.fixing.value = false;
  }

  tick(key: string, wanted: boolean): void {
    const unticked = new Set(this.unticked.value);
    if (wanted) unticked.delete(key);
    else unticked.add(key);
    this.unticked.value = unticked;
  }

  /** Whether red findings keep the device from being registered. */
  isBlocked(key: string): boolean {
    const check = this.checks.value.get(key);
    return check?.state !== 'done' || check.findings.some(({ level }) => level === 'bad');
  }

  #note(key: string, error: unknown): void {
    const errors = new Map(this.fixErrors.value);
    if (error === null) errors.delete(key);
    else errors.set(key, error);
    this.fixErrors.value = errors;
  }

  async #check(found: FoundDevice): Promise<void> {
    if (this.#stopped) return;
    this.#set(found.key, { state: 'busy' });
    try {
      await this.#look(found, false);
    } catch (error) {
      this.#set(found.key, { state: 'failed', error });
    }
  }

  async #look(found: FoundDevice, setClock: boolean): Promise<void> {
    const check = await deviceGateway.checkDraft({ onvif: onvifSource(found), setClock });
    this.#set(found.key, { state: 'done', check, findings: findingsOf(check) });
  }

  #set(key: string, check: DeviceCheck): void {
    this.checks.value = new Map(this.checks.value).set(key, check);
  }
}

function hasFix(check: DeviceCheck): boolean {
  return check.state === 'done' && check.findings.some(({ fix }) => fix !== null);
}

async function atOnce<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const next = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: MOST_AT_ONCE }, next));
}
