import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import type { Database } from '../base/database.ts';
import type { Page } from '../contract/common.ts';
import type { IncidentQuery, IncidentState } from '../contract/incident.ts';
import { toDeliveryRow } from './delivery-store.ts';
import type { Delivery, DeliveryTables } from './delivery-store.ts';
import { stateOf } from './incident.ts';
import type { IncidentRecord } from './incident.ts';
import type { Notice } from './notice-plan.ts';
import { placeOf } from './place-of.ts';

interface IncidentRow {
  id: string;
  kind: string;
  subject_id: string;
  project_id: string;
  state: IncidentState;
  opened_at_ms: number;
  closed_at_ms: number | null;
  body: string;
}

interface NoticeRow {
  id: string;
  incident_id: string;
  rule_id: string;
  channel_id: string;
  stage: number;
  light: Notice['light'];
  due_at_ms: number;
  state: Notice['state'];
  told_at_ms: number | null;
  delivery_id: string | null;
}

interface MarkRow {
  source: string;
  position: string;
}

type IncidentTables = DeliveryTables & {
  incidents: IncidentRow;
  notices: NoticeRow;
  notification_marks: MarkRow;
};

/** What changes together, all or nothing. */
export interface IncidentChanges {
  incidents: readonly IncidentRecord[];
  notices: readonly Notice[];
  mark?: { source: string; position: string };
  delivery?: Delivery;
}

/** The incidents, notices and notification_marks tables. */
export class IncidentStore {
  readonly #tables;

  constructor(database: Database) {
    this.#tables = database.withTables<IncidentTables>();
  }

  /** Incidents that are not over, and those of which notices still wait. */
  async unfinished(): Promise<IncidentRecord[]> {
    const rows = await this.#tables
      .selectFrom('incidents')
      .select('body')
      .where((where) =>
        where.or([
          where('closed_at_ms', 'is', null),
          where(
            'id',
            'in',
            this.#tables.selectFrom('notices').select('incident_id').where('state', '=', 'waiting'),
          ),
        ]),
      )
      .execute();
    return rows.map(({ body }) => JSON.parse(body) as IncidentRecord);
  }

  /** All notices of these incidents. */
  async noticesOf(incidentIds: readonly string[]): Promise<Notice[]> {
    const notices: Notice[] = [];
    for (let from = 0; from < incidentIds.length; from += 500) {
      const rows = await this.#tables
        .selectFrom('notices')
        .selectAll()
        .where('incident_id', 'in', incidentIds.slice(from, from + 500))
        .execute();
      notices.push(...rows.map(toNotice));
    }
    return notices;
  }

