import type { DiscoveredDevice, DiscoveryJob } from '../../gateway/contract/discovery.ts';

/** Wrong passwords a device is given at most. */
export const MOST_TRIES = 3;

/** A device of the search with what this registration knows of it. */
export interface FoundDevice {
  key: string;
  device: DiscoveredDevice;
  picked: boolean;
  /** Passwords it refused. */
  refusals: number;
  /** The credentials it took; null while none did. */
  login: { username: string; password: string } | null;
}

/** What names a device over several searches. */
export function deviceKey(device: DiscoveredDevice): string {
  return device.endpointId ?? device.xaddr;
}

/** The list after a search: known devices keep their choices, new ones are picked unless registered. */
export function mergeFound(known: readonly FoundDevice[], job: DiscoveryJob): FoundDevice[] {
  const before = new Map(known.map((found) => [found.key, found]));
  for (const device of job.devices) {
    const key = deviceKey(device);
    const old = before.get(key);
    // A search lists a device before it knows that it is registered: what turns out to be is not picked.
    const picked = device.registeredCameraId === null && (old?.picked ?? true);
    before.set(key, { key, refusals: 0, login: null, ...old, device, picked });
  }
  return [...before.values()].sort(
    (a, b) => Number(a.device.registeredCameraId !== null) - Number(b.device.registeredCameraId !== null),
  );
}

/** The list after credentials were tried on `triedKeys`. */
export function mergeTried(
  known: readonly FoundDevice[],
  triedKeys: ReadonlySet<string>,
  devices: readonly DiscoveredDevice[],
  login: { username: string; password: string },
): FoundDevice[] {
  const answers = new Map(
    devices.flatMap((device) => [[deviceKey(device), device] as const, [device.xaddr, device] as const]),
  );
  return known.map((found) => {
    const answer = answers.get(found.key) ?? answers.get(found.device.xaddr);
    if (!triedKeys.has(found.key) || answer === undefined) return found;
    const device = { ...found.device, ...answer, endpointId: found.device.endpointId ?? answer.endpointId };
    if (answer.auth === 'ok') return { ...found, device, login };
    return { ...found, device, refusals: found.refusals + (answer.auth === 'rejected' ? 1 : 0) };
  });
}

/** Whether the device may be registered: it answers without a password, or took one. */
export function isReady(found: FoundDevice): boolean {
  return found.login !== null || found.device.auth === 'ok';
}

/** Whether another password may be tried on it. */
export function mayTry(found: FoundDevice): boolean {
  return found.picked && !isReady(found) && found.refusals < MOST_TRIES;
}

/** Hosts out of what a person typed: commas (also Chinese), spaces or lines between them. */
export function readHosts(text: string): string[] {
  return [...new Set(text.split(/[\s,，;；、]+/).filter((host) => host !== ''))];
}

/** Names for `count` cameras: `#` becomes the number; without it the number is put behind. */
export function namesFrom(pattern: string, count: number): string[] {
  const base = pattern.includes('#') ? pattern : `${pattern} #`;
  return Array.from({ length: count }, (_, index) => base.replace('#', String(index + 1)).trim());
}
