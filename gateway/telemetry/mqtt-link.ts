import { connect } from 'mqtt';
import type { IConnackPacket, IPublishPacket, MqttClient } from 'mqtt';
import { Backoff } from '../base/backoff.ts';
import type { CancelTimer, Clock } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import type { Unsubscribe } from '../base/emitter.ts';
import { ErrorTally } from '../base/error-tally.ts';
import { messageOf } from '../base/gateway-error.ts';
import type { Logger } from '../base/logger.ts';
import { brokerFault, shownUrl } from './broker-fault.ts';
import type { BrokerAddress, MqttVersion } from './broker-address.ts';
import { clientOptions } from './client-options.ts';
import type { MqttPublisher, PublishEnd, PublishOptions, PublishOutcome } from './mqtt-publisher.ts';
import { RetainedReading } from './retained-reading.ts';

/** A message that came in; `responseTopic` and `correlationData` are MQTT 5's. */
export interface InboundMessage {
  topic: string;
  payload: Buffer;
  /** True when the sender of this connection, the broker, has sent it before and was not answered. */
  dup: boolean;
  /** True when the broker had kept it: it may be old. */
  retained: boolean;
  responseTopic: string | null;
  correlationData: Buffer | null;
}

export interface MqttLinkOptions {
  clock: Clock;
  logger: Logger;
  broker: BrokerAddress;
  clientId: string;
  /** Asked anew at each connect: what the broker publishes, retained, when this link ends without a farewell. */
  will?: () => { topic: string; payload: string };
  subscriptions: readonly string[];
  /** The broker gets its acknowledgement when this settles. */
  onMessage: (message: InboundMessage) => Promise<void>;
  keepaliveSec?: number;
  backoff?: { firstMs: number; maxMs: number };
}

/** Messages sent and not yet acknowledged, or fewer where an MQTT 5 broker says so. */
const MAX_IN_FLIGHT = 32;
/** CONNACK codes that mean "not this protocol version": 1 in MQTT 3.1.1, 132 in MQTT 5. */
const VERSION_REFUSED = new Set([1, 132]);

/**
 * The one connection to the broker, kept up for ever: MQTT 5 where the broker speaks it, else 3.1.1; a broker that is
 * away is normal and only delays. A message is never sent again by the link itself: its `lost` goes to who queued it.
 */
export class MqttLink implements MqttPublisher {
  readonly #options: MqttLinkOptions;
  readonly #backoff: Backoff;
  readonly #faults: ErrorTally;
  readonly #onConnected: Emitter<void>;
  readonly #pending = new Set<(outcome: PublishOutcome) => void>();
  readonly #queued: (() => void)[] = [];
  readonly #ended: Record<PublishEnd, number> = { acknowledged: 0, lost: 0, refused: 0 };
  #inFlight = 0;
  #window = MAX_IN_FLIGHT;
  #versionIndex = 0;
  #client: MqttClient | undefined;
  #connected = false;
  #stopped = true;
  #cancelRetry: CancelTimer | undefined;
  #reading: RetainedReading | undefined;

