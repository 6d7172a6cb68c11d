import { nodeAt, nodesNamed, textAt } from '../soap/xml-node.ts';
import type { XmlNode } from '../soap/xml-node.ts';
import { onvifNamespaces } from './onvif-messages.ts';

/** Addresses of the services in use, as the device gives them; null for those it does not offer. */
export interface ServiceAddresses {
  media1: string | null;
  media2: string | null;
  ptz: string | null;
  imaging: string | null;
}

/** What GetDeviceInformation tells. */
export interface DeviceInformation {
  vendor: string | null;
  model: string | null;
  firmware: string | null;
  serial: string | null;
}

/** Reads GetDeviceInformationResponse. */
export function readDeviceInformation(body: XmlNode): DeviceInformation {
  const field = (name: string): string | null => textAt(body, name)?.slice(0, 200) ?? null;
  return {
    vendor: field('Manufacturer'),
    model: field('Model'),
    firmware: field('FirmwareVersion'),
    serial: field('SerialNumber'),
  };
}

/** Reads GetServicesResponse. */
export function readServices(body: XmlNode): ServiceAddresses {
  const services = nodesNamed(body, 'Service');
  const address = (namespace: string): string | null => {
    // Some TP-Link firmware ends namespaces with a slash.
    const found = services.find((service) => textAt(service, 'Namespace')?.replace(/\/$/, '') === namespace);
    return textAt(found, 'XAddr');
  };
  return {
    media1: address(onvifNamespaces.media1),
    media2: address(onvifNamespaces.media2),
    ptz: address(onvifNamespaces.ptz),
    imaging: address(onvifNamespaces.imaging),
  };
}

/** Reads GetCapabilitiesResponse, which knows nothing of Media2. */
export function readCapabilities(body: XmlNode): ServiceAddresses {
  const capabilities = nodeAt(body, 'Capabilities');
  return {
    media1: textAt(capabilities, 'Media', 'XAddr'),
    media2: textAt(capabilities, 'Extension', 'Media2', 'XAddr'),
    ptz: textAt(capabilities, 'PTZ', 'XAddr'),
    imaging: textAt(capabilities, 'Imaging', 'XAddr'),
  };
}

/** The scope URIs of GetScopesResponse. */
export function readScopeItems(body: XmlNode): string[] {
  return nodesNamed(body, 'Scopes').flatMap((scope) => textAt(scope, 'ScopeItem') ?? []);
}

/**
 * The MAC address, as in `3c:ef:8c:01:02:03`, of the interface that has the given address; of the first one with a MAC
 * when none has (behind NAT). Null when the device tells none.
 */
export function readMac(body: XmlNode, ownAddress: string): string | null {
  let first: string | null = null;
  for (const card of nodesNamed(body, 'NetworkInterfaces')) {
    const mac = normalMac(textAt(card, 'Info', 'HwAddress'));
    if (mac && addressesOf(card).includes(ownAddress)) return mac;
    first ??= mac;
  }
  return first;
}

function addressesOf(card: XmlNode): (string | null)[] {
  const configs = ['IPv4', 'IPv6'].map((family) => nodeAt(card, family, 'Config'));
  return configs.flatMap((config) => (config?.children ?? []).map((way) => textAt(way, 'Address')));
}

function normalMac(text: string | null): string | null {
  const digits = (text ?? '').replaceAll(/[:.\s-]/g, '').toLowerCase();
  if (!/^[0-9a-f]{12}$/.test(digits) || /^0+$/.test(digits)) return null;
  return (digits.match(/../g) ?? []).join(':');
}
