import type { CancelTimer, Clock } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import type { Unsubscribe } from '../base/emitter.ts';
import { ErrorTally } from '../base/error-tally.ts';
import { GatewayError, messageOf } from '../base/gateway-error.ts';
import type { Logger } from '../base/logger.ts';
import type { NetworkGuard } from '../base/network-guard.ts';
import { newId } from '../base/new-id.ts';
import type { DiscoveryJob, DiscoveryRequest } from '../contract/discovery.ts';
import { ConcurrencyLimit } from './concurrency-limit.ts';
import { DiscoveryRun } from './discovery-run.ts';
import type { DeviceReading, RegisteredCameras } from './device-examiner.ts';
import type { PreviewSource } from './preview-source.ts';
import { planSearch } from './search-plan.ts';
import type { SearchPlan } from './search-plan.ts';
import type { FoundDevice } from './ws-discovery/found-device.ts';
import { signInCandidates } from './sign-in-candidates.ts';
import type { CredentialSets } from './sign-in-candidates.ts';

export type { RegisteredCameras } from './device-examiner.ts';

export interface DiscoveryJobsOptions {
  clock: Clock;
  logger: Logger;
  client: DeviceReading;
  guard: NetworkGuard;
  /** Names (or own addresses) of the interfaces to search; empty: all but the loopback. */
  interfaces: readonly string[];
  /** How long a multicast search listens unless its request says otherwise. */
  timeoutSec: number;
  registered: RegisteredCameras;
  credentialSets: CredentialSets;
  /** Told of every device that answers a probe. */
  onHeard?: (device: FoundDevice) => void;
}

const READINGS_AT_ONCE = 32;
const KEPT_MS = 600_000;
const MOST_JOBS = 50;
/** Updates go out at most this often; the last one of a job at once. Each holds all devices: many make them rarer. */
const UPDATE_INTERVAL_MS = 200;
const UPDATE_INTERVAL_A_DEVICE_MS = 5;
const LONGEST_UPDATE_INTERVAL_MS = 3000;

interface Job {
  run: DiscoveryRun;
  finished: Promise<void>;
  timers: Set<CancelTimer>;
  updateDue: boolean;
  ended: boolean;
}

/** The gateway's searches for devices; each is kept for ten minutes after its end. */
export class DiscoveryJobs {
  readonly #options: DiscoveryJobsOptions;
  readonly #jobs = new Map<string, Job>();
  readonly #reads = new ConcurrencyLimit(READINGS_AT_ONCE);
  readonly #updates: Emitter<DiscoveryJob>;
  readonly #faults: ErrorTally;
  #stopped = false;

  constructor(options: DiscoveryJobsOptions) {
    const { clock, logger } = options;
    this.#options = options;
    this.#updates = new Emitter((error) =>
      logger.error({ error: messageOf(error) }, 'a listener of discovery failed'),
    );
    this.#faults = new ErrorTally(clock, (key, count, message) => logger.warn({ key, count }, message));
  }

  /**
   * Starts a search and returns its id. Throws `bad-request`, `address-not-allowed`, `config-invalid` (an interface that is
   * not there), `not-found` (a credential set), `too-many-requests`, `shutting-down`; after that the job itself tells what happens.
   */
  start(request: DiscoveryRequest): string {
    if (this.#stopped) throw new GatewayError('shutting-down', 'the gateway is stopping');
    const { clock, client, guard, registered, credentialSets } = this.#options;
    const candidates = signInCandidates(request, credentialSets);
    const plan = planSearch(request, this.#options);
    this.#makeRoom();
    const id = newId('dsc');
    const run = new DiscoveryRun({
      id,
      clock,
      client,
      guard,
      registered,
      plan,
      candidates,
      reads: this.#reads,
      onChange: () => this.#changed(id),
      onHeard: (device) => this.#options.onHeard?.(device),
      onFault: (key, message) => this.#faults.add(key, message),
    });
    const job: Job = { run, finished: Promise.resolve(), timers: new Set(), updateDue: false, ended: false };
    this.#jobs.set(id, job);
    this.#limit(job, id, plan);
    job.finished = run.start().then(() => this.#ended(id));
    return id;
  }

  get(id: string): DiscoveryJob | undefined {
    return this.#jobs.get(id)?.run.snapshot();
  }

  /** Where the picture of a search's device comes from; undefined when search or device is not there, or shows nothing. */
  preview(id: string, number: number): PreviewSource | undefined {
    return this.#jobs.get(id)?.run.preview(number);
  }

  /** Ends a running search and keeps what it found; false when there is no such running one. */
  cancel(id: string): boolean {
    const job = this.#jobs.get(id);
    if (!job?.run.cancel('failed', 'the search was cancelled; the devices found until then are listed'))
      return false;
    this.#ended(id);
    return true;
  }

  /** Tells of every change of every job, several within 200 ms (more with many devices) as one. */
  onUpdate(listener: (job: DiscoveryJob) => void): Unsubscribe {
    return this.#updates.subscribe(listener);
  }

  /** Cancels all searches and waits for their ends. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const id of this.#jobs.keys()) this.cancel(id);
    await Promise.all([...this.#jobs.values()].map((job) => job.finished));
    for (const id of this.#jobs.keys()) this.#forget(id);
    this.#faults.stop();
  }

  #limit(job: Job, id: string, plan: SearchPlan): void {
    if (plan.method === 'multicast' || plan.limitMs === null) return;
    const seconds = plan.limitMs / 1000;
    const over = `the search ended after ${seconds} s, as asked, before all addresses were tried`;
    job.timers.add(
      this.#options.clock.after(plan.limitMs, () => job.run.cancel('done', over) && this.#ended(id)),
    );
  }

  #makeRoom(): void {
    if (this.#jobs.size < MOST_JOBS) return;
    for (const [id, { run }] of this.#jobs) {
      if (run.running) continue;
      this.#forget(id);
      return;
    }
    throw new GatewayError(
      'too-many-requests',
      `${MOST_JOBS} searches are running; wait for one to end or cancel one`,
    );
  }

  #changed(id: string): void {
    const job = this.#jobs.get(id);
    if (!job?.run.running || job.updateDue) return;
    job.updateDue = true;
    const cancel = this.#options.clock.after(updateIntervalMs(job.run.deviceCount), () => {
      job.timers.delete(cancel);
      job.updateDue = false;
      if (job.run.running) this.#updates.emit(job.run.snapshot());
    });
    job.timers.add(cancel);
  }

  /** Tells the last state and starts the time for which it is kept; again for a job that has ended does nothing. */
  #ended(id: string): void {
    const job = this.#jobs.get(id);
    if (!job || job.ended) return;
    job.ended = true;
    this.#cancelTimers(job);
    job.timers.add(this.#options.clock.after(KEPT_MS, () => this.#forget(id)));
    this.#updates.emit(job.run.snapshot());
  }

  #forget(id: string): void {
    const job = this.#jobs.get(id);
    if (job) this.#cancelTimers(job);
    this.#jobs.delete(id);
  }

  #cancelTimers(job: Job): void {
    for (const cancel of job.timers) cancel();
    job.timers.clear();
  }
}

function updateIntervalMs(devices: number): number {
  return Math.min(
    LONGEST_UPDATE_INTERVAL_MS,
    Math.max(UPDATE_INTERVAL_MS, devices * UPDATE_INTERVAL_A_DEVICE_MS),
  );
}
