import type { ProfileName } from '../contract/camera.ts';
import type { Light, ReasonCode } from '../contract/health.ts';
import type { PictureQuality } from '../contract/snapshot.ts';
import type { FeedFailureCode } from '../ingest/feeds.ts';
import { withReading, withoutStale } from './conditions.ts';
import type { Conditions, Reading } from './conditions.ts';
import { pictureReadings } from './picture-readings.ts';
import { faultRules, rankOf, worstLight } from './reason-rules.ts';
import type { FaultCode } from './reason-rules.ts';

/** One reason with the instant since which it holds, ms since 1970. */
export interface StateReason {
  code: ReasonCode;
  sinceMs: number;
  message: string;
}

/** A light with its reasons and since when the light (not the reasons) is so. */
export interface Verdict {
  light: Light;
  sinceMs: number;
  reasons: readonly StateReason[];
}

interface Fault {
  code: FaultCode;
  paused: boolean;
  message: string;
  sinceMs: number;
  tries: number;
  /** True once the rule's tries or time have passed. */
  counts: boolean;
}

interface ProfileState {
  /** Frames came, and no fault that counts has come since. */
  working: boolean;
  fault: Fault | null;
}

/** Everything known of one camera's condition; replaced whole by `observe`. */
export interface CameraState {
  enabled: boolean;
  maintenanceUntilMs: number | null;
  profiles: Readonly<Record<ProfileName, ProfileState>>;
  /** What is wrong with a stream that runs, with its pictures, or with the camera's clock. */
  conditions: Conditions;
  missed: StateReason | null;
  /** The disk that keeps the pictures runs full. */
  lowDisk: StateReason | null;
  verdict: Verdict;
  /** The last verdict that was not `starting`, the one that events and uptime speak of; null for a new camera. */
  recorded: Verdict | null;
}

/** What is seen of a camera. */
export type Observation =
  | { kind: 'frames'; profile: ProfileName }
  | { kind: 'failure'; profile: ProfileName; code: FeedFailureCode; message: string }
  | { kind: 'snapshot-taken'; verdict?: PictureQuality['verdict'] }
  | ({ kind: 'reading' } & Reading)
  | { kind: 'snapshot-missed'; message: string }
  | { kind: 'settings'; enabled: boolean; maintenanceUntilMs: number | null }
  | { kind: 'disk'; low: string | null }
  | { kind: 'tick' };

const unknown: ProfileState = { working: false, fault: null };

/** The state before anything was seen; `recorded` is what the database remembers from before a restart. */
export function initialState(
  settings: { enabled: boolean; maintenanceUntilMs: number | null },
  recorded: Verdict | null,
  nowMs: number,
  conditions: Conditions = [],
): CameraState {
  const { enabled, maintenanceUntilMs } = settings;
  const blank: CameraState = {
    enabled,
    maintenanceUntilMs,
    profiles: { main: unknown, sub: unknown },
    conditions,
    missed: null,
    lowDisk: null,
    verdict: { light: 'grey', sinceMs: nowMs, reasons: [] },
    recorded,
  };
  return judged(blank, nowMs);
}

/** The state after an observation at `nowMs`; the same object when nothing changed. */
export function observe(state: CameraState, observation: Observation, nowMs: number): CameraState {
  const seen = applied(state, observation, nowMs);
  return seen === state && observation.kind !== 'tick' ? state : judged(seen, nowMs);
}

/** The change of light that a step has made, against the last recorded light; null when there is none to tell. */
export function lightChangeOf(before: CameraState, after: CameraState): { from: Light; to: Light } | null {
  const from = before.recorded?.light ?? 'grey';
  const to = after.recorded?.light ?? 'grey';
  return from === to ? null : { from, to };
}

/** True while nothing is known of the camera yet. */
export function isStarting(state: CameraState): boolean {
  return state.verdict.reasons.some((reason) => reason.code === 'starting');
}

/** The profile whose fault counts, the one to try first; null when none does. */
export function faultyProfile(state: CameraState): { profile: ProfileName; code: FaultCode } | null {
  for (const profile of ['sub', 'main'] as const) {
    const { fault } = state.profiles[profile];
    if (fault?.counts) return { profile, code: fault.code };
  }
  return null;
}

