import { computed, signal } from '@preact/signals';
import type { DiscoveryJob, DiscoveryRequest } from '../../gateway/contract/discovery.ts';
import { gateway } from '../api/gateway.ts';
import { isPickable, isReady, mayTry, mergeFound, mergeTried } from './found-device.ts';
import type { FoundDevice, Trial } from './found-device.ts';

const POLL_MS = 500;
const TRY_SEC = 30;

/** The devices of a batch: found, picked, signed in to. */
export class DeviceSearch {
  readonly found = signal<readonly FoundDevice[]>([]);
  readonly job = signal<DiscoveryJob | null>(null);
  readonly startedMs = signal(0);
  readonly error = signal<unknown>(null);
  readonly trying = signal(false);
  readonly tryError = signal<unknown>(null);
  readonly running = computed(() => this.job.value?.state === 'running');
  readonly picked = computed(() => this.found.value.filter(({ picked }) => picked));
  /** Picked, and signed in to or open. */
  readonly ready = computed(() => this.picked.value.filter(isReady));
  /** Picked, and still in need of a sign-in. */
  readonly needy = computed(() => this.picked.value.filter((found) => !isReady(found)));
  #stopped = false;

  start(): void {
    this.#stopped = false;
  }

  stop(): void {
    this.#stopped = true;
    this.cancel();
  }

  /** Ends the search that runs; what was found stays. */
  cancel(): void {
    const job = this.job.value;
    if (job?.state === 'running' && job.id !== '') gateway.cancelDiscovery(job.id).catch(() => {});
  }

  /** Looks for devices and adds what is found to the list. */
  async search(request: DiscoveryRequest): Promise<void> {
    this.error.value = null;
    this.startedMs.value = performance.now();
    this.job.value = { id: '', state: 'running', progress: { done: 0, total: 0 }, devices: [], error: null };
    try {
      await this.#run(request, (job) => {
        this.job.value = job;
        this.found.value = mergeFound(this.found.value, job);
      });
    } catch (error) {
      this.error.value = error;
      this.job.value = null;
    }
  }

  /** Tries user names and passwords on every picked device that still needs one; each device takes the first that fits. */
  async trySignIn(trial: Trial): Promise<void> {
    const tried = this.found.value.filter(mayTry);
    if (tried.length === 0 || this.trying.value) return;
    this.trying.value = true;
    this.tryError.value = null;
    const keys = new Set(tried.map(({ key }) => key));
    const body: DiscoveryRequest = {
      method: 'host',
      // The service address itself: a bare host and port would lose the scheme of an HTTPS device.
      hosts: tried.map(({ device }) => device.xaddr),
      credentials: [...trial.typed],
      timeoutSec: TRY_SEC,
    };
    if (trial.setIds.length > 0) body.credentialSetIds = [...trial.setIds];
    try {
      const job = await this.#run(body, () => {});
      this.found.value = mergeTried(this.found.value, keys, job.devices, trial);
    } catch (error) {
      this.tryError.value = error;
    }
    this.trying.value = false;
  }

  pick(keys: readonly string[], picked: boolean): void {
    const wanted = new Set(keys);
    this.found.value = this.found.value.map((found) =>
      wanted.has(found.key) && isPickable(found.device) ? { ...found, picked } : found,
    );
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
