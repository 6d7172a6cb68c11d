import type { Clock } from '../../base/clock.ts';
import type { CallResult, DeviceSession } from './device-session.ts';
import { driftMs, readDeviceTime } from './device-time.ts';
import type { DeviceTime } from './device-time.ts';
import { deviceMessages } from './onvif-messages.ts';

/** A device's clock; `time` and `driftSec` are null where it answered without a time. */
export interface ClockReading {
  ok: true;
  time: DeviceTime | null;
  /** Camera time minus gateway time, whole seconds. */
  driftSec: number | null;
}

/** Asks a device's time, first of all questions, and lets the session sign by that clock from then on. */
export async function readClock(
  session: DeviceSession,
  xaddr: string,
  clock: Clock,
): Promise<ClockReading | Extract<CallResult, { ok: false }>> {
  const askedAtMs = clock.now();
  const answer = await session.call(xaddr, deviceMessages.getSystemDateAndTime);
  if (!answer.ok) return answer;
  const time = readDeviceTime(answer.body);
  if (time === null) return { ok: true, time, driftSec: null };
  const atMs = (askedAtMs + clock.now()) / 2;
  session.setDrift(time.utcMs + 500 - atMs);
  // Adding 0 turns -0 into 0.
  return { ok: true, time, driftSec: Math.round(driftMs(time, atMs) / 1000) + 0 };
}
