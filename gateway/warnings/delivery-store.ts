import { sql } from 'kysely';
import type { Database } from '../base/database.ts';
import type { Page } from '../contract/common.ts';
import type { DeliveryFault, DeliveryQuery } from '../contract/notification.ts';
import type { Message } from './message.ts';
import { placeOf } from './place-of.ts';

/** A message on its way to a channel. */
export interface Delivery {
  id: string;
  channelId: string;
  /** Alarms go before announcements. */
  kind: 'alarm' | 'announcement';
  message: Message;
  state: 'waiting' | 'sent' | 'failed';
  attempts: number;
  createdAtMs: number;
  lastTryAtMs: number | null;
  nextTryAtMs: number | null;
  sentAtMs: number | null;
  fault: DeliveryFault | null;
}

interface DeliveryRow {
  id: string;
  channel_id: string;
  kind: Delivery['kind'];
  message: string;
  state: Delivery['state'];
  attempts: number;
  created_at_ms: number;
  last_try_at_ms: number | null;
  next_try_at_ms: number | null;
  sent_at_ms: number | null;
  fault: string | null;
}

/** The table, for transactions of other stores. */
export type DeliveryTables = { notification_deliveries: DeliveryRow };

/** The notification_deliveries table: the outbox, and what became of its messages. */
export class DeliveryStore {
  readonly #tables;

  constructor(database: Database) {
    this.#tables = database.withTables<DeliveryTables>();
  }

  /** All that wait, oldest first. */
  async waiting(): Promise<Delivery[]> {
    const rows = await this.#tables
      .selectFrom('notification_deliveries')
      .selectAll()
      .where('state', '=', 'waiting')
      .orderBy('created_at_ms')
      .orderBy('id')
      .execute();
    return rows.map(toDelivery);
  }

  /** Of every channel the delivery that was tried last. */
  async lastTries(): Promise<Delivery[]> {
    const { rows } = await sql<DeliveryRow>`select * from notification_deliveries
      where (channel_id, last_try_at_ms) in
        (select channel_id, max(last_try_at_ms) from notification_deliveries group by channel_id)`.execute(
      this.#tables,
    );
    return rows.map(toDelivery);
  }

  /** Adds a message; false when one of this id is there already. */
  async add(delivery: Delivery): Promise<boolean> {
    const result = await this.#tables
      .insertInto('notification_deliveries')
      .values(toDeliveryRow(delivery))
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst();
    return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
  }

  async update(delivery: Delivery): Promise<void> {
    await this.#tables
      .updateTable('notification_deliveries')
      .set(toDeliveryRow(delivery))
      .where('id', '=', delivery.id)
      .execute();
  }

  /** A page, newest first. Throws `bad-request` for a cursor that no list gave. */
  async list({ limit, cursor, channelId, state }: DeliveryQuery): Promise<Page<Delivery>> {
    let select = this.#tables
      .selectFrom('notification_deliveries')
      .selectAll()
      .orderBy('created_at_ms', 'desc')
      .orderBy('id', 'desc')
      .limit(limit + 1);
    if (channelId !== undefined) select = select.where('channel_id', '=', channelId);
    if (state !== undefined) select = select.where('state', '=', state);
    if (cursor !== undefined) {
      const { atMs, id } = placeOf(cursor);
      select = select.where((where) =>
        where.or([
          where('created_at_ms', '<', atMs),
          where.and([where('created_at_ms', '=', atMs), where('id', '<', id)]),
        ]),
      );
    }
    const rows = await select.execute();
    const last = rows.slice(0, limit).at(-1);
    return {
      items: rows.slice(0, limit).map(toDelivery),
      nextCursor: rows.length > limit && last ? `${last.created_at_ms}.${last.id}` : null,
    };
  }

  /** Forgets what was sent or given up before `beforeMs`. */
  async prune(beforeMs: number): Promise<void> {
    await this.#tables
      .deleteFrom('notification_deliveries')
      .where('state', '!=', 'waiting')
      .where('created_at_ms', '<', beforeMs)
      .execute();
  }
}

export function toDeliveryRow(delivery: Delivery): DeliveryRow {
  return {
    id: delivery.id,
    channel_id: delivery.channelId,
    kind: delivery.kind,
    message: JSON.stringify(delivery.message),
    state: delivery.state,
    attempts: delivery.attempts,
    created_at_ms: delivery.createdAtMs,
    last_try_at_ms: delivery.lastTryAtMs,
    next_try_at_ms: delivery.nextTryAtMs,
    sent_at_ms: delivery.sentAtMs,
    fault: delivery.fault && JSON.stringify(delivery.fault),
  };
}

function toDelivery(row: DeliveryRow): Delivery {
  return {
    id: row.id,
    channelId: row.channel_id,
    kind: row.kind,
    message: JSON.parse(row.message) as Message,
    state: row.state,
    attempts: row.attempts,
    createdAtMs: row.created_at_ms,
    lastTryAtMs: row.last_try_at_ms,
    nextTryAtMs: row.next_try_at_ms,
    sentAtMs: row.sent_at_ms,
    fault: row.fault === null ? null : (JSON.parse(row.fault) as DeliveryFault),
  };
}
