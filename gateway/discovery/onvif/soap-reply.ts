import { soapBody, soapFault } from '../soap/soap-envelope.ts';
import type { SoapFault } from '../soap/soap-envelope.ts';
import type { XmlNode } from '../soap/xml-node.ts';
import { readXml } from '../soap/xml-reader.ts';

/** What an HTTP body turned out to be. */
export type SoapReply =
  | { kind: 'answer'; body: XmlNode }
  | { kind: 'fault'; fault: SoapFault }
  | { kind: 'not-soap'; message: string }
  | { kind: 'broken'; message: string };

/** Reads the body of an HTTP reply as SOAP: `not-soap` for something else altogether, `broken` for XML that cannot be used. */
export function readSoapReply(status: number, bytes: Uint8Array, contentType: string): SoapReply {
  const xml = readXml(bytes, contentType);
  if (!xml.ok) {
    const looksLikeXml = xml.why === 'too-large' || xml.why === 'entities' || startsLikeXml(bytes);
    if (xml.why === 'html' || xml.why === 'empty' || !looksLikeXml) {
      return {
        kind: 'not-soap',
        message: `HTTP ${status}, ${xml.why === 'empty' ? 'without content' : 'no ONVIF answer'}`,
      };
    }
    return { kind: 'broken', message: `the answer is not usable XML: ${xml.message}` };
  }
  const body = soapBody(xml.root);
  if (!body) return { kind: 'not-soap', message: `HTTP ${status}, no ONVIF answer` };
  const fault = soapFault(body);
  return fault ? { kind: 'fault', fault } : { kind: 'answer', body };
}

function startsLikeXml(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 300)).toString(
    'latin1',
  );
  return /^[^<]{0,8}<(?:\?xml|[\w-]{1,40}:?Envelope)/i.test(head);
}
