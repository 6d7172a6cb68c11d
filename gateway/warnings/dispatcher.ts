import { Backoff } from '../base/backoff.ts';
import type { CancelTimer, Clock } from '../base/clock.ts';
import type { ErrorTally } from '../base/error-tally.ts';
import { isGatewayError, messageOf } from '../base/gateway-error.ts';
import type { DeliveryFault } from '../contract/notification.ts';
import type { ChannelRecord } from './channel-record.ts';
import type { Channels } from './channels.ts';
import type { Delivery, DeliveryStore } from './delivery-store.ts';
import type { Message } from './message.ts';
import type { Exchange } from './outbound-http.ts';
import type { Order, Outcome } from './robots/order.ts';
import { robots } from './robots/robots.ts';

/** Robots take 20 messages a minute: one each 3.2 s is 19 at most. Other receivers get one a second. */
const SPACING_MS = { wecom: 3200, dingtalk: 3200, feishu: 3200, http: 1000 } as const;
const TICK_MS = 500;
const MOST_AT_ONCE = 8;
const FIRST_RETRY_MS = 5000;
const LONGEST_RETRY_MS = 600_000;
/** News of yesterday helps nobody. */
const TOO_OLD_MS = 86_400_000;
const STORAGE_RETRY_MS = 5000;

const RESTING: DeliveryFault = {
  code: 'rate-limited',
  message: 'the receiver takes no more messages for now: try again in some minutes',
};

/** How the last try on a channel ended. */
export interface ChannelState {
  waiting: number;
  lastSentAtMs: number | null;
  fault: (DeliveryFault & { atMs: number }) | null;
}

interface Lane {
  queue: Delivery[];
  busy: boolean;
  /** Nothing is sent before, ms since 1970. */
  restUntilMs: number;
  state: Omit<ChannelState, 'waiting'>;
}

/** Sends what the outbox holds: each channel one at a time and no faster than its receiver takes, faults tried again for a day. */
export class Dispatcher {
  readonly #clock: Clock;
  readonly #store: DeliveryStore;
  readonly #channels: Pick<Channels, 'get' | 'secretsOf'>;
  readonly #http: { send(order: Order): Promise<Exchange> };
  readonly #faults: ErrorTally;
  readonly #lanes = new Map<string, Lane>();
  readonly #underWay = new Set<Promise<void>>();
  #cancel: CancelTimer | undefined;

  constructor(options: {
    clock: Clock;
    store: DeliveryStore;
    channels: Pick<Channels, 'get' | 'secretsOf'>;
    http: { send(order: Order): Promise<Exchange> };
    faults: ErrorTally;
  }) {
    this.#clock = options.clock;
    this.#store = options.store;
    this.#channels = options.channels;
    this.#http = options.http;
    this.#faults = options.faults;
  }

