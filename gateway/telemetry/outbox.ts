import type { CancelTimer, Clock } from '../base/clock.ts';
import type { Unsubscribe } from '../base/emitter.ts';
import type { ErrorTally } from '../base/error-tally.ts';
import { messageOf } from '../base/gateway-error.ts';
import type { MqttPublisher } from './mqtt-publisher.ts';
import type { OutboxMark, OutboxMessage, OutboxStore, QueuedMessage } from './outbox-store.ts';

/** Lanes sent at the same time; within a lane one message waits for its acknowledgement before the next goes. */
const MAX_IN_FLIGHT = 32;
/** Messages read ahead from the table, the most that are held in memory. */
const PAGE = 256;
/** A lane whose message the broker refused rests this long. */
const REFUSED_MS = 30_000;
const STORAGE_RETRY_MS = 1000;

/**
 * Messages that must not be lost: on disk before they are sent, forgotten when the broker has acknowledged them, in
 * order for each lane, over broker outages and restarts of the gateway. A message may be sent twice (QoS 1), never not.
 */
export class Outbox {
  readonly #store: OutboxStore;
  readonly #publisher: MqttPublisher;
  readonly #clock: Clock;
  readonly #faults: ErrorTally;
  /** Read ahead: the messages of each lane in order; the first of a lane in flight stays until its answer. */
  readonly #lanes = new Map<string, QueuedMessage[]>();
  readonly #buffered = new Set<number>();
  readonly #inFlight = new Set<string>();
  readonly #resting = new Map<string, CancelTimer>();
  /** Acknowledged, and not yet deleted from the table. */
  readonly #acknowledged = new Set<number>();
  #adding: Promise<void> = Promise.resolve();
  #deleting: Promise<void> | undefined;
  #readUpTo = 0;
  #waiting = 0;
  #reading = false;
  #running = false;
  /** Grows when the link returns: answers to what was sent before do not move the queue any more. */
  #epoch = 0;
  #unsubscribe: Unsubscribe | undefined;

  constructor(options: { store: OutboxStore; publisher: MqttPublisher; clock: Clock; faults: ErrorTally }) {
    this.#store = options.store;
    this.#publisher = options.publisher;
    this.#clock = options.clock;
    this.#faults = options.faults;
  }

  async start(): Promise<void> {
    this.#waiting = await this.#store.open();
    this.#running = true;
    this.#unsubscribe = this.#publisher.onConnected(() => this.#restart());
    this.#restart();
  }

  /** Stops sending; what was acknowledged is forgotten on disk when the promise resolves. */
  async stop(): Promise<void> {
    this.#running = false;
    this.#epoch += 1;
    this.#unsubscribe?.();
    for (const cancel of this.#resting.values()) cancel();
    this.#resting.clear();
    await this.#adding;
    await this.#deleting;
  }

  /** Messages that the broker has not acknowledged yet. */
  get size(): number {
    return this.#waiting;
  }

  /** Queues messages and moves a mark in one step; on disk when the promise resolves. Throws when it cannot be written. */
  add(messages: readonly OutboxMessage[], mark?: OutboxMark): Promise<void> {
    const added = this.#adding.then(async () => {
      await this.#store.add(messages, mark);
      this.#waiting += messages.length;
      this.#pump();
    });
    this.#adding = added.catch(() => undefined);
    return added;
  }

  /** Begins anew from the oldest message: what was in flight when the link broke is sent again. */
  #restart(): void {
    this.#epoch += 1;
    this.#lanes.clear();
    this.#buffered.clear();
    this.#inFlight.clear();
    for (const cancel of this.#resting.values()) cancel();
    this.#resting.clear();
    this.#readUpTo = 0;
    this.#pump();
  }

  #pump(): void {
    if (!this.#running || !this.#publisher.connected) return;
    for (const [lane, queue] of this.#lanes) {
      if (this.#inFlight.size >= MAX_IN_FLIGHT) break;
      const message = queue[0];
      if (message && !this.#inFlight.has(lane)) void this.#send(message);
    }
    if (this.#buffered.size < PAGE / 2) void this.#read();
  }

  async #read(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    const from = this.#readUpTo;
    let again = false;
    try {
      const messages = await this.#store.after(from, PAGE);
      const current = from === this.#readUpTo;
      if (current) for (const message of messages) this.#take(message);
      again = !current || messages.length > 0;
    } catch (error) {
      this.#faults.add('the outbox cannot be read', messageOf(error));
      this.#clock.after(STORAGE_RETRY_MS, () => this.#pump());
    } finally {
      this.#reading = false;
    }
    if (again) this.#pump();
  }

  #take(message: QueuedMessage): void {
    this.#readUpTo = message.seq;
    if (this.#resting.has(message.lane)) return;
    if (this.#buffered.has(message.seq) || this.#acknowledged.has(message.seq)) return;
    this.#buffered.add(message.seq);
    const queue = this.#lanes.get(message.lane);
    if (queue) queue.push(message);
    else this.#lanes.set(message.lane, [message]);
  }

  async #send(message: QueuedMessage): Promise<void> {
    const epoch = this.#epoch;
    const { lane, topic, payload, retain, seq } = message;
    this.#inFlight.add(lane);
    const outcome = await this.#publisher.publish(topic, payload, { retain });
    if (outcome.ok) this.#forget(seq);
    if (epoch !== this.#epoch) return;
    this.#inFlight.delete(lane);
    if (outcome.ok) {
      const queue = this.#lanes.get(lane);
      queue?.shift();
      this.#buffered.delete(seq);
      if (queue?.length === 0) this.#lanes.delete(lane);
      this.#pump();
    } else if (outcome.why === 'refused') {
      this.#faults.add(`the broker refuses messages on ${topic}`, outcome.message);
      this.#rest(lane, seq);
    }
  }

  /** Leaves a refused lane alone for a while, so that the others go on; then reads its messages again from the first. */
  #rest(lane: string, firstSeq: number): void {
    for (const { seq } of this.#lanes.get(lane) ?? []) this.#buffered.delete(seq);
    this.#lanes.delete(lane);
    const wake = () => {
      this.#resting.delete(lane);
      this.#readUpTo = Math.min(this.#readUpTo, firstSeq - 1);
      this.#pump();
    };
    this.#resting.set(lane, this.#clock.after(REFUSED_MS, wake));
    this.#pump();
  }

  #forget(seq: number): void {
    if (this.#acknowledged.has(seq)) return;
    this.#acknowledged.add(seq);
    this.#waiting -= 1;
    this.#startDeleting();
  }

  #startDeleting(): void {
    this.#deleting ??= this.#delete().finally(() => {
      this.#deleting = undefined;
    });
  }

  /** Deletes in batches: acknowledgements that come while one write is under way share the next. */
  async #delete(): Promise<void> {
    while (this.#acknowledged.size > 0) {
      const batch = [...this.#acknowledged].slice(0, PAGE);
      try {
        await this.#store.remove(batch);
      } catch (error) {
        this.#faults.add('the outbox cannot be written', messageOf(error));
        this.#clock.after(STORAGE_RETRY_MS, () => this.#startDeleting());
        return;
      }
      for (const seq of batch) this.#acknowledged.delete(seq);
    }
  }
}
