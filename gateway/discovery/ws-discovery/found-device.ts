import type { Announcement } from './announcement.ts';
import { readScopes } from '../onvif/scopes.ts';

/** A device that answered a probe, before anything was asked of it. */
export interface FoundDevice {
  endpointId: string | null;
  /** The address that answered. */
  address: string;
  /** Its device service, on the address that answered. */
  xaddr: string;
  name: string | null;
  hardware: string | null;
}

const DEFAULT_PATH = '/onvif/device_service';

/** The device behind an answer from `address`: null for one that is no ONVIF device (printers answer probes, too). */
export function toFoundDevice(announcement: Announcement, address: string): FoundDevice | null {
  if (!isOnvif(announcement)) return null;
  const { name, hardware } = readScopes(announcement.scopes);
  return {
    endpointId: announcement.endpointId,
    address,
    xaddr: chooseXaddr(announcement.xaddrs, address),
    name,
    hardware,
  };
}

/** Many devices leave out scopes or types, none so far both and the address as well. */
function isOnvif({ types, scopes, xaddrs }: Announcement): boolean {
  return (
    types.some((type) => type === 'NetworkVideoTransmitter' || type === 'Device') ||
    scopes.some((scope) => /^onvif:\/\//i.test(scope)) ||
    xaddrs.some((xaddr) => /onvif/i.test(xaddr))
  );
}

/**
 * The service address to use: one on the host that answered; else the first one's port and path on that host, since a
 * reply that points elsewhere is not followed; else the address that ONVIF prescribes.
 */
export function chooseXaddr(xaddrs: readonly string[], address: string): string {
  const host = address.includes(':') ? `[${address.replace(/%.*$/, '')}]` : address;
  const urls = xaddrs.flatMap((xaddr) => {
    const url = xaddr.length <= 500 && URL.canParse(xaddr) ? new URL(xaddr) : null;
    return url && (url.protocol === 'http:' || url.protocol === 'https:') ? [url] : [];
  });
  const own = urls.find((url) => url.hostname === host);
  // IPv6 link-local addresses come first with some makes; the IPv4 one has the port that matters.
  const chosen = own ?? urls.find((url) => !url.hostname.startsWith('[')) ?? urls[0];
  if (!chosen) return `http://${host}${DEFAULT_PATH}`;
  const port = chosen.port === '' ? '' : `:${chosen.port}`;
  return `${chosen.protocol}//${host}${port}${chosen.pathname}${chosen.search}`;
}
