import type { DiscoveredDevice, DiscoveryJob } from '../../gateway/contract/discovery.ts';

/** A device as discovery tells of it. */
export type Device = DiscoveredDevice;

/** Wrong passwords a device is given at most. */
export const MOST_TRIES = 3;

/** How a device was signed in to: with a user name and password typed here, or with a named set of the gateway. */
export type Login = { kind: 'typed'; username: string; password: string } | { kind: 'set'; id: string };

/** A device of the search with what this registration knows of it. */
export interface FoundDevice {
  key: string;
  device: Device;
  picked: boolean;
  /** Passwords it refused. */
  refusals: number;
  /** What it took; null while it took none. */
  login: Login | null;
}

/** What names a device over several searches. */
export function deviceKey(device: DiscoveredDevice): string {
  return device.endpointId ?? device.xaddr;
}

/** Host and port of a device, as people know it. */
export function hostOf(device: DiscoveredDevice): string {
  return URL.canParse(device.xaddr) ? new URL(device.xaddr).host : device.address;
}

/** Whether it can be registered by this wizard. */
export function isPickable(device: Device): boolean {
  return device.registeredCameraId === null && !isRtspOnly(device);
}

/** The list after a search: known devices keep their choices, new ones are picked unless registered. */
export function mergeFound(known: readonly FoundDevice[], job: DiscoveryJob): FoundDevice[] {
  const before = new Map(known.map((found) => [found.key, found]));
  for (const device of job.devices) {
    const key = deviceKey(device);
    const old = before.get(key);
    // A search lists a device before it knows that it is registered: what turns out to be is not picked.
    const picked = isPickable(device) && (old?.picked ?? true);
    // A search without passwords knows less than the sign-in that came before it.
    const told = old?.login ? { ...old.device, registeredCameraId: device.registeredCameraId } : device;
    before.set(key, { refusals: 0, login: null, ...old, key, device: told, picked });
  }
  return [...before.values()].sort((a, b) => Number(isPickable(b.device)) - Number(isPickable(a.device)));
}

/** What was tried together: passwords typed here and named sets of the gateway, in this order. */
export interface Trial {
  typed: readonly { username: string; password: string }[];
  setIds: readonly string[];
}

function loginOf(device: Device, { typed, setIds }: Trial): Login | null {
  if (device.auth !== 'ok') return null;
  if (device.credentialSetId) return { kind: 'set', id: device.credentialSetId };
  const own = typed[device.credentialIndex ?? -1];
  if (own !== undefined) return { kind: 'typed', ...own };
  // Whoever asks for no password takes any.
  const [first] = typed;
  if (first !== undefined) return { kind: 'typed', ...first };
  return setIds[0] === undefined ? null : { kind: 'set', id: setIds[0] };
}

/** The list after a trial on `triedKeys`. */
export function mergeTried(
  known: readonly FoundDevice[],
  triedKeys: ReadonlySet<string>,
  devices: readonly Device[],
  trial: Trial,
): FoundDevice[] {
  const answers = new Map(
    devices.flatMap((device) => [[deviceKey(device), device] as const, [device.xaddr, device] as const]),
  );
  const turns = trial.typed.length + trial.setIds.length;
  return known.map((found) => {
    const answer = answers.get(found.key) ?? answers.get(found.device.xaddr);
    if (!triedKeys.has(found.key) || answer === undefined) return found;
    const device = knownBoth(found.device, answer);
    if (answer.auth === 'ok') return { ...found, device, login: loginOf(answer, trial) };
    const refused = answer.auth === 'rejected' ? turns : 0;
    return { ...found, device, refusals: Math.min(MOST_TRIES, found.refusals + refused) };
  });
}

/** The answer, with what only the earlier one told: a device that refuses a password says less of itself. */
function knownBoth(before: Device, answer: Device): Device {
  return {
    ...answer,
    endpointId: before.endpointId ?? answer.endpointId,
    vendor: answer.vendor ?? before.vendor,
    model: answer.model ?? before.model,
    name: answer.name ?? before.name,
    mac: answer.mac ?? before.mac,
    serial: answer.serial ?? before.serial,
  };
}

/** Whether it speaks RTSP alone: it is added by hand, for nothing tells the address of its stream. */
export function isRtspOnly({ xaddr }: Device): boolean {
  return /^rtsps?:/.test(xaddr);
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

/** Whether a text is a network in CIDR form, IPv4 or IPv6. */
export function isNetwork(text: string): boolean {
  const [address = '', bits = '', ...rest] = text.trim().split('/');
  if (rest.length > 0 || !/^\d{1,3}$/.test(bits)) return false;
  const isV4 =
    /^(\d{1,3}\.){3}\d{1,3}$/.test(address) && address.split('.').every((part) => Number(part) <= 255);
  const isV6 = address.includes(':') && /^[\da-f:.]+$/i.test(address);
  return (isV4 && Number(bits) <= 32) || (isV6 && Number(bits) <= 128);
}
