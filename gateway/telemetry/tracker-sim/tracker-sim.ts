import type { Clock } from '../../base/clock.ts';
import { delay, toRfc3339 } from '../../base/clock.ts';
import { GatewayError } from '../../base/gateway-error.ts';
import type { Logger } from '../../base/logger.ts';
import type { BrokerAddress } from '../broker-address.ts';
import { MqttLink } from '../mqtt-link.ts';
import { Conformance } from './conformance.ts';
import type { ToldProject } from './generate-projects.ts';
import type { PayloadSchemas } from './payload-schemas.ts';
import type { SiteRules } from './project-watch.ts';
import { simReport } from './sim-report.ts';
import type { SimReport } from './sim-report.ts';

export interface TrackerSimOptions {
  clock: Clock;
  logger: Logger;
  broker: BrokerAddress;
  /** Root of the gateway's topics, as in `gantry/gantry-1`. */
  root: string;
  /** The stored session at the broker: the same id goes on where it left off. */
  clientId: string;
  schemas: PayloadSchemas;
  /** What it publishes, retained, when it is connected. */
  projects: readonly ToldProject[];
  rules: SiteRules;
}

/** Projects under way to the broker at a time. */
const PUBLISHED_AT_ONCE = 16;
const RETRY_MS = 200;
/** What is under way when the run ends still counts. */
const SETTLE_MS = 400;
/** So long it waits at the end for what has not come, and for what is not right (yet). */
const PATIENCE_MS = { missing: 10_000, wrong: 2000 } as const;

/**
 * Plays a project tracker against a gateway: subscribes with a stored session, judges all that comes, publishes projects.
 * Lives from `start` to `stop`; keeps trying while the broker is away.
 */
export class TrackerSim {
  readonly conformance: Conformance;
  readonly #options: TrackerSimOptions;
  readonly #link: MqttLink;
  #startedMs = 0;
  #everConnected = false;
  #stopped = false;
  #publishing: Promise<void> = Promise.resolve();

  constructor(options: TrackerSimOptions) {
    const { clock, root } = options;
    this.#options = options;
    this.conformance = new Conformance({ ...options, now: () => clock.now() });
    this.#link = new MqttLink({
      ...options,
      subscriptions: [`${root}/#`],
      onMessage: (message) => {
        this.conformance.take(message);
        return Promise.resolve();
      },
      backoff: { firstMs: 250, maxMs: 5000 },
    });
  }

  start(): void {
    this.#startedMs = this.#options.clock.monotonicMs();
    this.#link.onConnected(() => {
      this.#everConnected = true;
    });
    this.#link.start();
    this.#publishing = this.#publishAll();
  }

  get connected(): boolean {
    return this.#link.connected;
  }

  /** Archives at the gateway what was published, by clearing the retained messages. */
  async archive(): Promise<void> {
    for (const { externalId } of this.#options.projects) await this.#publish(externalId, '');
  }

  report(): SimReport {
    const { clock, broker, root } = this.#options;
    return simReport(this.conformance, {
      url: broker.url,
      root,
      protocol: this.#link.version,
      connected: this.#link.connected,
      seconds: (clock.monotonicMs() - this.#startedMs) / 1000,
      at: toRfc3339(clock.now()),
    });
  }

  /** Judges what should have come and has not, ends, and tells the outcome. Throws `internal` when there never was a connection. */
  async stop(): Promise<SimReport> {
    await this.#settle();
    this.conformance.finish();
    const report = this.report();
    this.#stopped = true;
    await this.#publishing;
    await this.#link.stop();
    if (!this.#everConnected)
      throw new GatewayError('internal', 'there was no connection to the broker: see the message above');
    return report;
  }

  async #settle(): Promise<void> {
    const { clock } = this.#options;
    await delay(clock, SETTLE_MS);
    const startMs = clock.monotonicMs();
    for (let lacks = this.conformance.lacks(); lacks !== null; lacks = this.conformance.lacks()) {
      if (clock.monotonicMs() - startMs > PATIENCE_MS[lacks]) return;
      await delay(clock, RETRY_MS);
    }
  }

  async #publishAll(): Promise<void> {
    const waiting = [...this.#options.projects];
    const one = async (): Promise<void> => {
      for (let next = waiting.shift(); next && !this.#stopped; next = waiting.shift()) {
        this.conformance.projects.published(next);
        await this.#publish(next.externalId, JSON.stringify(next.body));
      }
    };
    await Promise.all(Array.from({ length: PUBLISHED_AT_ONCE }, one));
  }

  /** Publishes until the broker has it, or the simulator ends. */
  async #publish(externalId: string, payload: string): Promise<void> {
    const { clock, root } = this.#options;
    const topic = `${root}/tracker/projects/${externalId}`;
    while (!this.#stopped) {
      const outcome = await this.#link.publish(topic, payload, { retain: true });
      if (outcome.ok) return;
      if (outcome.why === 'refused')
        return this.conformance.violate('refused', topic, `the broker: ${outcome.message}`);
      await delay(clock, RETRY_MS);
    }
  }
}
