import type { Clock } from '../base/clock.ts';
import type { Database } from '../base/database.ts';
import type { Unsubscribe } from '../base/emitter.ts';
import { ErrorTally } from '../base/error-tally.ts';
import type { Logger } from '../base/logger.ts';
import { CommandInbox } from './command-inbox.ts';
import type { CameraCommands } from './command-inbox.ts';
import { EvidencePublisher } from './evidence-publisher.ts';
import type { EvidenceSource } from './evidence-publisher.ts';
import { MqttLink } from './mqtt-link.ts';
import type { BrokerAddress, MqttVersion } from './broker-address.ts';
import type { InboundMessage } from './mqtt-link.ts';
import type { PublishEnd } from './mqtt-publisher.ts';
import { Outbox } from './outbox.ts';
import { OutboxStore } from './outbox-store.ts';
import { RecordPublisher } from './record-publisher.ts';
import type { ChangeSource, SnapshotSource } from './record-publisher.ts';
import { RetainedCheck } from './retained-check.ts';
import { RetainedStates } from './retained-states.ts';
import { RetainedTopicStore } from './retained-topic-store.ts';
import { StatePublisher } from './state-publisher.ts';
import type {
  HealthSource,
  TelemetryCameras,
  TelemetryProjectLights,
  TelemetryProjects,
} from './state-publisher.ts';
import { Topics } from './topics.ts';
import { TrackerInbox } from './tracker-inbox.ts';
import type { TrackerProjects } from './tracker-inbox.ts';

export interface TelemetryOptions {
  clock: Clock;
  logger: Logger;
  database: Database;
  broker: BrokerAddress;
  gatewayId: string;
  /** Default `gantry/{gatewayId}`. */
  topicRoot?: string | undefined;
  /** Number of this run of the gateway. */
  session: number;
  version: string;
  /** Start of picture URLs, as in `https://gantry.example`; null: relative to the gateway. */
  baseUrl: string | null;
  health: HealthSource & ChangeSource;
  snapshots: SnapshotSource;
  cameras: TelemetryCameras;
  projects: TelemetryProjects;
  projectLights: TelemetryProjectLights;
  /** Absent: no days are told. */
  evidence?: EvidenceSource;
  tracker: TrackerProjects;
  commands: CameraCommands;
  keepaliveSec?: number;
  /** How often it is checked that the broker still holds what was retained. */
  retainedCheckMs?: number;
  backoff?: { firstMs: number; maxMs: number };
}

/** How long the farewell waits for what is queued. */
const FAREWELL_MS = 2000;
const RETAINED_CHECK_MS = 300_000;
/** Answers to the tracker that wait for the broker; what comes beyond is only counted in the log. */
const MAX_ANSWERS = 100;

/** The gateway's side of MQTT: tells health, records and status, listens to the tracker. One for the gateway. */
export class Telemetry {
  readonly #options: TelemetryOptions;
  readonly #topics: Topics;
  readonly #faults: ErrorTally;
  readonly #link: MqttLink;
  readonly #outbox: Outbox;
  readonly #retained: RetainedStates;
  readonly #states: StatePublisher;
  readonly #records: RecordPublisher;
  readonly #evidence: EvidencePublisher | undefined;
  readonly #tracker: TrackerInbox;
  readonly #commands: CommandInbox;
  readonly #check: RetainedCheck;
  #answers = 0;
  #unsubscribe: Unsubscribe | undefined;

