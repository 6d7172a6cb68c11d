import type { SnapshotSchedule } from '../contract/schedule.ts';

/** One step of a project's chain as stored; its light is computed where it is shown. */
export interface MilestoneRecord {
  id: string;
  name: string;
  unit: string;
  owner: string;
  /** Calendar dates YYYY-MM-DD in the site's time zone. */
  dueOn: string | null;
  doneOn: string | null;
}

/** A project as the stages share it; replaced whole at each change. */
export interface ProjectRecord {
  id: string;
  externalId: string | null;
  name: string;
  district: string;
  unit: string;
  leader: string;
  lat: number | null;
  lon: number | null;
  stage: string;
  /** null: the gateway's own. */
  schedule: SnapshotSchedule | null;
  milestones: MilestoneRecord[];
  archivedAtMs: number | null;
  createdAtMs: number;
}

/** A change of the projects. */
export interface ProjectChange {
  kind: 'added' | 'changed' | 'removed';
  project: ProjectRecord;
}
