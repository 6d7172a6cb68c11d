import { toRfc3339 } from '../base/clock.ts';
import type { Incident } from '../contract/incident.ts';
import { stateOf } from './incident.ts';
import type { IncidentRecord } from './incident.ts';

/** The wire form of an incident. */
export function incidentView(record: IncidentRecord, projectName: string): Incident {
  const { id, kind, subjectId, subjectName, projectId, light, reasons, relapses, closedBy, escalatedTo } =
    record;
  const { acknowledged } = record;
  return {
    id,
    kind,
    subjectId,
    subjectName,
    projectId,
    projectName,
    light,
    state: stateOf(record),
    reasons,
    openedAt: toRfc3339(record.openedAtMs),
    redSince: record.redSinceMs === null ? null : toRfc3339(record.redSinceMs),
    relapses,
    closedAt: record.closedAtMs === null ? null : toRfc3339(record.closedAtMs),
    closedBy,
    acknowledged: acknowledged && {
      at: toRfc3339(acknowledged.atMs),
      by: acknowledged.by,
      note: acknowledged.note,
    },
    escalatedTo,
  };
}
