import { isAcknowledged } from './incident.ts';
import type { IncidentRecord } from './incident.ts';
import { RECOVERY } from './notice-plan.ts';
import type { Notice } from './notice-plan.ts';
import type { RuleRecord } from './rule-store.ts';

/** A notice with what it is about; `rule` undefined when it was removed meanwhile. */
export interface Pending {
  notice: Notice;
  incident: IncidentRecord;
  rule: RuleRecord | undefined;
}

/** What becomes of a channel's waiting notices now; those in no list go on waiting. */
export interface Choice {
  tell: Pending[];
  /** Told already by a message about the whole site. */
  cover: Pending[];
  drop: Pending[];
}

/** A project's news is told once nothing has been added to it for this long … */
const QUIET_MS = 20_000;
/** … or when the first has waited this long. */
const LONGEST_WAIT_MS = 60_000;
/** More of the same site that cannot be reached is told at most this often. */
const SAME_SITE_MS = 300_000;
const SITE_CAMERAS = 3;

/**
 * Decides over one channel's waiting notices: news of a project is gathered into one message, and once a site's uplink is
 * known to be down (three cameras and half of them), further ones of it are covered by that message; pure.
 */
export function chooseNotices(
  waiting: readonly Pending[],
  told: readonly Pending[],
  { nowMs, cameraCount }: { nowMs: number; cameraCount: (projectId: string) => number },
): Choice {
  const choice: Choice = { tell: [], cover: [], drop: [] };
  const projects = new Map<string, Pending[]>();
  for (const pending of waiting) {
    if (isPointless(pending)) choice.drop.push(pending);
    else if (pending.notice.dueAtMs <= nowMs && !isSettling(pending)) {
      const { projectId } = pending.incident;
      projects.set(projectId, [...(projects.get(projectId) ?? []), pending]);
    }
  }
  for (const [projectId, group] of projects) {
    const fresh = new Set(group.map(({ incident }) => incident.id));
    const unreachable = told.filter(
      ({ incident }) => incident.projectId === projectId && isCutOff(incident) && !fresh.has(incident.id),
    );
    const siteIsDown = unreachable.length >= SITE_CAMERAS && unreachable.length * 2 >= cameraCount(projectId);
    const covered = siteIsDown ? group.filter(isPlainCutOff) : [];
    choice.cover.push(...covered);
    const rest = group.filter((pending) => !covered.includes(pending));
    const lastToldMs = Math.max(-Infinity, ...unreachable.map(({ notice }) => notice.toldAtMs ?? 0));
    const held = rest.every(isPlainCutOff) && nowMs - lastToldMs < SAME_SITE_MS;
    if (rest.length > 0 && !held && isGathered(rest, nowMs)) choice.tell.push(...rest);
  }
  return choice;
}

function isGathered(group: readonly Pending[], nowMs: number): boolean {
  const dues = group.map(({ notice }) => notice.dueAtMs);
  return nowMs - Math.max(...dues) >= QUIET_MS || nowMs - Math.min(...dues) >= LONGEST_WAIT_MS;
}

/** Nobody needs to hear it any more. */
function isPointless({ notice, incident, rule }: Pending): boolean {
  if (!rule?.enabled) return true;
  if (notice.stage === RECOVERY) return false;
  if (notice.stage > 0) return incident.closedAtMs !== null || isAcknowledged(incident);
  if (incident.closedAtMs === null) return false;
  return incident.closedBy === 'withdrawn' || !rule.recovery;
}

/** Better than the notice says, for now: it either comes back or will be over. */
function isSettling({ notice, incident }: Pending): boolean {
  if (incident.closedAtMs !== null) return false;
  return incident.calmSinceMs !== null || (notice.light === 'red' && incident.light === 'yellow');
}

function isCutOff({ closedAtMs, calmSinceMs, kind, reasons }: IncidentRecord): boolean {
  return (
    closedAtMs === null && calmSinceMs === null && kind === 'camera' && reasons[0]?.code === 'unreachable'
  );
}

function isPlainCutOff({ notice, incident }: Pending): boolean {
  return notice.stage === 0 && isCutOff(incident);
}