  /** Writes everything or nothing; on disk when the promise resolves. */
  async save({ incidents, notices, mark, delivery }: IncidentChanges): Promise<void> {
    await this.#tables.transaction().execute(async (transaction) => {
      for (const rows of chunksOf(incidents.map(toRow))) {
        await transaction
          .insertInto('incidents')
          .values(rows)
          .onConflict((conflict) =>
            conflict.column('id').doUpdateSet((row) => ({
              project_id: row.ref('excluded.project_id'),
              state: row.ref('excluded.state'),
              closed_at_ms: row.ref('excluded.closed_at_ms'),
              body: row.ref('excluded.body'),
            })),
          )
          .execute();
        await breath();
      }
      await saveNotices(transaction, notices);
      if (delivery)
        await transaction.insertInto('notification_deliveries').values(toDeliveryRow(delivery)).execute();
      if (!mark) return;
      await transaction
        .insertInto('notification_marks')
        .values(mark)
        .onConflict((conflict) => conflict.column('source').doUpdateSet({ position: mark.position }))
        .execute();
    });
  }

  async mark(source: string): Promise<string | undefined> {
    const rows = await this.#tables
      .selectFrom('notification_marks')
      .select('position')
      .where('source', '=', source)
      .execute();
    return rows[0]?.position;
  }

  /** How many incidents of the subject were over after `sinceMs`. */
  async closedSince(kind: string, subjectId: string, sinceMs: number): Promise<number> {
    const rows = await this.#tables
      .selectFrom('incidents')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('kind', '=', kind)
      .where('subject_id', '=', subjectId)
      .where('closed_at_ms', '>=', sinceMs)
      .execute();
    return rows[0]?.count ?? 0;
  }

  async get(id: string): Promise<IncidentRecord | undefined> {
    const rows = await this.#tables.selectFrom('incidents').select('body').where('id', '=', id).execute();
    return rows[0] && (JSON.parse(rows[0].body) as IncidentRecord);
  }

  /** A page, newest first; `projectIds` null means all. Throws `bad-request` for a cursor that no list gave. */
  async list(query: IncidentQuery, projectIds: readonly string[] | null): Promise<Page<IncidentRecord>> {
    const { limit, cursor, state, projectId } = query;
    let select = this.#tables
      .selectFrom('incidents')
      .select(['id', 'opened_at_ms', 'body'])
      .orderBy('opened_at_ms', 'desc')
      .orderBy('id', 'desc')
      .limit(limit + 1);
    if (state === 'active') select = select.where('state', '!=', 'closed');
    else if (state !== undefined) select = select.where('state', '=', state);
    if (projectId !== undefined) select = select.where('project_id', '=', projectId);
    // One parameter however many projects there are.
    if (projectIds !== null)
      select = select.where(
        sql<boolean>`project_id in (select value from json_each(${JSON.stringify(projectIds)}))`,
      );
    if (cursor !== undefined) {
      const { atMs, id } = placeOf(cursor);
      select = select.where((where) =>
        where.or([
          where('opened_at_ms', '<', atMs),
          where.and([where('opened_at_ms', '=', atMs), where('id', '<', id)]),
        ]),
      );
    }
    const rows = await select.execute();
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    return {
      items: shown.map(({ body }) => JSON.parse(body) as IncidentRecord),
      nextCursor: rows.length > limit && last ? `${last.opened_at_ms}.${last.id}` : null,
    };
  }

  /** Forgets incidents that were over before `beforeMs`, and their notices. */
  async prune(beforeMs: number): Promise<void> {
    await this.#tables.transaction().execute(async (transaction) => {
      const old = transaction.selectFrom('incidents').select('id').where('closed_at_ms', '<', beforeMs);
      await transaction.deleteFrom('notices').where('incident_id', 'in', old).execute();
      await transaction.deleteFrom('incidents').where('closed_at_ms', '<', beforeMs).execute();
    });
  }
}

async function saveNotices(
  transaction: Transaction<IncidentTables>,
  notices: readonly Notice[],
): Promise<void> {
  for (const rows of chunksOf(notices.map(toNoticeRow))) {
    await transaction
      .insertInto('notices')
      .values(rows)
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet((row) => ({
          state: row.ref('excluded.state'),
          told_at_ms: row.ref('excluded.told_at_ms'),
          delivery_id: row.ref('excluded.delivery_id'),
        })),
      )
      .execute();
    await breath();
  }
}

const CHUNK = 50;

function chunksOf<Row>(rows: readonly Row[]): Row[][] {
  return Array.from({ length: Math.ceil(rows.length / CHUNK) }, (_, n) =>
    rows.slice(n * CHUNK, (n + 1) * CHUNK),
  );
}

/** The database works within this thread: streams get their turn while thousands of rows are written. */
function breath(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function toRow(record: IncidentRecord): IncidentRow {
  return {
    id: record.id,
    kind: record.kind,
    subject_id: record.subjectId,
    project_id: record.projectId,
    state: stateOf(record),
    opened_at_ms: record.openedAtMs,
    closed_at_ms: record.closedAtMs,
    body: JSON.stringify(record),
  };
}

function toNoticeRow(notice: Notice): NoticeRow {
  return {
    id: notice.id,
    incident_id: notice.incidentId,
    rule_id: notice.ruleId,
    channel_id: notice.channelId,
    stage: notice.stage,
    light: notice.light,
    due_at_ms: notice.dueAtMs,
    state: notice.state,
    told_at_ms: notice.toldAtMs,
    delivery_id: notice.deliveryId,
  };
}

function toNotice(row: NoticeRow): Notice {
  return {
    id: row.id,
    incidentId: row.incident_id,
    ruleId: row.rule_id,
    channelId: row.channel_id,
    stage: row.stage,
    light: row.light,
    dueAtMs: row.due_at_ms,
    state: row.state,
    toldAtMs: row.told_at_ms,
    deliveryId: row.delivery_id,
  };
}
