import type { Clock } from '../../base/clock.ts';
import type { CallResult, DeviceSession } from './device-session.ts';
import { deviceMessages } from './onvif-messages.ts';
import { readClock } from './read-clock.ts';

/**
 * Sets the device's clock to the gateway's, in UTC; its time zone and daylight saving stay as they are. Tells how far off
 * the clock is afterwards, and whether the device took its time from NTP before, which setting by hand ends.
 */
export async function setClock(
  session: DeviceSession,
  xaddr: string,
  clock: Clock,
): Promise<
  { ok: true; clockDriftSec: number | null; ntpEnded: boolean } | Extract<CallResult, { ok: false }>
> {
  const before = await readClock(session, xaddr, clock);
  if (!before.ok) return before;
  const { zone = null, daylightSavings = false, byNtp = false } = before.time ?? {};
  // The signature itself takes a refusal and a second request; ask once more so that the time is of the request that counts.
  const information = await session.call(xaddr, deviceMessages.getDeviceInformation);
  if (!information.ok && information.failure !== 'not-supported') return information;
  const utcMs = Math.round(clock.now() / 1000) * 1000;
  const set = await session.call(xaddr, deviceMessages.setSystemDateAndTime(utcMs, zone, daylightSavings));
  if (!set.ok) return set;
  const after = await readClock(session, xaddr, clock);
  return { ok: true, clockDriftSec: after.ok ? after.driftSec : null, ntpEnded: byNtp };
}
