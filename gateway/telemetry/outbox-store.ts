import type { Database } from '../base/database.ts';

interface OutboxRow {
  seq: number;
  lane: string;
  topic: string;
  payload: string;
  retain: number;
}

/** A message to be kept until the broker has acknowledged it. */
export interface OutboxMessage {
  /** Messages of one lane (one camera) reach the broker in the order they were added. */
  lane: string;
  topic: string;
  payload: string;
  retain: boolean;
}

/** A stored message with its place in the queue. */
export interface QueuedMessage extends OutboxMessage {
  seq: number;
}

/** How far a source of records has been queued, written together with the messages. */
export interface OutboxMark {
  source: string;
  position: string;
}

/** The outbox and outbox_marks tables. */
export class OutboxStore {
  readonly #tables;
  #seq = 0;

  constructor(database: Database) {
    this.#tables = database.withTables<{ outbox: OutboxRow; outbox_marks: OutboxMark }>();
  }

  /** Reads where the queue stands; call once before `add`. Returns how many messages wait. */
  async open(): Promise<number> {
    const last = await this.#tables
      .selectFrom('outbox')
      .select('seq')
      .orderBy('seq', 'desc')
      .limit(1)
      .execute();
    this.#seq = last[0]?.seq ?? 0;
    const count = await this.#tables
      .selectFrom('outbox')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .execute();
    return count[0]?.count ?? 0;
  }

  /** Queues messages and moves a mark, all or nothing; on disk when the promise resolves. */
  async add(messages: readonly OutboxMessage[], mark?: OutboxMark): Promise<void> {
    const rows = messages.map((message) => ({
      ...message,
      retain: message.retain ? 1 : 0,
      seq: (this.#seq += 1),
    }));
    await this.#tables.transaction().execute(async (transaction) => {
      if (rows.length > 0) await transaction.insertInto('outbox').values(rows).execute();
      if (!mark) return;
      await transaction
        .insertInto('outbox_marks')
        .values(mark)
        .onConflict((conflict) => conflict.column('source').doUpdateSet({ position: mark.position }))
        .execute();
    });
  }

  /** Messages behind `seq`, in order. */
  async after(seq: number, limit: number): Promise<QueuedMessage[]> {
    const rows = await this.#tables
      .selectFrom('outbox')
      .selectAll()
      .where('seq', '>', seq)
      .orderBy('seq')
      .limit(limit)
      .execute();
    return rows.map((row) => ({ ...row, retain: row.retain === 1 }));
  }

  /** Forgets acknowledged messages. */
  async remove(seqs: readonly number[]): Promise<void> {
    await this.#tables.deleteFrom('outbox').where('seq', 'in', padded(seqs)).execute();
  }

  async mark(source: string): Promise<string | undefined> {
    const rows = await this.#tables
      .selectFrom('outbox_marks')
      .select('position')
      .where('source', '=', source)
      .execute();
    return rows[0]?.position;
  }
}

/** Repeats the last number up to the next power of two, so that few statements of different length are prepared. */
function padded(seqs: readonly number[]): number[] {
  const length = 2 ** Math.ceil(Math.log2(Math.max(1, seqs.length)));
  return Array.from({ length }, (_, index) => seqs[index] ?? seqs.at(-1) ?? 0);
}
