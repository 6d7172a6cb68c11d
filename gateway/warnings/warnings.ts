import type { CancelTimer, Clock } from '../base/clock.ts';
import { toRfc3339 } from '../base/clock.ts';
import type { Database } from '../base/database.ts';
import type { Unsubscribe } from '../base/emitter.ts';
import { ErrorTally } from '../base/error-tally.ts';
import { GatewayError, messageOf } from '../base/gateway-error.ts';
import type { Logger } from '../base/logger.ts';
import type { NetworkGuard } from '../base/network-guard.ts';
import { newId } from '../base/new-id.ts';
import type { Page } from '../contract/common.ts';
import type { Incident } from '../contract/incident.ts';
import type { ChannelTest, DeliveryQuery } from '../contract/notification.ts';
import type { SecretBox } from '../fleet/secret-box.ts';
import { ChannelStore } from './channel-store.ts';
import { Channels } from './channels.ts';
import { DeliveryStore } from './delivery-store.ts';
import type { Delivery } from './delivery-store.ts';
import { Dispatcher } from './dispatcher.ts';
import type { ChannelState } from './dispatcher.ts';
import { incidentView } from './incident-view.ts';
import { IncidentStore } from './incident-store.ts';
import { Incidents } from './incidents.ts';
import type { ChangeSource, IncidentSubjects } from './incidents.ts';
import { Mailroom } from './mailroom.ts';
import type { Message } from './message.ts';
import { messageWords } from './message-words.ts';
import { OutboundHttp } from './outbound-http.ts';
import { RuleStore } from './rule-store.ts';
import { Rules } from './rules.ts';

export interface WarningsOptions {
  clock: Clock;
  logger: Logger;
  database: Database;
  secretBox: SecretBox;
  guard: Pick<NetworkGuard, 'resolve'>;
  changes: ChangeSource;
  subjects: IncidentSubjects;
  /** Cameras in use of a project. */
  cameraCount: (projectId: string) => number;
  timeZone: string;
  /** Start of links, without a slash at its end; null: none. */
  publicUrl: string | null;
  /** Days for which closed incidents and old messages are kept. */
  keepDays: number;
}

/** A message that another stage has ready: a reminder, a brief for one person. */
export type Announcement = Pick<Message, 'id' | 'title' | 'lines' | 'link'> & {
  channelId: string;
  /** Whom it is for, as the receiver knows them (a phone number); empty for none. */
  to?: string;
  project?: string;
};

const DAY_MS = 86_400_000;
const MOST_ANNOUNCEMENTS = 2000;

/** News to people: incidents, rules, channels and what is sent over them. One for the gateway. */
export class Warnings {
  readonly channels: Channels;
  readonly rules: Rules;
  readonly incidents: Incidents;
  readonly #options: WarningsOptions;
  readonly #faults: ErrorTally;
  readonly #http: OutboundHttp;
  readonly #incidentStore: IncidentStore;
  readonly #deliveries: DeliveryStore;
  readonly #dispatcher: Dispatcher;
  readonly #mailroom: Mailroom;
  #cancelPruning: CancelTimer | undefined;