  constructor(options: TelemetryOptions) {
    const { clock, logger, database } = options;
    this.#options = options;
    const topics = new Topics(options.topicRoot ?? `gantry/${options.gatewayId}`);
    const faults = new ErrorTally(clock, (key, count, message) => logger.warn({ count, message }, key));
    const link = this.#newLink(topics);
    const store = new OutboxStore(database);
    const outbox = new Outbox({ store, publisher: link, clock, faults });
    const topicStore = new RetainedTopicStore(database);
    const retained = new RetainedStates({ store: topicStore, publisher: link, clock, faults });
    const queue = { add: outbox.add.bind(outbox), mark: store.mark.bind(store) };
    this.#topics = topics;
    this.#faults = faults;
    this.#link = link;
    this.#outbox = outbox;
    this.#retained = retained;
    this.#check = new RetainedCheck({
      clock,
      everyMs: options.retainedCheckMs ?? RETAINED_CHECK_MS,
      statusTopic: topics.status,
      reader: link,
      retained,
      onLost: (count) => logger.warn({ count }, 'the broker has lost retained messages; they are sent again'),
    });
    this.#states = new StatePublisher({ ...options, topics, retained });
    const { evidence } = options;
    this.#evidence = evidence && new EvidencePublisher({ topics, retained, evidence });
    this.#records = new RecordPublisher({ ...options, topics, faults, queue, changes: options.health });
    this.#tracker = new TrackerInbox({
      clock,
      projects: options.tracker,
      answer: (error) => this.#say(topics.trackerErrors, error),
    });
    this.#commands = new CommandInbox({ clock, commands: options.commands });
  }

  #newLink(topics: Topics): MqttLink {
    return new MqttLink({
      ...this.#options,
      clientId: `gantry-${this.#options.gatewayId}`,
      will: () => ({ topic: topics.status, payload: JSON.stringify(this.#states.status('offline')) }),
      subscriptions: topics.inbound,
      onMessage: (message) => this.#receive(message),
    });
  }

  /** Begins; does not wait for the broker. */
  async start(): Promise<void> {
    this.#states.start();
    await this.#evidence?.start();
    await this.#retained.start();
    // After the retained states' own listener, which begins anew: else the first of them would go out twice.
    this.#unsubscribe = this.#link.onConnected(() => this.#states.publishStatus());
    await this.#outbox.start();
    this.#records.start();
    this.#link.start();
    this.#check.start();
  }

  /** Tells `offline` itself, says goodbye to the broker, and ends; the queue stays on disk. */
  async stop(): Promise<void> {
    this.#unsubscribe?.();
    this.#check.stop();
    this.#states.stop();
    this.#evidence?.stop();
    await this.#records.stop();
    this.#retained.stop();
    await this.#outbox.stop();
    if (this.#link.connected) await this.#farewell();
    await this.#link.stop();
    this.#faults.stop();
  }

  connected(): boolean {
    return this.#link.connected;
  }

  /** The MQTT version in use; null while not connected. */
  protocol(): MqttVersion | null {
    return this.#link.version;
  }

  /** Snapshots and events that the broker has not acknowledged. */
  outboxSize(): number {
    return this.#outbox.size;
  }

  /** How publishes ended, since the start. */
  published(): Readonly<Record<PublishEnd, number>> {
    return this.#link.published;
  }

  async #farewell(): Promise<void> {
    const payload = JSON.stringify(this.#states.status('offline'));
    const sent = this.#link.publish(this.#topics.status, payload, { retain: true });
    await Promise.race([
      sent,
      new Promise<void>((resolve) => this.#options.clock.after(FAREWELL_MS, resolve)),
    ]);
  }

  async #receive(message: InboundMessage): Promise<void> {
    const topic = this.#topics.parse(message.topic);
    if (topic?.kind === 'tracker-project')
      await this.#tracker.receive(message.topic, topic.externalId, message.payload);
    // A retained command would be obeyed again at each connect.
    else if (topic && !message.retained) void this.#command(topic.cameraId, message);
  }

  async #command(cameraId: string, message: InboundMessage): Promise<void> {
    const result = await this.#commands.receive(cameraId, message.payload);
    const { responseTopic, correlationData } = message;
    const topic = this.#mayAnswerOn(responseTopic) ? responseTopic : this.#topics.commandResult(cameraId);
    this.#say(topic, result, correlationData ?? undefined);
  }

  /** The sender names where the answer goes: never one of the gateway's own topics, and no wildcard. */
  #mayAnswerOn(topic: string | null): topic is string {
    if (topic === null || topic === '' || topic.length > 512) return false;
    return !/[+#\0]|^\$/.test(topic) && !topic.startsWith(`${this.#topics.root}/`);
  }

  /** An answer to a message that just came in: sent once, not queued on disk, and few at a time. */
  #say(topic: string, value: unknown, correlationData?: Buffer): void {
    if (this.#answers >= MAX_ANSWERS) return this.#faults.add('an answer was not sent, too many wait', topic);
    this.#answers += 1;
    const payload = JSON.stringify(value);
    void this.#link
      .publish(topic, payload, { retain: false, ...(correlationData && { correlationData }) })
      .finally(() => {
        this.#answers -= 1;
      });
  }
}
