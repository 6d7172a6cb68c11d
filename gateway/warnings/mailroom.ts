import { createHash } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import { toRfc3339 } from '../base/clock.ts';
import { chooseNotices } from './choose-notices.ts';
import type { Pending } from './choose-notices.ts';
import type { ChannelRecord } from './channel-record.ts';
import { composeMessage } from './compose-message.ts';
import type { Item } from './compose-message.ts';
import type { Delivery } from './delivery-store.ts';
import type { IncidentRecord } from './incident.ts';
import type { Incidents } from './incidents.ts';
import type { Notice } from './notice-plan.ts';
import type { RuleRecord } from './rule-store.ts';

/** What the mailroom works with. */
export interface MailroomOptions {
  clock: Clock;
  incidents: Pick<Incidents, 'notices' | 'commit'>;
  channels: { get(id: string): ChannelRecord | undefined };
  rules: { get(id: string): RuleRecord | undefined };
  dispatcher: { waiting(channelId: string, kind: Delivery['kind']): number; take(delivery: Delivery): void };
  projectName: (projectId: string) => string;
  cameraCount: (projectId: string) => number;
  timeZone: string;
  publicUrl: string | null;
}

/** Makes messages of the notices that wait: all that is ready for a channel goes into one, when the one before has left. */
export class Mailroom {
  readonly #options: MailroomOptions;

  constructor(options: MailroomOptions) {
    this.#options = options;
  }

  /** One round; within the incidents' `run` only. Message, notices and incidents are written in one step. */
  async work(): Promise<void> {
    for (const [channelId, { waiting, told }] of this.#byChannel()) {
      if (waiting.length === 0) continue;
      const channel = this.#options.channels.get(channelId);
      if (!channel?.enabled) await this.#settle(waiting, 'dropped');
      else if (this.#options.dispatcher.waiting(channelId, 'alarm') === 0)
        await this.#serve(channel, waiting, told);
    }
  }

  async #serve(channel: ChannelRecord, waiting: readonly Pending[], told: readonly Pending[]): Promise<void> {
    const { clock, cameraCount, dispatcher, incidents } = this.#options;
    const choice = chooseNotices(waiting, told, { nowMs: clock.now(), cameraCount });
    if (choice.drop.length > 0) await this.#settle(choice.drop, 'dropped');
    if (choice.cover.length > 0) await this.#settle(choice.cover, 'told');
    if (choice.tell.length === 0) return;
    const delivery = this.#delivery(channel, choice.tell);
    const notices = this.#marked(choice.tell, 'told', delivery.id);
    await incidents.commit({ incidents: escalated(choice.tell), notices, delivery });
    dispatcher.take(delivery);
  }

  async #settle(pending: readonly Pending[], state: 'told' | 'dropped'): Promise<void> {
    await this.#options.incidents.commit({ incidents: [], notices: this.#marked(pending, state, null) });
  }

  #marked(pending: readonly Pending[], state: 'told' | 'dropped', deliveryId: string | null): Notice[] {
    const toldAtMs = state === 'told' ? this.#options.clock.now() : null;
    return pending.map(({ notice }) => ({ ...notice, state, toldAtMs, deliveryId }));
  }

  #byChannel(): Map<string, { waiting: Pending[]; told: Pending[] }> {
    const channels = new Map<string, { waiting: Pending[]; told: Pending[] }>();
    for (const { notice, incident } of this.#options.incidents.notices()) {
      const lists = channels.get(notice.channelId) ?? { waiting: [], told: [] };
      channels.set(notice.channelId, lists);
      const pending = { notice, incident, rule: this.#options.rules.get(notice.ruleId) };
      if (notice.state === 'waiting') lists.waiting.push(pending);
      else if (notice.state === 'told' && notice.stage >= 0) lists.told.push(pending);
    }
    return channels;
  }

  /** Its id comes from what it tells, so that the same news is the same message. */
  #delivery(channel: ChannelRecord, pending: readonly Pending[]): Delivery {
    const { clock, projectName, cameraCount, timeZone, publicUrl } = this.#options;
    const nowMs = clock.now();
    const { language } = channel;
    const digest = createHash('sha256').update(JSON.stringify(pending.map(({ notice }) => notice.id).sort()));
    const id = `msg_${digest.digest('hex').slice(0, 20)}`;
    const composed = composeMessage(itemsOf(pending), {
      language,
      timeZone,
      publicUrl,
      nowMs,
      projectName,
      cameraCount,
    });
    return {
      id,
      channelId: channel.id,
      kind: 'alarm',
      state: 'waiting',
      attempts: 0,
      createdAtMs: nowMs,
      message: {
        ...composed,
        id,
        to: '',
        at: toRfc3339(nowMs),
      },
      lastTryAtMs: null,
      nextTryAtMs: null,
      sentAtMs: null,
      fault: null,
    };
  }
}

/** An incident that several rules or lights tell of stands in a message once, with the furthest step of its chain. */
function itemsOf(pending: readonly Pending[]): Item[] {
  const items = new Map<string, { stage: number; item: Item }>();
  for (const { incident, notice, rule } of pending) {
    const { stage } = notice;
    const escalatedTo = stage > 0 ? (rule?.escalation[stage - 1]?.name ?? '') : null;
    const known = items.get(incident.id);
    if (!known || known.stage < stage) items.set(incident.id, { stage, item: { incident, escalatedTo } });
  }
  return Array.from(items.values(), ({ item }) => item);
}

function escalated(pending: readonly Pending[]): IncidentRecord[] {
  return pending.flatMap(({ incident, notice, rule }) => {
    if (notice.stage <= 0) return [];
    return [{ ...incident, escalatedTo: rule?.escalation[notice.stage - 1]?.name ?? '' }];
  });
}
