import type { Clock } from '../base/clock.ts';
import type { Unsubscribe } from '../base/emitter.ts';
import type { ErrorTally } from '../base/error-tally.ts';
import { messageOf } from '../base/gateway-error.ts';
import type { MqttPublisher } from './mqtt-publisher.ts';
import type { RetainedTopicStore } from './retained-topic-store.ts';

const MAX_IN_FLIGHT = 16;
const RETRY_MS = 30_000;

/**
 * The retained messages: of each topic only the newest is kept, in memory, and sent; all of them again at each connect,
 * since a broker may have lost them. The table remembers the topics, so that one whose camera is gone is cleared even
 * when the gateway was killed in between.
 */
export class RetainedStates {
  readonly #store: RetainedTopicStore;
  readonly #publisher: MqttPublisher;
  readonly #clock: Clock;
  readonly #faults: ErrorTally;
  /** The newest payload of each topic; empty: to be cleared. */
  readonly #payloads = new Map<string, string>();
  /** Topics to send, in order of their first change. */
  readonly #dirty = new Set<string>();
  readonly #inFlight = new Set<string>();
  readonly #stored = new Set<string>();
  /** Where the next question after what the broker holds begins. */
  #turn = 0;
  #epoch = 0;
  #unsubscribe: Unsubscribe | undefined;
  #running = false;

  constructor(options: {
    store: RetainedTopicStore;
    publisher: MqttPublisher;
    clock: Clock;
    faults: ErrorTally;
  }) {
    this.#store = options.store;
    this.#publisher = options.publisher;
    this.#clock = options.clock;
    this.#faults = options.faults;
  }

  /** Reads the topics of earlier runs; those for which `set` was not called before are to be cleared. */
  async start(): Promise<void> {
    for (const topic of await this.#store.all()) {
      this.#stored.add(topic);
      if (!this.#payloads.has(topic)) this.#payloads.set(topic, '');
    }
    this.#running = true;
    this.#unsubscribe = this.#publisher.onConnected(() => this.#restart());
    this.#restart();
  }

  stop(): void {
    this.#running = false;
    this.#epoch += 1;
    this.#unsubscribe?.();
  }

  /** Topics whose newest message the broker does not have yet. */
  get size(): number {
    return this.#dirty.size;
  }

  set(topic: string, payload: string): void {
    this.#payloads.set(topic, payload);
    this.#dirty.add(topic);
    this.#pump();
  }

  /** Clears the topic at the broker with an empty message. */
  clear(topic: string): void {
    if (this.#payloads.has(topic)) this.set(topic, '');
  }

  /** Topics with a message, `count` at a time and then from the first again. */
  nextTopics(count: number): string[] {
    const topics = [...this.#payloads.keys()];
    const from = this.#turn < topics.length ? this.#turn : 0;
    this.#turn = from + count;
    return topics.slice(from, from + count);
  }

  /** What the broker has acknowledged for the topic; undefined while something newer is under way. */
  settled(topic: string): string | undefined {
    if (this.#dirty.has(topic) || this.#inFlight.has(topic)) return undefined;
    return this.#payloads.get(topic);
  }

  /** Sends what the broker has lost once more. */
  resend(topics: readonly string[] | 'all'): void {
    for (const topic of topics === 'all' ? this.#payloads.keys() : topics) this.#dirty.add(topic);
    this.#pump();
  }

  #restart(): void {
    this.#epoch += 1;
    this.#inFlight.clear();
    this.#dirty.clear();
    for (const topic of this.#payloads.keys()) this.#dirty.add(topic);
    this.#pump();
  }

  #pump(): void {
    if (!this.#running || !this.#publisher.connected) return;
    for (const topic of this.#dirty) {
      if (this.#inFlight.size >= MAX_IN_FLIGHT) return;
      if (!this.#inFlight.has(topic)) void this.#send(topic);
    }
  }

  async #send(topic: string): Promise<void> {
    const epoch = this.#epoch;
    const payload = this.#payloads.get(topic) ?? '';
    this.#inFlight.add(topic);
    this.#dirty.delete(topic);
    if (payload !== '' && !(await this.#remember(topic))) return this.#again(topic, epoch);
    const outcome = await this.#publisher.publish(topic, payload, { retain: true });
    if (epoch !== this.#epoch) return;
    if (outcome.ok) {
      this.#inFlight.delete(topic);
      if (payload === '' && this.#payloads.get(topic) === '') await this.#forget(topic);
      this.#pump();
    } else if (outcome.why === 'refused') {
      this.#faults.add(`the broker refuses messages on ${topic}`, outcome.message);
      this.#again(topic, epoch);
    }
  }

  #again(topic: string, epoch: number): void {
    this.#clock.after(RETRY_MS, () => {
      if (epoch !== this.#epoch) return;
      this.#inFlight.delete(topic);
      this.#dirty.add(topic);
      this.#pump();
    });
  }

  async #remember(topic: string): Promise<boolean> {
    if (this.#stored.has(topic)) return true;
    try {
      await this.#store.add(topic);
      this.#stored.add(topic);
      return true;
    } catch (error) {
      this.#faults.add('a topic was not noted', messageOf(error));
      return false;
    }
  }

  async #forget(topic: string): Promise<void> {
    this.#payloads.delete(topic);
    try {
      this.#stored.delete(topic);
      await this.#store.remove(topic);
    } catch (error) {
      this.#faults.add('a topic was not noted', messageOf(error));
    }
  }
}
