import { computed, signal } from '@preact/signals';
import type { DiscoveryJob, DiscoveryRequest } from '../../gateway/contract/discovery.ts';
import { gateway } from '../api/gateway.ts';
import { loadFleet } from '../fleet/fleet-store.ts';
import { isReady, mayTry, mergeFound, mergeTried, namesFrom } from './found-device.ts';
import type { FoundDevice } from './found-device.ts';

export type Step = 1 | 2 | 3 | 4;

/** One camera to register, or registered. */
export interface Row {
  found: FoundDevice;
  name: string;
  position: string;
  state: 'waiting' | 'busy' | 'done' | 'failed';
  error: unknown;
}

/** The project of the batch: an existing one, or the fields of a new one. */
export type Target =
  | { kind: 'none' }
  | { kind: 'known'; id: string }
  | { kind: 'new'; name: string; district: string; unit: string };

const POLL_MS = 1000;
const SEARCH_SEC = 6;

/** One batch of cameras on its way from search to wall; lives as long as the page. */
export class Registration {
  readonly step = signal<Step>(1);
  readonly found = signal<readonly FoundDevice[]>([]);
  readonly job = signal<DiscoveryJob | null>(null);
  readonly searchError = signal<unknown>(null);
  readonly trying = signal(false);
  readonly tryError = signal<unknown>(null);
  readonly target = signal<Target>({ kind: 'none' });
  readonly rows = signal<readonly Row[]>([]);
  readonly picked = computed(() => this.found.value.filter(({ picked }) => picked));
  readonly ready = computed(() => this.picked.value.filter(isReady));
  readonly working = computed(() =>
    this.rows.value.some(({ state }) => state === 'waiting' || state === 'busy'),
  );
  #stopped = false;

  start(): void {
    this.#stopped = false;
    void this.search({ method: 'multicast', timeoutSec: SEARCH_SEC });
  }

  stop(): void {
    this.#stopped = true;
    const job = this.job.value;
    if (job?.state === 'running') gateway.cancelDiscovery(job.id).catch(() => {});
  }

  /** Looks for devices and adds what is found to the list. */
  async search(request: DiscoveryRequest): Promise<void> {
    this.searchError.value = null;
    this.job.value = { id: '', state: 'running', progress: { done: 0, total: 0 }, devices: [], error: null };
    try {
      await this.#run(request, (job) => {
        this.job.value = job;
        this.found.value = mergeFound(this.found.value, job);
      });
    } catch (error) {
      this.searchError.value = error;
      this.job.value = null;
    }
  }

  /** Tries one user name and password on every picked device that still needs one. */
  async tryLogin(username: string, password: string): Promise<void> {
    const tried = this.found.value.filter(mayTry);
    if (tried.length === 0 || this.trying.value) return;
    this.trying.value = true;
    this.tryError.value = null;
    const login = { username, password };
    const keys = new Set(tried.map(({ key }) => key));
    const hosts = tried.map(({ device }) => new URL(device.xaddr).host);
    try {
      const job = await this.#run({ method: 'host', hosts, credentials: [login], timeoutSec: 20 }, () => {});
      this.found.value = mergeTried(this.found.value, keys, job.devices, login);
    } catch (error) {
      this.tryError.value = error;
    }
    this.trying.value = false;
  }

  pick(keys: readonly string[], picked: boolean): void {
    const wanted = new Set(keys);
    this.found.value = this.found.value.map((found) =>
      wanted.has(found.key) ? { ...found, picked } : found,
    );
  }

  /** Goes to the naming of the devices that are ready. */
  assign(pattern: string): void {
    const named = new Map(this.rows.value.map((row) => [row.found.key, row]));
    const names = namesFrom(pattern, this.ready.value.length);
    this.rows.value = this.ready.value.map((found, index) => {
      const known = named.get(found.key);
      return {
        found,
        name: known?.name ?? names[index] ?? '',
        position: known?.position ?? '',
        state: 'waiting',
        error: null,
      };
    });
    this.step.value = 3;
  }

  rename(pattern: string): void {
    const names = namesFrom(pattern, this.rows.value.length);
    this.rows.value = this.rows.value.map((row, index) => ({ ...row, name: names[index] ?? row.name }));
  }

  change(key: string, fields: Partial<Row>): void {
    this.rows.value = this.rows.value.map((row) => (row.found.key === key ? { ...row, ...fields } : row));
  }

  /** Registers every row that is not done, one after the other. */
  async register(): Promise<void> {
    this.step.value = 4;
    this.rows.value = this.rows.value.map((row) =>
      row.state === 'done' ? row : { ...row, state: 'waiting' },
    );
    try {
      const projectId = await this.#projectId();
      for (const row of this.rows.value) if (row.state !== 'done') await this.#registerRow(row, projectId);
    } catch (error) {
      this.rows.value = this.rows.value.map((row) =>
        row.state === 'done' ? row : { ...row, state: 'failed', error },
      );
    }
    await loadFleet();
  }

  async #projectId(): Promise<string> {
    const target = this.target.value;
    if (target.kind === 'known') return target.id;
    if (target.kind === 'none') throw new Error('no project chosen');
    const { id } = await gateway.createProject({
      name: target.name,
      district: target.district,
      unit: target.unit,
    });
    this.target.value = { kind: 'known', id };
    return id;
  }

  async #registerRow({ found, name, position }: Row, projectId: string): Promise<void> {
    this.change(found.key, { state: 'busy', error: null });
    const { username, password } = found.login ?? { username: '', password: '' };
    try {
      await gateway.createCamera({
        name,
        projectId,
        position,
        onvif: { xaddr: found.device.xaddr, username, password },
      });
      this.change(found.key, { state: 'done' });
    } catch (error) {
      this.change(found.key, { state: 'failed', error });
    }
  }

  async #run(request: DiscoveryRequest, onLook: (job: DiscoveryJob) => void): Promise<DiscoveryJob> {
    const { id } = await gateway.startDiscovery(request);
    for (;;) {
      const job = await gateway.discovery(id);
      if (!this.#stopped) onLook(job);
      if (job.state !== 'running' || this.#stopped) return job;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
}
