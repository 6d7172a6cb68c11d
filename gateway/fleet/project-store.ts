import type { Database } from '../base/database.ts';
import type { MilestoneRecord, ProjectRecord } from './project-record.ts';

interface ProjectRow {
  id: string;
  external_id: string | null;
  name: string;
  district: string;
  unit: string;
  leader: string;
  lat: number | null;
  lon: number | null;
  stage: string;
  schedule: string | null;
  milestones: string;
  archived_at_ms: number | null;
  created_at_ms: number;
}

/** The projects table. */
export class ProjectStore {
  readonly #tables;

  constructor(database: Database) {
    this.#tables = database.withTables<{ projects: ProjectRow }>();
  }

  async all(): Promise<ProjectRecord[]> {
    const rows = await this.#tables
      .selectFrom('projects')
      .selectAll()
      .orderBy('created_at_ms')
      .orderBy('id')
      .execute();
    return rows.map(toRecord);
  }

  async insert(record: ProjectRecord): Promise<void> {
    await this.#tables.insertInto('projects').values(toRow(record)).execute();
  }

  async update(record: ProjectRecord): Promise<void> {
    await this.#tables.updateTable('projects').set(toRow(record)).where('id', '=', record.id).execute();
  }

  async remove(id: string): Promise<void> {
    await this.#tables.deleteFrom('projects').where('id', '=', id).execute();
  }
}

function toRow(record: ProjectRecord): ProjectRow {
  return {
    id: record.id,
    external_id: record.externalId,
    name: record.name,
    district: record.district,
    unit: record.unit,
    leader: record.leader,
    lat: record.lat,
    lon: record.lon,
    stage: record.stage,
    schedule: record.schedule === null ? null : JSON.stringify(record.schedule),
    milestones: JSON.stringify(record.milestones),
    archived_at_ms: record.archivedAtMs,
    created_at_ms: record.createdAtMs,
  };
}

function toRecord(row: ProjectRow): ProjectRecord {
  return {
    id: row.id,
    externalId: row.external_id,
    name: row.name,
    district: row.district,
    unit: row.unit,
    leader: row.leader,
    lat: row.lat,
    lon: row.lon,
    stage: row.stage,
    schedule: row.schedule === null ? null : (JSON.parse(row.schedule) as ProjectRecord['schedule']),
    milestones: JSON.parse(row.milestones) as MilestoneRecord[],
    archivedAtMs: row.archived_at_ms,
    createdAtMs: row.created_at_ms,
  };
}
