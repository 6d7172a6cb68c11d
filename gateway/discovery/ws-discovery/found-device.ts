import { NetworkGuard } from '../../base/network-guard.ts';
import type { Announcement } from './announcement.ts';
import { isLinkLocal } from './search-interfaces.ts';
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

/**
 * The device behind an answer from `address`: null for one that is no ONVIF device (printers answer probes, too). `onLink`
 * are the networks of the interface that heard it.
 */
export function toFoundDevice(
  announcement: Announcement,
  address: string,
  onLink: readonly string[],
): FoundDevice | null {
  if (!isOnvif(announcement)) return null;
  const { endpointId, scopes, xaddrs } = announcement;
  const usable = isLinkLocal(address) ? (neighbourOf(xaddrs, onLink) ?? address) : address;
  return { endpointId, address: usable, xaddr: chooseXaddr(xaddrs, usable), ...named(scopes) };
}

function named(scopes: readonly string[]): Pick<FoundDevice, 'name' | 'hardware'> {
  const { name, hardware } = readScopes(scopes);
  return { name, hardware };
}

/**
 * What answers over IPv6 does so from a link-local address, which no URL can hold: then the first of its own addresses
 * that lies on the very link it was heard on is taken.
 */
function neighbourOf(xaddrs: readonly string[], onLink: readonly string[]): string | undefined {
  const near = new NetworkGuard(onLink);
  return xaddrs
    .filter((xaddr) => URL.canParse(xaddr))
    .map((xaddr) => new URL(xaddr).hostname.replaceAll(/^\[|\]$/g, ''))
    .find((host) => near.allows(host) && !isLinkLocal(host));
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