  constructor(options: WarningsOptions) {
    const { clock, logger, database, secretBox, subjects } = options;
    const faults = new ErrorTally(clock, (key, count, message) => logger.warn({ count, message }, key));
    this.#options = options;
    this.#faults = faults;
    this.rules = new Rules({
      clock,
      store: new RuleStore(database),
      hasChannel: (channelId) => this.channels.get(channelId) !== undefined,
    });
    this.channels = new Channels({
      clock,
      secretBox,
      store: new ChannelStore(database),
      isUsed: (channelId) => this.rules.usingChannel(channelId),
    });
    this.#incidentStore = new IncidentStore(database);
    this.incidents = new Incidents({ ...options, faults, store: this.#incidentStore, rules: this.rules });
    this.#http = new OutboundHttp(options);
    this.#deliveries = new DeliveryStore(database);
    this.#dispatcher = new Dispatcher({
      clock,
      faults,
      store: this.#deliveries,
      channels: this.channels,
      http: this.#http,
    });
    this.#mailroom = new Mailroom({
      ...options,
      incidents: this.incidents,
      channels: this.channels,
      rules: this.rules,
      dispatcher: this.#dispatcher,
      projectName: (projectId) => subjects.project(projectId)?.name ?? projectId,
    });
  }

  async start(): Promise<void> {
    const { clock } = this.#options;
    await this.channels.start();
    await this.rules.start();
    await this.#dispatcher.start();
    await this.incidents.start(() => this.#mailroom.work());
    this.#cancelPruning = clock.every(DAY_MS, () => void this.#prune());
    await this.#prune();
  }

  /** Ends; what was promised and what was sent is on disk when the promise resolves. */
  async stop(): Promise<void> {
    this.#cancelPruning?.();
    await this.incidents.stop();
    this.#http.stop();
    await this.#dispatcher.stop();
    this.#faults.stop();
  }

  channelState(channelId: string): ChannelState {
    return this.#dispatcher.state(channelId);
  }

  deliveries(query: DeliveryQuery): Promise<Page<Delivery>> {
    return this.#deliveries.list(query);
  }

  incidentView(record: Parameters<typeof incidentView>[0]): Incident {
    return incidentView(record, this.#options.subjects.project(record.projectId)?.name ?? '');
  }

  onIncident(listener: (incident: Incident) => void): Unsubscribe {
    return this.incidents.onChange((record) => listener(this.incidentView(record)));
  }

  /** Sends a test message now and tells how it went. Throws `not-found`. */
  async test(channelId: string): Promise<ChannelTest> {
    const channel = this.channels.get(channelId);
    if (!channel) throw new GatewayError('not-found', `there is no channel ${channelId}`);
    const { clock, publicUrl } = this.#options;
    const words = messageWords[channel.language];
    const id = newId('msg');
    const lines = [words.test.line];
    const message = this.#message({ id, channelId, title: words.test.title, lines, link: publicUrl });
    const startedMs = clock.monotonicMs();
    const outcome = await this.#dispatcher.tryNow(channel, message);
    const ms = Math.round(clock.monotonicMs() - startedMs);
    if (outcome.kind === 'sent')
      return { ok: true, code: null, message: 'the receiver has taken the test message', ms };
    return { ok: false, ...outcome.fault, ms };
  }

  /**
   * Puts a message into the outbox; on disk when the promise resolves. The same id again is the same message: false, and
   * nothing is sent twice. Throws `not-found`, or `conflict` when too many wait for the channel.
   */
  async announce(announcement: Announcement): Promise<boolean> {
    const { id, channelId } = announcement;
    if (!this.channels.get(channelId))
      throw new GatewayError('not-found', `there is no channel ${channelId}`);
    if (this.#dispatcher.waiting(channelId, 'announcement') >= MOST_ANNOUNCEMENTS)
      throw new GatewayError(
        'conflict',
        `${MOST_ANNOUNCEMENTS} messages wait for this channel: see why it fails first`,
      );
    const delivery: Delivery = {
      id,
      channelId,
      kind: 'announcement',
      message: this.#message(announcement),
      state: 'waiting',
      attempts: 0,
      createdAtMs: this.#options.clock.now(),
      lastTryAtMs: null,
      nextTryAtMs: null,
      sentAtMs: null,
      fault: null,
    };
    const isNew = await this.#deliveries.add(delivery);
    if (isNew) this.#dispatcher.take(delivery);
    return isNew;
  }

  #message({ id, channelId, title, lines, link, to = '', project = '' }: Announcement): Message {
    const language = this.channels.get(channelId)?.language ?? 'zh-CN';
    const at = toRfc3339(this.#options.clock.now());
    const linkWord = messageWords[language].open;
    return { id, title, lines, light: 'green', project, count: 1, link, linkWord, to, at };
  }

  async #prune(): Promise<void> {
    const beforeMs = this.#options.clock.now() - this.#options.keepDays * DAY_MS;
    try {
      await this.#incidentStore.prune(beforeMs);
      await this.#deliveries.prune(beforeMs);
    } catch (error) {
      this.#faults.add('old incidents were not cleared away', messageOf(error));
    }
  }
}
