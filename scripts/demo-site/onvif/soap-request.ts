import { XMLParser } from 'fast-xml-parser';
import type { UsernameToken } from '../auth/ws-security.ts';

/** A parsed element: text, or children by local name. */
export type XmlNode = string | { [name: string]: XmlNode | XmlNode[] | undefined };

/** A SOAP call: the operation's local name, its parameters, and the token if one came with it. */
export interface SoapRequest {
  operation: string;
  parameters: XmlNode;
  token: UsernameToken | undefined;
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  parseTagValue: false,
  processEntities: true,
  trimValues: true,
});

/** The child with a local name; undefined where there is none or more than one level is text. */
export function child(node: XmlNode | XmlNode[] | undefined, name: string): XmlNode | undefined {
  if (node === undefined || typeof node === 'string' || Array.isArray(node)) return undefined;
  const found = node[name];
  return Array.isArray(found) ? found[0] : found;
}

/** The text of an element, with or without attributes. */
export function textOf(node: XmlNode | undefined): string {
  if (node === undefined) return '';
  if (typeof node === 'string') return node;
  const text = node['#text'];
  return typeof text === 'string' ? text : '';
}

/** The text of a descendant by path. */
export const textAt = (node: XmlNode | undefined, ...path: string[]): string =>
  textOf(path.reduce<XmlNode | undefined>((at, name) => child(at, name), node));

function tokenOf(header: XmlNode | undefined): UsernameToken | undefined {
  const token = child(child(header, 'Security'), 'UsernameToken');
  if (token === undefined) return undefined;
  const password = child(token, 'Password');
  return {
    username: textAt(token, 'Username'),
    password: textOf(password),
    passwordType: textAt(password, '@Type'),
    nonce: textAt(token, 'Nonce'),
    created: textAt(token, 'Created'),
  };
}

/** Reads any XML document as nodes by local name; undefined for what is not well-formed or declares entities. */
export function parseXml(text: string): XmlNode | undefined {
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) return undefined;
  try {
    return parser.parse(text, true) as XmlNode;
  } catch {
    return undefined;
  }
}

/** Reads a SOAP 1.2 envelope; undefined when it is not one. */
export function parseSoapRequest(text: string): SoapRequest | undefined {
  const envelope = child(parseXml(text), 'Envelope');
  const body = child(envelope, 'Body');
  if (body === undefined || typeof body === 'string') return undefined;
  const operation = Object.keys(body).find((name) => !name.startsWith('@') && name !== '#text');
  if (operation === undefined) return undefined;
  return { operation, parameters: child(body, operation) ?? '', token: tokenOf(child(envelope, 'Header')) };
}