  /** Takes up what a killed gateway left: what it was sending is sent again. */
  async start(): Promise<void> {
    for (const tried of await this.#store.lastTries()) this.#remember(tried);
    for (const delivery of await this.#store.waiting()) this.#laneOf(delivery.channelId).queue.push(delivery);
    this.#cancel = this.#clock.every(TICK_MS, () => this.#pump());
    this.#pump();
  }

  /** Ends; what is under way has been noted when the promise resolves. */
  async stop(): Promise<void> {
    this.#cancel?.();
    await Promise.all(this.#underWay);
  }

  /** Takes over a message that lies in the outbox already. */
  take(delivery: Delivery): void {
    this.#laneOf(delivery.channelId).queue.push(delivery);
    this.#pump();
  }

  waiting(channelId: string, kind?: Delivery['kind']): number {
    const queue = this.#lanes.get(channelId)?.queue ?? [];
    return kind === undefined ? queue.length : queue.filter((delivery) => delivery.kind === kind).length;
  }

  state(channelId: string): ChannelState {
    const { lastSentAtMs, fault } = this.#laneOf(channelId).state;
    return { waiting: this.waiting(channelId), lastSentAtMs, fault };
  }

  /** Sends one message now, beside the outbox, within the channel's pace. */
  async tryNow(channel: ChannelRecord, message: Message): Promise<Outcome> {
    const lane = this.#laneOf(channel.id);
    const spacingMs = SPACING_MS[channel.kind];
    const now = this.#clock.now();
    const waitMs = Math.max(0, lane.restUntilMs - now);
    if (waitMs > 2 * spacingMs) return { kind: 'retry', fault: RESTING };
    lane.restUntilMs = now + waitMs + spacingMs;
    if (waitMs > 0) await new Promise<void>((resolve) => this.#clock.after(waitMs, resolve));
    const outcome = await this.#exchange(channel, message);
    this.#noteOutcome(lane, outcome);
    return outcome;
  }

  #pump(): void {
    const now = this.#clock.now();
    for (const [channelId, lane] of this.#lanes) {
      if (this.#underWay.size >= MOST_AT_ONCE) return;
      if (lane.busy || lane.restUntilMs > now) continue;
      const ready = lane.queue.filter(({ nextTryAtMs }) => (nextTryAtMs ?? 0) <= now);
      const next = ready.find(({ kind }) => kind === 'alarm') ?? ready[0];
      if (next) this.#begin(channelId, lane, next);
    }
  }

  #begin(channelId: string, lane: Lane, delivery: Delivery): void {
    lane.busy = true;
    const work = this.#work(channelId, lane, delivery)
      .catch((error: unknown) => {
        this.#faults.add('the outbox of messages cannot be written', messageOf(error));
        lane.restUntilMs = this.#clock.now() + STORAGE_RETRY_MS;
      })
      .finally(() => {
        lane.busy = false;
        this.#underWay.delete(work);
        if (this.#cancel) this.#pump();
      });
    this.#underWay.add(work);
  }

  async #work(channelId: string, lane: Lane, delivery: Delivery): Promise<void> {
    const channel = this.#channels.get(channelId);
    const now = this.#clock.now();
    if (!channel?.enabled)
      return this.#finish(lane, delivery, { ...delivery, state: 'failed', nextTryAtMs: null });
    lane.restUntilMs = now + SPACING_MS[channel.kind];
    const tried = { ...delivery, attempts: delivery.attempts + 1, lastTryAtMs: now };
    await this.#store.update(tried);
    const outcome = await this.#exchange(channel, delivery.message);
    this.#noteOutcome(lane, outcome);
    if (outcome.kind !== 'sent') {
      const { code, message } = outcome.fault;
      this.#faults.add(`messages of channel ${channelId} do not arrive (${code})`, message);
    }
    await this.#finish(lane, delivery, this.#after(tried, outcome));
  }

  /** Never throws; a fault says nothing of address, secret or reply. */
  async #exchange(channel: ChannelRecord, message: Message): Promise<Outcome> {
    const robot = robots[channel.kind];
    try {
      const secrets = this.#channels.secretsOf(channel.id);
      const reply = await this.#http.send(robot.order(message, channel, secrets, this.#clock.now()));
      if (reply.ok) return robot.judge(reply.answer);
      return { kind: reply.final ? 'final' : 'retry', fault: reply.fault };
    } catch (error) {
      const unreadable = isGatewayError(error, 'secret-unreadable');
      return {
        kind: 'final',
        fault: unreadable
          ? {
              code: 'secret-unreadable',
              message:
                'the stored address cannot be decrypted: enter it again, or restore the file secret.key',
            }
          : { code: 'bad-template', message: 'address, headers or template cannot be filled in: check them' },
      };
    }
  }

  #after(tried: Delivery, outcome: Outcome): Delivery {
    const now = this.#clock.now();
    if (outcome.kind === 'sent')
      return { ...tried, state: 'sent', sentAtMs: now, nextTryAtMs: null, fault: null };
    const { fault } = outcome;
    if (outcome.kind === 'final') return { ...tried, state: 'failed', nextTryAtMs: null, fault };
    if (now - tried.createdAtMs > TOO_OLD_MS)
      return {
        ...tried,
        state: 'failed',
        nextTryAtMs: null,
        fault: { code: 'too-old', message: `given up after a day: ${fault.message}` },
      };
    return { ...tried, nextTryAtMs: now + Math.max(retryMs(tried.attempts), outcome.waitMs ?? 0), fault };
  }

  async #finish(lane: Lane, before: Delivery, after: Delivery): Promise<void> {
    await this.#store.update(after);
    const rest = lane.queue.filter(({ id }) => id !== before.id);
    lane.queue = after.state === 'waiting' ? [after, ...rest] : rest;
  }

  #noteOutcome(lane: Lane, outcome: Outcome): void {
    const now = this.#clock.now();
    if (outcome.kind === 'sent') lane.state = { lastSentAtMs: now, fault: null };
    else lane.state = { ...lane.state, fault: { ...outcome.fault, atMs: now } };
    // Too many or no answer: the next message would fare no better.
    if (outcome.kind === 'retry') lane.restUntilMs = Math.max(lane.restUntilMs, now + (outcome.waitMs ?? 0));
  }

  #remember({ channelId, lastTryAtMs, sentAtMs, fault, state }: Delivery): void {
    const lane = this.#laneOf(channelId);
    const kind = this.#channels.get(channelId)?.kind;
    lane.restUntilMs = (lastTryAtMs ?? 0) + (kind === undefined ? 0 : SPACING_MS[kind]);
    if (state === 'sent') lane.state = { lastSentAtMs: sentAtMs, fault: null };
    else if (fault) lane.state = { lastSentAtMs: null, fault: { ...fault, atMs: lastTryAtMs ?? 0 } };
  }

  #laneOf(channelId: string): Lane {
    const known = this.#lanes.get(channelId);
    if (known) return known;
    const lane: Lane = { queue: [], busy: false, restUntilMs: 0, state: { lastSentAtMs: null, fault: null } };
    this.#lanes.set(channelId, lane);
    return lane;
  }
}

function retryMs(attempts: number): number {
  const backoff = new Backoff({
    firstMs: FIRST_RETRY_MS * 2 ** Math.min(attempts - 1, 10),
    maxMs: LONGEST_RETRY_MS,
    jitter: 0.2,
  });
  return backoff.nextMs();
}
