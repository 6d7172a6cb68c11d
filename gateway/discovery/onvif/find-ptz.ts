import type { Clock } from '../../base/clock.ts';
import type { CallResult, DeviceSession } from './device-session.ts';
import { findServices } from './find-services.ts';
import { deviceMessages } from './onvif-messages.ts';
import type { PtzPlace } from './ptz-operations.ts';
import { readClock } from './read-clock.ts';
import { readProfiles } from './read-profiles.ts';

/** Looks for the motors of a device: its PTZ service and the largest profile with a PTZ configuration; null when it has none. */
export async function findPtz(
  session: DeviceSession,
  xaddr: string,
  clock: Clock,
): Promise<{ ok: true; place: PtzPlace | null } | Extract<CallResult, { ok: false }>> {
  const time = await readClock(session, xaddr, clock);
  if (!time.ok && time.failure !== 'not-supported') return time;
  // Signs in by a question that every device answers, so that a refusal is told as one.
  const information = await session.call(xaddr, deviceMessages.getDeviceInformation);
  if (!information.ok && information.failure !== 'not-supported') return information;
  const services = await findServices(session, xaddr);
  if (services.ptz === null) return { ok: true, place: null };
  const media = await readProfiles(session, xaddr, services);
  if ('failure' in media) return media;
  const profile = media.profiles.find(({ hasPtz }) => hasPtz);
  const place = profile ? { service: services.ptz, profileToken: profile.token } : null;
  return { ok: true, place };
}
