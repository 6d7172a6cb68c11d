import { createHash } from 'node:crypto';
import type { Incident, IncidentState } from '../contract/incident.ts';
import type { Light } from '../contract/health.ts';

/** An incident as it is kept; replaced whole at each change. */
export interface IncidentRecord {
  id: string;
  kind: Incident['kind'];
  subjectId: string;
  subjectName: string;
  projectId: string;
  light: Incident['light'];
  reasons: Incident['reasons'];
  step: StepFacts | null;
  openedAtMs: number;
  redSinceMs: number | null;
  /** The light is green since then; null while the trouble lasts. */
  calmSinceMs: number | null;
  /** Calm for this long ends it. */
  settleMs: number;
  relapses: number;
  closedAtMs: number | null;
  closedBy: Incident['closedBy'];
  acknowledged: {
    atMs: number;
    by: NonNullable<Incident['acknowledged']>['by'];
    note: string;
    light: Incident['light'];
  } | null;
  escalatedTo: string | null;
}

/** One light seen of a subject at an instant. */
export interface Sighting {
  kind: Incident['kind'];
  subjectId: string;
  subjectName: string;
  projectId: string;
  light: Light;
  reasons: Incident['reasons'];
  /** Of a step; null for a camera. */
  step: StepFacts | null;
  atMs: number;
}

/** What people need to know of a step. */
export interface StepFacts {
  /** Calendar date in the site's time zone. */
  dueOn: string;
  unit: string;
  owner: string;
}

/** A camera that went green is only over when it stays so: one minute, three times as long for each incident of the last day. */
const SETTLE_MS = 60_000;
const LONGEST_SETTLE_MS = 3_600_000;

/** How long a subject must stay green, after `recent` incidents in the last day: what flaps becomes one long incident. */
export function settleMsAfter(kind: Incident['kind'], recent: number): number {
  return kind === 'step' ? 0 : Math.min(LONGEST_SETTLE_MS, SETTLE_MS * 3 ** Math.min(recent, 10));
}

/**
 * The subject's incident after a sighting; the very same object when nothing changed, undefined when there is none.
 * Yellow and red open or go on, green begins the calm, grey (maintenance, disabled) withdraws at once; pure.
 */
export function observe(
  open: IncidentRecord | undefined,
  seen: Sighting,
  settleMs: number,
): IncidentRecord | undefined {
  if (seen.light === 'yellow' || seen.light === 'red')
    return troubled(open, { ...seen, light: seen.light }, settleMs);
  if (!open) return undefined;
  if (seen.light === 'grey') return withdrawn(open, seen.atMs);
  return settled(open.calmSinceMs === null ? { ...open, calmSinceMs: seen.atMs } : open, seen.atMs);
}

function troubled(
  open: IncidentRecord | undefined,
  seen: Sighting & { light: Incident['light'] },
  settleMs: number,
): IncidentRecord {
  if (!open) return opened(seen, settleMs);
  const { light, reasons, step, atMs } = seen;
  const same =
    open.light === light &&
    open.calmSinceMs === null &&
    JSON.stringify([open.reasons, open.step]) === JSON.stringify([reasons, step]);
  if (same) return open;
  return {
    ...open,
    light,
    reasons,
    step,
    redSinceMs: open.redSinceMs ?? (light === 'red' ? atMs : null),
    calmSinceMs: null,
    relapses: open.relapses + (open.calmSinceMs === null ? 0 : 1),
  };
}

function opened(seen: Sighting & { light: Incident['light'] }, settleMs: number): IncidentRecord {
  const { atMs, ...subject } = seen;
  const { kind, subjectId, projectId, light } = subject;
  return {
    ...subject,
    id: incidentId([kind, ...(kind === 'step' ? [projectId] : []), subjectId, atMs]),
    openedAtMs: atMs,
    redSinceMs: light === 'red' ? atMs : null,
    calmSinceMs: null,
    settleMs,
    relapses: 0,
    closedAtMs: null,
    closedBy: null,
    acknowledged: null,
    escalatedTo: null,
  };
}

/** Closes what has been calm for long enough; it was over when the calm began. */
export function settled(open: IncidentRecord, nowMs: number): IncidentRecord {
  if (open.calmSinceMs === null || nowMs - open.calmSinceMs < open.settleMs) return open;
  return { ...open, closedAtMs: open.calmSinceMs, closedBy: 'recovered' };
}

/** Closes what nobody should hear of any more: maintenance, disabled, removed, archived. */
export function withdrawn(open: IncidentRecord, atMs: number): IncidentRecord {
  return { ...open, closedAtMs: atMs, closedBy: 'withdrawn' };
}

/** True while someone has taken on what it is now: an acknowledged yellow does not cover a later red. */
export function isAcknowledged({ acknowledged, light }: IncidentRecord): boolean {
  return acknowledged !== null && (acknowledged.light === 'red' || light === 'yellow');
}

export function stateOf(record: IncidentRecord): IncidentState {
  if (record.closedAtMs !== null) return 'closed';
  if (isAcknowledged(record)) return 'acknowledged';
  return record.escalatedTo === null ? 'open' : 'escalated';
}

/** The same spell of trouble has the same id, however often it is read from the record. */
function incidentId(parts: readonly (string | number)[]): string {
  return `inc_${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 20)}`;
}
