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
  /** Notices of this incident so far. */
  known: readonly Notice[];
}

const MINUTE_MS = 60_000;

/** The notices that have come due to be promised now, beyond the known ones; pure. */
export function planNotices(
  incident: IncidentRecord,
  rules: readonly RuleRecord[],
  context: PlanContext,
): Notice[] {
  const planned = rules.flatMap((rule) => {
    if (!rule.enabled) return [];
    if (incident.closedAtMs !== null) return recoveries(incident, rule, context);
    if (incident.calmSinceMs !== null || !matches(rule, incident, context.project)) return [];
    return [...firstNotices(incident, rule, context), ...escalations(incident, rule, context)];
  });
  const seen = new Set(context.known.map(({ id }) => id));
  return planned.filter(({ id }) => !seen.has(id) && seen.add(id));
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

function firstNotices(incident: IncidentRecord, rule: RuleRecord, context: PlanContext): Notice[] {
  const { light, openedAtMs, redSinceMs } = incident;
  const sinceMs = light === 'red' ? (redSinceMs ?? openedAtMs) : openedAtMs;
  if (context.nowMs < sinceMs + rule.afterMin * MINUTE_MS) return [];
  const { nowMs, timeZone } = context;
  const dueAtMs = afterQuiet(digestTime(nowMs, rule.digest, timeZone), rule.quietHours, light, timeZone);
  return rule.channelIds.map((channelId) => notice(incident, rule, { channelId, stage: 0, dueAtMs }));
}

/** Steps of the chain whose time has come, counted from when the first ones were due. */
function escalations(incident: IncidentRecord, rule: RuleRecord, context: PlanContext): Notice[] {
  const { nowMs, timeZone, known } = context;
  const first = known.find(
    ({ ruleId, stage, light, state }) =>
      ruleId === rule.id && stage === 0 && light === incident.light && state === 'told',
  );
  if (!first || isAcknowledged(incident)) return [];
  return rule.escalation.flatMap(({ afterMin, channelIds }, index) => {
    if (nowMs < first.dueAtMs + afterMin * MINUTE_MS) return [];
    const dueAtMs = afterQuiet(nowMs, rule.quietHours, incident.light, timeZone);
    return channelIds.map((channelId) => notice(incident, rule, { channelId, stage: index + 1, dueAtMs }));
  });
}

/** Whoever was told hears that it is over. */
function recoveries(incident: IncidentRecord, rule: RuleRecord, context: PlanContext): Notice[] {
  if (incident.closedBy !== 'recovered' || !rule.recovery) return [];
  const { nowMs, timeZone, known } = context;
  const told = known.filter(
    ({ ruleId, stage, state }) => ruleId === rule.id && stage !== RECOVERY && state === 'told',
  );
  const dueAtMs = afterQuiet(
    digestTime(nowMs, rule.digest, timeZone),
    rule.quietHours,
    incident.light,
    timeZone,
  );
  return [...new Set(told.map(({ channelId }) => channelId))].map((channelId) =>
    notice(incident, rule, { channelId, stage: RECOVERY, dueAtMs }),
  );
}

function notice(
  incident: IncidentRecord,
  rule: RuleRecord,
  { channelId, stage, dueAtMs }: Pick<Notice, 'channelId' | 'stage' | 'dueAtMs'>,
): Notice {
  const { id: incidentId, light } = incident;
  return {
    id: [incidentId, rule.id, stage === RECOVERY ? 'over' : `${light}.${stage}`, channelId].join('/'),
    incidentId,
    ruleId: rule.id,
    channelId,
    stage,
    light,
    dueAtMs,
    state: 'waiting',
    toldAtMs: null,
    deliveryId: null,
  };
}
