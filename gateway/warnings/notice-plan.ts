import { afterQuiet, digestTime } from './due-time.ts';
import { isAcknowledged } from './incident.ts';
import type { IncidentRecord } from './incident.ts';
import type { RuleRecord } from './rule-store.ts';

/** What a rule has promised to tell a channel of an incident; its id is the promise's own, so that none is made twice. */
export interface Notice {
  id: string;
  incidentId: string;
  ruleId: string;
  channelId: string;
  /** 0: the first to hear; 1…: steps of the escalation; RECOVERY: that it is over. */
  stage: number;
  light: 'yellow' | 'red';
  dueAtMs: number;
  state: 'waiting' | 'told' | 'dropped';
  toldAtMs: number | null;
  deliveryId: string | null;
}

/** Stage of the notice that it is over. */
export const RECOVERY = -1;

/** What a rule asks of a project. */
export interface ScopeProject {
  id: string;
  unit: string;
  district: string;
}

interface PlanContext {
  /** undefined: no project is known, only rules for all match. */
  project: ScopeProject | undefined;
  timeZone: string;
  nowMs: number;
  /** Notices of this incident so far, by id. */
  known: ReadonlyMap<string, Notice>;
}

const MINUTE_MS = 60_000;

/** A promise that a rule makes, before it is known when it is due. */
interface Promised {
  rule: RuleRecord;
  channelId: string;
  stage: number;
}

/** The notices that have come due to be promised now, beyond the known ones; pure. */
export function planNotices(
  incident: IncidentRecord,
  rules: readonly RuleRecord[],
  context: PlanContext,
): Notice[] {
  const seen = new Set<string>();
  return rules.flatMap((rule) =>
    promisesOf(incident, rule, context).flatMap((promised) => {
      const id = idOf(incident, promised);
      if (context.known.has(id) || seen.has(id)) return [];
      seen.add(id);
      return [noticeOf(id, incident, promised, context)];
    }),
  );
}

function promisesOf(incident: IncidentRecord, rule: RuleRecord, context: PlanContext): Promised[] {
  if (!rule.enabled) return [];
  if (incident.closedAtMs !== null) return recoveries(incident, rule, context);
  if (incident.calmSinceMs !== null || !matches(rule, incident, context.project)) return [];
  return [...firstNotices(incident, rule, context), ...escalations(incident, rule, context)];
}

/** True when the rule is about such an incident of such a project. */
export function matches(
  rule: RuleRecord,
  incident: IncidentRecord,
  project: ScopeProject | undefined,
): boolean {
  const { projectIds, units, districts } = rule.scope;
  const { kind, light, reasons } = incident;
  const isIn = (list: readonly string[], value: string | undefined): boolean =>
    list.length === 0 || (value !== undefined && list.includes(value));
  return (
    isIn(projectIds, incident.projectId) &&
    isIn(units, project?.unit) &&
    isIn(districts, project?.district) &&
    rule.sources.includes(kind) &&
    rule.lights.includes(light) &&
    (rule.reasons.length === 0 || reasons.some(({ code }) => code !== null && rule.reasons.includes(code)))
  );
}

function firstNotices(incident: IncidentRecord, rule: RuleRecord, { nowMs }: PlanContext): Promised[] {
  const { light, openedAtMs, redSinceMs } = incident;
  const sinceMs = light === 'red' ? (redSinceMs ?? openedAtMs) : openedAtMs;
  if (nowMs < sinceMs + rule.afterMin * MINUTE_MS) return [];
  return rule.channelIds.map((channelId) => ({ rule, channelId, stage: 0 }));
}

/** Steps of the chain whose time has come, counted from when the first ones were due. */
function escalations(incident: IncidentRecord, rule: RuleRecord, { nowMs, known }: PlanContext): Promised[] {
  if (rule.escalation.length === 0 || isAcknowledged(incident)) return [];
  const first = [...known.values()].find(
    ({ ruleId, stage, light, state }) =>
      ruleId === rule.id && stage === 0 && light === incident.light && state === 'told',
  );
  if (!first) return [];
  return rule.escalation.flatMap(({ afterMin, channelIds }, index) =>
    nowMs < first.dueAtMs + afterMin * MINUTE_MS
      ? []
      : channelIds.map((channelId) => ({ rule, channelId, stage: index + 1 })),
  );
}

/** Whoever was told hears that it is over. */
function recoveries(incident: IncidentRecord, rule: RuleRecord, { known }: PlanContext): Promised[] {
  if (incident.closedBy !== 'recovered' || !rule.recovery) return [];
  const told = [...known.values()].filter(
    ({ ruleId, stage, state }) => ruleId === rule.id && stage !== RECOVERY && state === 'told',
  );
  return told.map(({ channelId }) => ({ rule, channelId, stage: RECOVERY }));
}

function idOf({ id, light }: IncidentRecord, { rule, stage, channelId }: Promised): string {
  return [id, rule.id, stage === RECOVERY ? 'over' : `${light}.${stage}`, channelId].join('/');
}

function noticeOf(
  id: string,
  { id: incidentId, light }: IncidentRecord,
  { rule, channelId, stage }: Promised,
  { nowMs, timeZone }: PlanContext,
): Notice {
  // Who is next in a chain has waited long enough.
  const gathered = stage > 0 ? nowMs : digestTime(nowMs, rule.digest, timeZone);
  return {
    id,
    incidentId,
    ruleId: rule.id,
    channelId,
    stage,
    light,
    dueAtMs: afterQuiet(gathered, rule.quietHours, light, timeZone),
    state: 'waiting',
    toldAtMs: null,
    deliveryId: null,
  };
}
