import type { CancelTimer, Clock } from '../../base/clock.ts';
import type { Database } from '../../base/database.ts';
import { messageOf } from '../../base/gateway-error.ts';
import { newId } from '../../base/new-id.ts';
import type { Logger } from '../../base/logger.ts';
import { toRfc3339 } from '../../base/clock.ts';
import type { AuditActor } from '../../contract/audit.ts';
import type { AuditLog } from './audit-log.ts';
import type { NewAuditEntry } from './audit-row.ts';

/** Who watches which camera from where. */
export interface Viewer {
  actor: AuditActor;
  /** Tells two browsers of one person apart; null for tokens and shares. */
  sessionId: string | null;
  address: string;
  camera: { id: string; name: string; projectId: string };
}

/** How a picture comes to a viewer. */
export type ViewingWay = 'ws' | 'hls';

/** A viewing that pauses no longer than this goes on: streams change, playlists are asked for every few seconds. */
const PAUSE_MS = 30_000;
const SWEEP_MS = 5000;
/** How much of a viewing a power cut may take. */
const NOTE_MS = 60_000;
const MOST_VIEWINGS = 20_000;

interface Viewing {
  id: string;
  viewer: Viewer;
  ways: Set<ViewingWay>;
  sockets: number;
  startedAtMs: number;
  startedMs: number;
  lastMs: number;
}

type Tables = { audit_viewings: { id: string; entry: string } };

/** Follows who watches which camera how long: one entry for each viewing, written when it has ended. One for each gateway. */
export class AuditViewings {
  readonly #audit: Pick<AuditLog, 'record'>;
  readonly #tables;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #open = new Map<string, Viewing>();
  readonly #cancels: CancelTimer[] = [];

  constructor(options: {
    audit: Pick<AuditLog, 'record'>;
    database: Database;
    clock: Clock;
    logger: Logger;
  }) {
    this.#audit = options.audit;
    this.#tables = options.database.withTables<Tables>();
    this.#clock = options.clock;
    this.#logger = options.logger;
  }

  /** Writes down the viewings that a crash cut off, as far as they were noted. */
  async start(): Promise<void> {
    for (const { id, entry } of await this.#tables.selectFrom('audit_viewings').selectAll().execute())
      await this.#record(id, JSON.parse(entry) as NewAuditEntry);
    this.#cancels.push(this.#clock.every(SWEEP_MS, () => this.#sweep()));
    this.#cancels.push(this.#clock.every(NOTE_MS, () => this.#noteAll()));
  }

  /** Ends all viewings and writes them down. */
  async stop(): Promise<void> {
    for (const cancel of this.#cancels.splice(0)) cancel();
    await Promise.all([...this.#open.keys()].map((key) => this.#end(key)));
  }

  /** A socket opened; the function returned tells that it closed. */
  open(viewer: Viewer): () => void {
    const viewing = this.#viewing(viewer, 'ws');
    viewing.sockets += 1;
    let closed = false;
    return () => {
      if (closed) return;
      closed = true;
      viewing.sockets -= 1;
      viewing.lastMs = this.#clock.monotonicMs();
    };
  }

  /** A playlist or a segment was taken. */
  touch(viewer: Viewer): void {
    this.#viewing(viewer, 'hls');
  }

  #viewing(viewer: Viewer, way: ViewingWay): Viewing {
    const key = keyOf(viewer);
    const now = this.#clock.monotonicMs();
    const known = this.#open.get(key);
    if (known) {
      known.ways.add(way);
      known.lastMs = now;
      return known;
    }
    if (this.#open.size >= MOST_VIEWINGS) this.#endOldest();
    const startedAtMs = this.#clock.now();
    const viewing: Viewing = {
      id: newId('vwg'),
      viewer,
      ways: new Set([way]),
      sockets: 0,
      startedAtMs,
      startedMs: now,
      lastMs: now,
    };
    this.#open.set(key, viewing);
    this.#note([viewing]);
    return viewing;
  }

  #sweep(): void {
    const now = this.#clock.monotonicMs();
    for (const [key, { sockets, lastMs }] of this.#open)
      if (sockets === 0 && now - lastMs >= PAUSE_MS) void this.#end(key);
  }

  #endOldest(): void {
    const oldest = this.#open.keys().next();
    if (!oldest.done) void this.#end(oldest.value);
  }

  async #end(key: string): Promise<void> {
    const viewing = this.#open.get(key);
    if (!viewing) return;
    this.#open.delete(key);
    if (viewing.sockets > 0) viewing.lastMs = this.#clock.monotonicMs();
    await this.#record(viewing.id, entryOf(viewing));
  }

  /** The entry takes the place of the note, in one transaction. */
  async #record(id: string, entry: NewAuditEntry): Promise<void> {
    try {
      await this.#audit.record(entry, async (transaction) => {
        await transaction.withTables<Tables>().deleteFrom('audit_viewings').where('id', '=', id).execute();
      });
    } catch (error) {
      this.#logger.error({ err: error }, `a viewing could not be written down: ${messageOf(error)}`);
    }
  }

  #noteAll(): void {
    const now = this.#clock.monotonicMs();
    for (const viewing of this.#open.values()) if (viewing.sockets > 0) viewing.lastMs = now;
    this.#note([...this.#open.values()]);
  }

  /** Keeps what would be written if the gateway ended now. */
  #note(viewings: readonly Viewing[]): void {
    const rows = viewings.map((viewing) => ({
      id: viewing.id,
      entry: JSON.stringify(entryOf(viewing, true)),
    }));
    if (rows.length === 0) return;
    this.#tables
      .transaction()
      .execute(async (transaction) => {
        for (const row of rows)
          await transaction
            .insertInto('audit_viewings')
            .values(row)
            .onConflict((conflict) => conflict.column('id').doUpdateSet({ entry: row.entry }))
            .execute();
      })
      .catch((error: unknown) =>
        this.#logger.error({ err: error }, `viewings could not be noted: ${messageOf(error)}`),
      );
  }
}

function keyOf({ actor, sessionId, address, camera }: Viewer): string {
  return JSON.stringify([actor.kind, actor.id, sessionId, address, camera.id]);
}

function entryOf(viewing: Viewing, cutOff = false): NewAuditEntry {
  const { viewer, ways, startedAtMs, startedMs, lastMs } = viewing;
  const { actor, address, camera } = viewer;
  const seconds = Math.round((lastMs - startedMs) / 1000);
  return {
    actor,
    action: 'live.watched',
    subject: { kind: 'camera', id: camera.id, name: camera.name },
    projectId: camera.projectId,
    address,
    detail: {
      from: toRfc3339(startedAtMs),
      seconds,
      via: [...ways].sort(),
      ...(cutOff && { cutOff: 'the gateway ended meanwhile' }),
    },
  };
}
