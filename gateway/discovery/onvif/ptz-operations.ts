import type { Clock } from '../../base/clock.ts';
import { delay } from '../../base/clock.ts';
import { nodesNamed, textAt } from '../soap/xml-node.ts';
import type { XmlNode } from '../soap/xml-node.ts';
import type { CallFailure, CallResult, DeviceSession } from './device-session.ts';
import { ptzMessages } from './onvif-messages.ts';
import type { PtzVelocity } from './onvif-messages.ts';

/** A named view that the camera can turn to. */
export interface PtzPreset {
  token: string;
  name: string;
}

/** Where a device's PTZ is steered: its service and the profile that has the motors. */
export interface PtzPlace {
  service: string;
  profileToken: string;
}

/** A short move: velocities from -1 to 1, and how long it lasts. */
export interface PtzNudge extends PtzVelocity {
  ms: number;
}

/** Outcome of a move; one that a newer order ended is no failure. */
export type MoveResult = { ok: true } | Extract<CallResult, { ok: false }>;

/** Longer moves are a series of nudges; a lost connection must not leave a camera turning. */
export const longestNudgeMs = 5000;
const STOP_TRIES = 3;
const STOP_RETRY_MS = 300;
const MOST_PRESETS = 256;
/** The device's own limit comes so much later than our Stop. */
const OWN_STOP_MARGIN_SEC = 1;

/** Reads GetPresetsResponse; presets without a token cannot be called and are left out. */
export function readPresets(body: XmlNode): PtzPreset[] {
  return nodesNamed(body, 'Preset')
    .slice(0, MOST_PRESETS)
    .flatMap((preset) => {
      const token = preset.attributes.get('token');
      return token ? [{ token, name: (textAt(preset, 'Name') ?? token).slice(0, 120) }] : [];
    });
}

/**
 * Moves for `ms` and then stops. The Stop is sent whatever happens in between: a refused or unanswered move, an aborted
 * signal; it is repeated until the camera confirms it. The camera is also told a time after which to stop by itself.
 */
export async function nudge(options: {
  clock: Clock;
  session: DeviceSession;
  place: PtzPlace;
  move: PtzNudge;
  /** Ends the wait between move and stop. */
  signal: AbortSignal;
}): Promise<MoveResult> {
  const { clock, session, place, move, signal } = options;
  const velocity = { pan: axis(move.pan), tilt: axis(move.tilt), zoom: axis(move.zoom) };
  const ms = Math.min(longestNudgeMs, Math.max(0, move.ms));
  const ownStopSec = Math.ceil(ms / 1000) + OWN_STOP_MARGIN_SEC;
  if (signal.aborted) return { ok: true };
  const moved = await startMove(session, place, velocity, ownStopSec);
  if (!moved.ok && neverBegan(moved.failure)) return moved;
  if (moved.ok) await delay(clock, ms, signal);
  const stopped = await stopUntilConfirmed(clock, session, place);
  if (!moved.ok) return moved;
  if (stopped.ok) return stopped;
  const message = `the camera did not confirm that it stopped (${stopped.message}); it was told to stop by itself after ${ownStopSec} s`;
  return { ...stopped, message };
}

/** Turns to a preset; the camera stops there by itself. */
export function gotoPreset(session: DeviceSession, place: PtzPlace, preset: string): Promise<CallResult> {
  return session.call(place.service, ptzMessages.gotoPreset(place.profileToken, preset));
}

/** Refused at the door: a Stop would be refused there as well, and count as another wrong try. */
function neverBegan(failure: CallFailure): boolean {
  return failure.startsWith('auth-') || failure === 'certificate-changed';
}

async function startMove(
  session: DeviceSession,
  { service, profileToken }: PtzPlace,
  velocity: PtzVelocity,
  ownStopSec: number,
): Promise<CallResult> {
  const first = await session.call(service, ptzMessages.continuousMove(profileToken, velocity, ownStopSec));
  // Some firmware refuses a Timeout, or one that it deems too short.
  if (first.ok || first.failure !== 'not-supported') return first;
  return session.call(service, ptzMessages.continuousMove(profileToken, velocity, null));
}

async function stopUntilConfirmed(
  clock: Clock,
  session: DeviceSession,
  { service, profileToken }: PtzPlace,
): Promise<CallResult> {
  let result = await session.call(service, ptzMessages.stop(profileToken));
  for (let tries = 1; tries < STOP_TRIES && !result.ok; tries += 1) {
    await delay(clock, STOP_RETRY_MS);
    result = await session.call(service, ptzMessages.stop(profileToken));
  }
  return result;
}

/** Two decimals between -1 and 1; anything that is no number stands still. */
function axis(value: number): number {
  return Number.isFinite(value) ? Math.round(Math.min(1, Math.max(-1, value)) * 100) / 100 + 0 : 0;
}