function applied(state: CameraState, observation: Observation, nowMs: number): CameraState {
  switch (observation.kind) {
    case 'frames':
      return afterFrames(state, observation.profile);
    case 'failure': {
      const profile = afterFailure(state.profiles[observation.profile], observation, nowMs);
      return { ...state, profiles: { ...state.profiles, [observation.profile]: profile } };
    }
    case 'snapshot-taken':
      return afterPicture(state, observation.verdict ?? 'ok', nowMs);
    case 'reading':
      return withConditions(state, withReading(state.conditions, observation, nowMs));
    case 'snapshot-missed': {
      const sinceMs = state.missed?.sinceMs ?? nowMs;
      return { ...state, missed: { code: 'snapshot-missed', sinceMs, message: observation.message } };
    }
    case 'disk': {
      if ((state.lowDisk !== null) === (observation.low !== null)) return state;
      const { low } = observation;
      return { ...state, lowDisk: low === null ? null : { code: 'low-disk', sinceMs: nowMs, message: low } };
    }
    case 'settings':
      return afterSettings(state, observation);
    case 'tick':
      break;
  }
  return afterTime(state, nowMs);
}

function afterPicture(state: CameraState, verdict: PictureQuality['verdict'], nowMs: number): CameraState {
  let { conditions } = state;
  for (const reading of pictureReadings(verdict)) conditions = withReading(conditions, reading, nowMs);
  const seen = withConditions(state, conditions);
  return seen.missed ? { ...seen, missed: null } : seen;
}

function withConditions(state: CameraState, conditions: Conditions): CameraState {
  return conditions === state.conditions ? state : { ...state, conditions };
}

function afterFrames(state: CameraState, profile: ProfileName): CameraState {
  const other: ProfileName = profile === 'main' ? 'sub' : 'main';
  const otherState = state.profiles[other];
  const disproved = otherState.fault !== null && faultRules[otherState.fault.code].scope === 'device';
  const own = state.profiles[profile];
  if (own.working && own.fault === null && !disproved) return state;
  const working: ProfileState = { working: true, fault: null };
  const rest = disproved ? { ...otherState, fault: null } : otherState;
  return {
    ...state,
    profiles: profile === 'main' ? { main: working, sub: rest } : { main: rest, sub: working },
  };
}

function afterFailure(
  before: ProfileState,
  failure: { code: FeedFailureCode; message: string },
  nowMs: number,
): ProfileState {
  const code: FaultCode = failure.code === 'auth-paused' ? 'auth-failed' : failure.code;
  const same = before.fault?.code === code ? before.fault : null;
  const tries = (same?.tries ?? 0) + 1;
  // A profile that is down already stays down when the kind of its failure changes (a camera that restarts).
  const counts = before.fault?.counts === true || tries >= faultRules[code].tries;
  const fault: Fault = {
    code,
    paused: failure.code === 'auth-paused',
    message: failure.message,
    sinceMs: same?.sinceMs ?? nowMs,
    tries,
    counts,
  };
  return { working: before.working && !counts, fault };
}

function afterSettings(
  state: CameraState,
  settings: { enabled: boolean; maintenanceUntilMs: number | null },
): CameraState {
  const { enabled, maintenanceUntilMs } = settings;
  if (enabled === state.enabled && maintenanceUntilMs === state.maintenanceUntilMs) return state;
  const switchedOn = enabled && !state.enabled;
  const profiles = switchedOn ? { main: unknown, sub: unknown } : state.profiles;
  const known = switchedOn ? { missed: null, conditions: [] } : {};
  return { ...state, enabled, maintenanceUntilMs, profiles, ...known };
}

function afterTime(state: CameraState, nowMs: number): CameraState {
  const main = ripened(state.profiles.main, nowMs);
  const sub = ripened(state.profiles.sub, nowMs);
  const seen = withConditions(state, withoutStale(state.conditions, nowMs));
  if (main === state.profiles.main && sub === state.profiles.sub) return seen;
  return { ...seen, profiles: { main, sub } };
}

