import { endpointId } from '../onvif/endpoint-id.ts';
import { soapBody } from '../soap/soap-envelope.ts';
import { findNode, nodesNamed, textAt } from '../soap/xml-node.ts';
import type { XmlNode } from '../soap/xml-node.ts';
import { readXml } from '../soap/xml-reader.ts';

/** What a device says of itself in ProbeMatches, ResolveMatches, Hello or Bye; scopes and addresses may be missing. */
export interface Announcement {
  kind: 'match' | 'hello' | 'bye';
  endpointId: string | null;
  types: string[];
  scopes: string[];
  xaddrs: string[];
}

const MOST_ENTRIES = 64;
const KINDS: Record<string, Announcement['kind']> = {
  ProbeMatches: 'match',
  ResolveMatches: 'match',
  // ipycam leaves out what is around it.
  ProbeMatch: 'match',
  Hello: 'hello',
  Bye: 'bye',
};

/**
 * Reads a WS-Discovery datagram (2005/04 or 1.1; namespaces and prefixes are not looked at, since devices get them wrong).
 * Empty for anything that is no announcement; never throws.
 */
export function readAnnouncements(datagram: Uint8Array): Announcement[] {
  const xml = readXml(datagram);
  const body = xml.ok ? soapBody(xml.root) : undefined;
  const kind = body && KINDS[body.name];
  if (!body || !kind) return [];
  const matches = [...nodesNamed(body, 'ProbeMatch'), ...nodesNamed(body, 'ResolveMatch')];
  const announced = kind === 'match' && matches.length > 0 ? matches : [body];
  return announced.slice(0, MOST_ENTRIES).map((node) => toAnnouncement(kind, node));
}

function toAnnouncement(kind: Announcement['kind'], node: XmlNode): Announcement {
  const reference = findNode(node, 'EndpointReference');
  return {
    kind,
    endpointId: endpointId(textAt(reference, 'Address')),
    types: words(textAt(node, 'Types')).map((type) => type.slice(type.indexOf(':') + 1)),
    scopes: words(textAt(node, 'Scopes')),
    xaddrs: words(textAt(node, 'XAddrs')),
  };
}

function words(text: string | null): string[] {
  return (text ?? '').split(/\s+/).filter(Boolean).slice(0, MOST_ENTRIES);
}