  constructor(options: MqttLinkOptions) {
    this.#options = options;
    this.#backoff = new Backoff({ firstMs: 500, maxMs: 30_000, jitter: 0.3, ...options.backoff });
    this.#faults = new ErrorTally(options.clock, (key, count, message) =>
      options.logger.warn({ count, message }, key),
    );
    this.#onConnected = new Emitter((error) => this.#faults.add('a listener failed', messageOf(error)));
  }

  start(): void {
    this.#stopped = false;
    this.#connect();
  }

  /** Says goodbye, so that the broker does not publish the will, and ends. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelRetry?.();
    this.#faults.stop();
    const client = this.#client;
    if (!client) return;
    const wasConnected = this.#connected;
    await new Promise<void>((resolve) => {
      const cancel = this.#options.clock.after(2000, resolve);
      client.end(!wasConnected, () => {
        cancel();
        resolve();
      });
    });
    this.#closed(client);
  }

  get connected(): boolean {
    return this.#connected;
  }

  /** The protocol version in use; null while not connected. */
  get version(): MqttVersion | null {
    return this.#connected ? this.#version : null;
  }

  /** How publishes ended, since the start. */
  get published(): Readonly<Record<PublishEnd, number>> {
    return this.#ended;
  }

  onConnected(listener: () => void): Unsubscribe {
    return this.#onConnected.subscribe(listener);
  }

  /** Sends with QoS 1; resolves when the broker has acknowledged, has refused, or the link has broken. Never throws. */
  async publish(topic: string, payload: string, options: PublishOptions): Promise<PublishOutcome> {
    if (this.#inFlight >= this.#window) await new Promise<void>((resolve) => this.#queued.push(resolve));
    const client = this.#client;
    if (!client || !this.#connected)
      return { ok: false, why: 'lost', message: 'not connected to the broker' };
    this.#inFlight += 1;
    const outcome = await this.#send(client, topic, payload, options);
    this.#ended[outcome.ok ? 'acknowledged' : outcome.why] += 1;
    if (client === this.#client) {
      this.#inFlight -= 1;
      this.#queued.shift()?.();
    }
    return outcome;
  }

  /** What the broker holds, retained, on these topics; null when it does not permit the question, or the link broke. */
  async readRetained(
    topics: readonly string[],
    withinMs: number,
  ): Promise<ReadonlyMap<string, string> | null> {
    const client = this.#client;
    if (!client || !this.#connected || this.#reading) return null;
    this.#reading = new RetainedReading(topics);
    try {
      const held = await this.#reading.ask(client, this.#options.clock, withinMs);
      return client === this.#client ? held : null;
    } finally {
      this.#reading = undefined;
    }
  }

  #send(
    client: MqttClient,
    topic: string,
    payload: string,
    { retain, correlationData }: PublishOptions,
  ): Promise<PublishOutcome> {
    const properties = correlationData && this.#version === 5 ? { correlationData } : undefined;
    return new Promise((resolve) => {
      const settle = (outcome: PublishOutcome) => {
        this.#pending.delete(settle);
        resolve(outcome);
      };
      this.#pending.add(settle);
      client.publish(topic, payload, { qos: 1, retain, ...(properties && { properties }) }, (error) => {
        if (!error) return settle({ ok: true });
        const refused = 'code' in error && this.#connected && client === this.#client;
        settle({ ok: false, why: refused ? 'refused' : 'lost', message: error.message });
      });
    });
  }

  get #version(): MqttVersion {
    const versions = this.#versions;
    return versions[this.#versionIndex % versions.length] ?? 4;
  }

  get #versions(): readonly MqttVersion[] {
    return this.#options.broker.versions ?? [5, 4];
  }

  #connect(): void {
    if (this.#stopped) return;
    const client = connect(this.#options.broker.url, clientOptions(this.#options, this.#version));
    this.#client = client;
    // What the broker (or the network) has said before the connection closed.
    const heard = { answer: false, unreachable: false, retryAtOnce: false };
    client.handleMessage = (packet, done) => void this.#receive(packet, done);
    client.on('connect', (connack) => {
      heard.answer = true;
      this.#opened(client, connack);
    });
    client.on('error', (error) => {
      const code = 'code' in error ? error.code : undefined;
      if (typeof code === 'string') heard.unreachable = code !== 'ECONNRESET';
      else if (!this.#connected && typeof code === 'number') {
        heard.answer = true;
        heard.retryAtOnce = this.#nextVersion(code);
      }
      if (!heard.retryAtOnce && !this.#stopped) this.#fault(error);
    });
    client.on('close', () => {
      if (this.#client !== client) return;
      // Some brokers drop a protocol version that they do not know without a word.
      if (!heard.answer && !heard.unreachable) this.#versionIndex += 1;
      this.#closed(client);
      this.#retry(heard.retryAtOnce ? 0 : this.#backoff.nextMs());
    });
  }

  #fault(error: unknown): void {
    const { broker } = this.#options;
    this.#faults.add(`no connection to the MQTT broker ${shownUrl(broker.url)}`, brokerFault(error, broker));
  }

  /** Turns to the next version when the broker refused this one; true when there is one that was not tried yet. */
  #nextVersion(code: number): boolean {
    if (!VERSION_REFUSED.has(code)) return false;
    this.#versionIndex += 1;
    return this.#versionIndex % this.#versions.length !== 0;
  }

  #retry(afterMs: number): void {
    if (this.#stopped) return;
    this.#cancelRetry = this.#options.clock.after(afterMs, () => this.#connect());
  }

  #opened(client: MqttClient, connack: IConnackPacket): void {
    this.#connected = true;
    this.#backoff.reset();
    this.#window = Math.min(MAX_IN_FLIGHT, connack.properties?.receiveMaximum ?? MAX_IN_FLIGHT);
    this.#options.logger.info({ mqtt: this.#version === 5 ? '5' : '3.1.1' }, 'connected to the MQTT broker');
    const { subscriptions } = this.#options;
    if (subscriptions.length > 0)
      client.subscribe([...subscriptions], { qos: 1 }, (error) => {
        if (error && this.#connected) this.#faults.add('the broker refused a subscription', error.message);
      });
    this.#onConnected.emit();
  }

  /** Settles everything that was under way: the queues send it again. */
  #closed(client: MqttClient): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    this.#connected = false;
    this.#inFlight = 0;
    for (const settle of this.#pending)
      settle({ ok: false, why: 'lost', message: 'the connection to the broker broke' });
    for (const resume of this.#queued.splice(0)) resume();
    client.end(true);
  }

  async #receive(packet: { cmd: string }, done: (error?: Error) => void): Promise<void> {
    try {
      const { topic, payload, retain, dup, properties } = packet as IPublishPacket;
      if (this.#reading?.take(topic, Buffer.from(payload))) return done();
      await this.#options.onMessage({
        topic,
        payload: Buffer.from(payload),
        dup,
        retained: retain,
        responseTopic: properties?.responseTopic ?? null,
        correlationData: properties?.correlationData ?? null,
      });
    } catch (error) {
      this.#faults.add('an incoming message was not handled', messageOf(error));
    }
    done();
  }
}