function ripened(profile: ProfileState, nowMs: number): ProfileState {
  const { fault } = profile;
  if (!fault || fault.counts || nowMs - fault.sinceMs < faultRules[fault.code].afterMs) return profile;
  return { working: false, fault: { ...fault, counts: true } };
}

/** Draws the verdict from what is known, keeping `since` of a light and of reasons that go on. */
function judged(state: CameraState, nowMs: number): CameraState {
  const found = findings(state, nowMs);
  const starting = found.reasons.some((reason) => reason.code === 'starting');
  // Out of `starting` the light goes on from what was recorded before it, so that a restart changes nothing.
  const earlier = starting ? state.verdict : (state.recorded ?? state.verdict);
  const verdict: Verdict = {
    light: found.light,
    sinceMs: earlier.light === found.light ? earlier.sinceMs : nowMs,
    reasons: found.reasons.map((reason) => ({
      ...reason,
      sinceMs: earlier.reasons.find(({ code }) => code === reason.code)?.sinceMs ?? reason.sinceMs,
    })),
  };
  if (sameVerdict(verdict, state.verdict) && (starting || state.recorded === state.verdict)) return state;
  const kept = sameVerdict(verdict, state.verdict) ? state.verdict : verdict;
  return { ...state, verdict: kept, recorded: starting ? state.recorded : kept };
}

function findings(state: CameraState, nowMs: number): { light: Light; reasons: StateReason[] } {
  if (!state.enabled) return grey('disabled', nowMs, 'This camera is switched off in the gateway.');
  if (state.maintenanceUntilMs !== null && state.maintenanceUntilMs > nowMs) {
    const until = new Date(state.maintenanceUntilMs).toISOString();
    return grey('maintenance', nowMs, `Under maintenance until ${until}; faults are not counted.`);
  }
  const { main, sub } = state.profiles;
  const anyWorks = main.working || sub.working;
  const reasons: StateReason[] = [];
  const lights: Light[] = [];
  for (const { fault } of [main, sub]) {
    if (!fault?.counts) continue;
    lights.push(anyWorks ? 'yellow' : faultRules[fault.code].light);
    for (const reason of reasonsOf(fault, nowMs)) {
      if (!reasons.some(({ code }) => code === reason.code)) reasons.push(reason);
    }
  }
  if (lights.length === 0 && !anyWorks)
    return grey('starting', nowMs, 'The first look at this camera is still under way.');
  for (const [light, reason] of besides(state, anyWorks)) {
    reasons.push(reason);
    lights.push(light);
  }
  reasons.sort((a, b) => rankOf(a.code) - rankOf(b.code));
  return { light: worstLight(['green', ...lights]), reasons };
}

/** What is wrong beside the streams' faults. Of a camera that shows nothing, no more is known than what keeps its pictures off. */
function besides({ conditions, lowDisk, missed }: CameraState, anyWorks: boolean): [Light, StateReason][] {
  const standing = conditions.filter(({ counts, code }) => counts && (anyWorks || code === 'packet-loss'));
  return [
    ...standing.map(({ code, sinceMs, message }): [Light, StateReason] => [
      'yellow',
      { code, sinceMs, message },
    ]),
    ...(lowDisk ? [['red', lowDisk] satisfies [Light, StateReason]] : []),
    ...(missed ? [['yellow', missed] satisfies [Light, StateReason]] : []),
  ];
}

function reasonsOf(fault: Fault, nowMs: number): StateReason[] {
  const reason: StateReason = { code: fault.code, sinceMs: fault.sinceMs, message: fault.message };
  if (!fault.paused) return [reason];
  const message =
    'The camera refused the password; the gateway waits before the next try so that it is not locked.';
  return [reason, { code: 'auth-paused', sinceMs: nowMs, message }];
}

function grey(code: ReasonCode, sinceMs: number, message: string): { light: Light; reasons: StateReason[] } {
  return { light: 'grey', reasons: [{ code, sinceMs, message }] };
}

function sameVerdict(a: Verdict, b: Verdict): boolean {
  return (
    a.light === b.light &&
    a.sinceMs === b.sinceMs &&
    a.reasons.length === b.reasons.length &&
    a.reasons.every((reason, index) => {
      const other = b.reasons[index];
      return other?.code === reason.code && other.message === reason.message;
    })
  );
}
