import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { XmlNode } from './xml-node.ts';

/** Outcome of reading XML that a device sent: a document, or why it is none. */
export type XmlResult =
  | { ok: true; root: XmlNode }
  | { ok: false; why: 'empty' | 'html' | 'entities' | 'too-large' | 'malformed'; message: string };

/** No ONVIF reply comes near these; past them an answer is an attack or a fault. */
const LARGEST_XML_BYTES = 1_048_576;
const MOST_TAGS = 60_000;
const DEEPEST_NESTING = 64;

const TEXT = '#text';
const CDATA = '#cdata';

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  removeNSPrefix: true,
  parseTagValue: false,
  processEntities: false,
  trimValues: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  textNodeName: TEXT,
  cdataPropName: CDATA,
  maxNestedTags: DEEPEST_NESTING,
});

/**
 * Reads an XML document of at most 1 MiB from a device: never throws, expands no entity beyond the five of XML itself,
 * refuses document types, mends bare ampersands, and understands the encodings that cameras use (UTF-8, GB18030, Latin-1).
 */
export function readXml(bytes: Uint8Array, contentType = ''): XmlResult {
  if (bytes.byteLength > LARGEST_XML_BYTES) return bad('too-large', 'the document is larger than 1 MiB');
  const text = decodeText(bytes, contentType).trim();
  if (text === '') return bad('empty', 'the answer is empty');
  if (/^\s*(?:<\?xml[^>]*\?>\s*)?<(?:!doctype\s+)?html/i.test(text)) {
    return bad('html', 'the answer is a web page');
  }
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) return bad('entities', 'the document declares entities');
  if (countTags(text) > MOST_TAGS) return bad('too-large', `the document has more than ${MOST_TAGS} tags`);
  return parse(text.replaceAll(BARE_AMPERSAND, '&amp;'));
}

/** Some cameras put stream addresses with raw `&` into their answers (seen with XM and TVT boards). */
const BARE_AMPERSAND = /&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-f]{1,6});)/gi;

function parse(text: string): XmlResult {
  try {
    const verdict = XMLValidator.validate(text);
    if (verdict !== true) return bad('malformed', verdict.err.msg);
    const roots = toNodes(parser.parse(text) as unknown);
    const root = roots.nodes[0];
    return root ? { ok: true, root } : bad('malformed', 'there is no element');
  } catch (error) {
    return bad('malformed', error instanceof Error ? error.message.slice(0, 200) : 'it cannot be parsed');
  }
}

/** Turns the parser's ordered form, `[{ name: [...], ':@': attributes }]`, into nodes. */
function toNodes(ordered: unknown): { nodes: XmlNode[]; text: string } {
  const nodes: XmlNode[] = [];
  let text = '';
  for (const entry of Array.isArray(ordered) ? (ordered as Record<string, unknown>[]) : []) {
    for (const [name, value] of Object.entries(entry)) {
      if (name === ':@') continue;
      if (name === TEXT) text += decodeEntities(String(value));
      else if (name === CDATA) text += rawText(value);
      else nodes.push(toNode(name, value, entry[':@']));
    }
  }
  return { nodes, text };
}

function toNode(name: string, inside: unknown, attributes: unknown): XmlNode {
  const { nodes, text } = toNodes(inside);
  const pairs = Object.entries((attributes ?? {}) as Record<string, unknown>);
  return {
    name,
    attributes: new Map(pairs.map(([key, value]) => [key, decodeEntities(String(value))])),
    text: text.trim(),
    children: nodes,
  };
}

function rawText(value: unknown): string {
  const parts = Array.isArray(value) ? (value as Record<string, unknown>[]) : [];
  return parts.map((part) => (typeof part[TEXT] === 'string' ? part[TEXT] : '')).join('');
}

const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decodeEntities(text: string): string {
  return text.replaceAll(
    /&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([0-9a-f]{1,6}));/gi,
    (whole, named, dec, hex) => {
      if (typeof named === 'string') return NAMED[named.toLowerCase()] ?? whole;
      const code = typeof dec === 'string' ? Number(dec) : Number.parseInt(String(hex), 16);
      return code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : '';
    },
  );
}

function countTags(text: string): number {
  let count = 0;
  for (let at = text.indexOf('<'); at !== -1; at = text.indexOf('<', at + 1)) count += 1;
  return count;
}

function decodeText(bytes: Uint8Array, contentType: string): string {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 200)).toString(
    'latin1',
  );
  const named =
    /encoding\s*=\s*["']([\w-]+)["']/i.exec(head)?.[1] ?? /charset\s*=\s*"?([\w-]+)/i.exec(contentType)?.[1];
  return decoderFor(named).decode(bytes);
}

function decoderFor(name: string | undefined): { decode(bytes: Uint8Array): string } {
  if (name === undefined || /^utf-?8$/i.test(name)) return new TextDecoder('utf-8');
  try {
    return new TextDecoder(/^gb/i.test(name) ? 'gb18030' : name);
  } catch {
    return new TextDecoder('utf-8');
  }
}

function bad(why: Exclude<XmlResult, { ok: true }>['why'], message: string): XmlResult {
  return { ok: false, why, message };
}
