import { readCapabilities, readServices } from './device-replies.ts';
import type { ServiceAddresses } from './device-replies.ts';
import type { DeviceSession } from './device-session.ts';
import { deviceMessages } from './onvif-messages.ts';
import type { OnvifMessage } from './onvif-messages.ts';
import type { XmlNode } from '../soap/xml-node.ts';
import { reachableService } from './reachable-uri.ts';

/** Where a device's services can be reached: by GetServices, else by the older GetCapabilities. */
export async function findServices(session: DeviceSession, xaddr: string): Promise<ServiceAddresses> {
  const { media1, media2, ptz, imaging } = await listedServices(session, xaddr);
  return {
    // A device that lists nothing often serves all of it at one address.
    media1: reachableService(media1, xaddr) ?? (media2 ? null : xaddr),
    media2: reachableService(media2, xaddr),
    ptz: reachableService(ptz, xaddr),
    imaging: reachableService(imaging, xaddr),
  };
}

async function listedServices(session: DeviceSession, xaddr: string): Promise<ServiceAddresses> {
  const listed = await optional(session, xaddr, deviceMessages.getServices);
  const services = listed ? readServices(listed) : NONE;
  if (services.media1 || services.media2) return services;
  const capabilities = await optional(session, xaddr, deviceMessages.getCapabilities);
  return capabilities ? readCapabilities(capabilities) : services;
}

const NONE: ServiceAddresses = { media1: null, media2: null, ptz: null, imaging: null };

async function optional(
  session: DeviceSession,
  xaddr: string,
  message: OnvifMessage,
): Promise<XmlNode | undefined> {
  const result = await session.call(xaddr, message);
  return result.ok ? result.body : undefined;
}
