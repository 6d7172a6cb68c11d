import type { CancelTimer, Clock } from '../base/clock.ts';
import type { Database } from '../base/database.ts';
import { messageOf } from '../base/gateway-error.ts';
import type { Logger } from '../base/logger.ts';
import type { Downtime } from './uptime.ts';

interface SessionRow {
  id: number;
  started_at_ms: number;
  last_seen_ms: number;
  ended_at_ms: number | null;
}

/** How exactly the end of a killed gateway is known. */
const HEARTBEAT_MS = 30_000;

/** The runs of this gateway: numbers them, one more at each start, and knows when none was running. */
export class GatewaySessions {
  readonly #tables;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #session = 0;
  #cancel: CancelTimer | undefined;

  constructor(options: { database: Database; clock: Clock; logger: Logger }) {
    this.#tables = options.database.withTables<{ gateway_sessions: SessionRow }>();
    this.#clock = options.clock;
    this.#logger = options.logger;
  }

  /** Opens the next session and returns its number; it is on disk when the promise resolves. */
  async start(): Promise<number> {
    const last = await this.#tables
      .selectFrom('gateway_sessions')
      .select('id')
      .orderBy('id', 'desc')
      .limit(1)
      .execute();
    const now = this.#clock.now();
    this.#session = (last[0]?.id ?? 0) + 1;
    await this.#tables
      .insertInto('gateway_sessions')
      .values({ id: this.#session, started_at_ms: now, last_seen_ms: now, ended_at_ms: null })
      .execute();
    this.#cancel = this.#clock.every(HEARTBEAT_MS, () => void this.#beat());
    return this.#session;
  }

  /** Closes the session: the downtime begins now. */
  async stop(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    const now = this.#clock.now();
    await this.#tables
      .updateTable('gateway_sessions')
      .set({ last_seen_ms: now, ended_at_ms: now })
      .where('id', '=', this.#session)
      .execute();
  }

  /** The times between sessions that touch the span; the end of a killed session is known to 30 s. */
  async downtimes(fromMs: number, toMs: number): Promise<Downtime[]> {
    const rows = await this.#tables.selectFrom('gateway_sessions').selectAll().orderBy('id').execute();
    const downtimes: Downtime[] = [];
    rows.forEach((row, index) => {
      const next = rows[index + 1];
      if (!next) return;
      const downtime = {
        fromMs: row.ended_at_ms ?? row.last_seen_ms,
        toMs: next.started_at_ms,
      };
      if (downtime.toMs > fromMs && downtime.fromMs < toMs) downtimes.push(downtime);
    });
    return downtimes;
  }

  async #beat(): Promise<void> {
    try {
      await this.#tables
        .updateTable('gateway_sessions')
        .set({ last_seen_ms: this.#clock.now() })
        .where('id', '=', this.#session)
        .execute();
    } catch (error) {
      this.#logger.warn({ reason: messageOf(error) }, 'the heartbeat of this session was not stored');
    }
  }
}
