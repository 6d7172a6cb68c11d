import type { Clock } from '../base/clock.ts';
import { GatewayError } from '../base/gateway-error.ts';
import { newId } from '../base/new-id.ts';
import type { Page } from '../contract/common.ts';
import type { RuleCreate, RulePatch } from '../contract/notification.ts';
import { pageOf } from '../fleet/page-of.ts';
import type { RuleRecord, RuleStore } from './rule-store.ts';

const MOST_RULES = 200;

/** Who hears of what, when; held in memory beside the table, for the life of the gateway. */
export class Rules {
  readonly #clock: Clock;
  readonly #store: RuleStore;
  readonly #hasChannel: (channelId: string) => boolean;
  readonly #records = new Map<string, RuleRecord>();

  constructor(options: { clock: Clock; store: RuleStore; hasChannel: (channelId: string) => boolean }) {
    this.#clock = options.clock;
    this.#store = options.store;
    this.#hasChannel = options.hasChannel;
  }

  async start(): Promise<void> {
    for (const record of await this.#store.all()) this.#records.set(record.id, record);
  }

  all(): RuleRecord[] {
    return [...this.#records.values()];
  }

  get(id: string): RuleRecord | undefined {
    return this.#records.get(id);
  }

  list({ limit, cursor }: { limit: number; cursor?: string }): Page<RuleRecord> {
    return pageOf(this.all(), limit, cursor);
  }

  /** The name of a rule that sends to the channel. */
  usingChannel(channelId: string): string | undefined {
    return this.all().find((rule) => channelsOf(rule).includes(channelId))?.name;
  }

  /** Throws `bad-request` for an unknown channel, `conflict` when there are too many. */
  async create(body: RuleCreate): Promise<RuleRecord> {
    if (this.#records.size >= MOST_RULES)
      throw new GatewayError('conflict', `there are ${MOST_RULES} rules: remove one first`);
    return this.#keep({ ...body, id: newId('rul'), createdAtMs: this.#clock.now() });
  }

  /** Throws `not-found`, `bad-request`. */
  async patch(id: string, body: RulePatch): Promise<RuleRecord> {
    const given = Object.entries(body).filter(([, value]) => value !== undefined);
    return this.#keep({ ...this.#existing(id), ...(Object.fromEntries(given) as Partial<RuleRecord>) });
  }

  /** What it has promised and not told yet is dropped. Throws `not-found`. */
  async remove(id: string): Promise<void> {
    this.#existing(id);
    await this.#store.remove(id);
    this.#records.delete(id);
  }

  async #keep(record: RuleRecord): Promise<RuleRecord> {
    const unknown = channelsOf(record).find((channelId) => !this.#hasChannel(channelId));
    if (unknown !== undefined)
      throw new GatewayError('bad-request', `channelIds: there is no channel ${unknown}`);
    await this.#store.save(record);
    this.#records.set(record.id, record);
    return record;
  }

  #existing(id: string): RuleRecord {
    const record = this.#records.get(id);
    if (!record) throw new GatewayError('not-found', `there is no rule ${id}`);
    return record;
  }
}

function channelsOf({ channelIds, escalation }: RuleRecord): string[] {
  return [...channelIds, ...escalation.flatMap((step) => step.channelIds)];
}
