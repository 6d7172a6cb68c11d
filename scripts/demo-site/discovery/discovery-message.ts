import { randomUUID } from 'node:crypto';
import { escapeXml } from '../onvif/soap-reply.ts';
import { child, parseXml, textAt, textOf } from '../onvif/soap-request.ts';

/** A device as discovery tells of it (WS-Discovery 2005/04, ONVIF Core 7.3). */
export interface DiscoveredDevice {
  endpointId: string;
  scopes: string[];
  xaddr: string;
}

/** A question from the network. */
export type DiscoveryQuestion =
  | { kind: 'probe'; messageId: string; types: string[]; scopes: string[]; matchBy: string }
  | { kind: 'resolve'; messageId: string; endpointId: string };

const wsd = 'http://schemas.xmlsoap.org/ws/2005/04/discovery';
const types = 'dn:NetworkVideoTransmitter tds:Device';
const ours = new Set(['NetworkVideoTransmitter', 'Device']);
const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

/** Reads a Probe or Resolve; undefined for anything else (Hello, Bye, matches, noise). */
export function parseQuestion(text: string): DiscoveryQuestion | undefined {
  const envelope = child(parseXml(text), 'Envelope');
  const messageId = textAt(envelope, 'Header', 'MessageID');
  const body = child(envelope, 'Body');
  const probe = child(body, 'Probe');
  if (probe !== undefined) {
    const scopes = child(probe, 'Scopes');
    const matchBy = typeof scopes === 'object' ? textOf(child(scopes, '@MatchBy')) : '';
    return {
      kind: 'probe',
      messageId,
      types: words(textAt(probe, 'Types')),
      scopes: words(textOf(scopes)),
      matchBy,
    };
  }
  const resolve = child(body, 'Resolve');
  if (resolve === undefined) return undefined;
  return { kind: 'resolve', messageId, endpointId: textAt(resolve, 'EndpointReference', 'Address') };
}

function scopeMatches(asked: string, scopes: readonly string[], matchBy: string): boolean {
  if (matchBy.endsWith('/strcmp0')) return scopes.includes(asked);
  const parts = asked.replace(/\/+$/, '').split('/');
  return scopes.some((scope) => {
    const have = scope.split('/');
    return parts.every((part, i) =>
      i < 3 ? part.toLowerCase() === have[i]?.toLowerCase() : part === have[i],
    );
  });
}

/** Whether a device must answer the question. */
export function concerns(question: DiscoveryQuestion, device: DiscoveredDevice): boolean {
  if (question.kind === 'resolve') return question.endpointId === device.endpointId;
  const typesFit = question.types.every((type) => ours.has(type.slice(type.indexOf(':') + 1)));
  return typesFit && question.scopes.every((scope) => scopeMatches(scope, device.scopes, question.matchBy));
}

const details = (device: DiscoveredDevice): string =>
  `<a:EndpointReference><a:Address>${device.endpointId}</a:Address></a:EndpointReference><d:Types>${types}</d:Types>` +
  `<d:Scopes>${escapeXml(device.scopes.join(' '))}</d:Scopes><d:XAddrs>${device.xaddr}</d:XAddrs><d:MetadataVersion>1</d:MetadataVersion>`;

function message(action: string, body: string, relatesTo?: string): string {
  const to =
    relatesTo === undefined
      ? 'urn:schemas-xmlsoap-org:ws:2005:04:discovery'
      : 'http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous';
  const relates = relatesTo === undefined ? '' : `<a:RelatesTo>${escapeXml(relatesTo)}</a:RelatesTo>`;
  return (
    '<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" ' +
    `xmlns:d="${wsd}" xmlns:dn="http://www.onvif.org/ver10/network/wsdl" xmlns:tds="http://www.onvif.org/ver10/device/wsdl">` +
    `<s:Header><a:MessageID>urn:uuid:${randomUUID()}</a:MessageID>${relates}<a:To>${to}</a:To><a:Action>${wsd}/${action}</a:Action></s:Header><s:Body>${body}</s:Body></s:Envelope>`
  );
}

/** The answer of one device to a question that concerns it. */
export function answerMessage(question: DiscoveryQuestion, device: DiscoveredDevice): string {
  if (question.kind === 'probe') {
    return message(
      'ProbeMatches',
      `<d:ProbeMatches><d:ProbeMatch>${details(device)}</d:ProbeMatch></d:ProbeMatches>`,
      question.messageId,
    );
  }
  return message(
    'ResolveMatches',
    `<d:ResolveMatches><d:ResolveMatch>${details(device)}</d:ResolveMatch></d:ResolveMatches>`,
    question.messageId,
  );
}

/** What a device calls out when it starts. */
export const helloMessage = (device: DiscoveredDevice): string =>
  message('Hello', `<d:Hello>${details(device)}</d:Hello>`);

/** What a device calls out when it stops. */
export const byeMessage = (device: DiscoveredDevice): string =>
  message(
    'Bye',
    `<d:Bye><a:EndpointReference><a:Address>${device.endpointId}</a:Address></a:EndpointReference></d:Bye>`,
  );
