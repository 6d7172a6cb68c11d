import { nodeAt, nodesNamed, textAt } from './xml-node.ts';
import type { XmlNode } from './xml-node.ts';

const NAMESPACES = {
  '1.1': 'http://schemas.xmlsoap.org/soap/envelope/',
  '1.2': 'http://www.w3.org/2003/05/soap-envelope',
} as const;

/** ONVIF prescribes 1.2; some old devices know 1.1 alone. */
export type SoapVersion = keyof typeof NAMESPACES;

/** What a SOAP fault says, of SOAP 1.2 or 1.1; `codes` are the nested code values without prefix, outermost first. */
export interface SoapFault {
  codes: string[];
  reason: string;
}

/** Text made safe for XML content and double-quoted attributes; characters that XML 1.0 forbids are left out. */
export function escapeXml(text: string): string {
  return text
    .replaceAll(FORBIDDEN, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

// oxlint-disable-next-line no-control-regex -- these are the characters to leave out
const FORBIDDEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g;

/** A SOAP message around ready-made header and body XML. */
export function soapEnvelope(body: string, header = '', version: SoapVersion = '1.2'): string {
  return (
    `<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="${NAMESPACES[version]}">` +
    `<s:Header>${header}</s:Header><s:Body>${body}</s:Body></s:Envelope>`
  );
}

/** The first element in the Body of an Envelope; undefined when the document is no SOAP message. An empty Body gives the Body itself. */
export function soapBody(root: XmlNode): XmlNode | undefined {
  if (root.name !== 'Envelope') return undefined;
  const body = nodeAt(root, 'Body');
  return body?.children[0] ?? body;
}

/** The fault that a Body's element states, or undefined when it is none. */
export function soapFault(body: XmlNode): SoapFault | undefined {
  if (body.name !== 'Fault') return undefined;
  const codes: string[] = [];
  for (let at = nodeAt(body, 'Code'); at && codes.length < 8; at = nodeAt(at, 'Subcode')) {
    const value = textAt(at, 'Value');
    if (value) codes.push(withoutPrefix(value));
  }
  const oldCode = textAt(body, 'faultcode');
  if (oldCode) codes.push(withoutPrefix(oldCode));
  const texts = nodesNamed(nodeAt(body, 'Reason'), 'Text').map((text) => text.text);
  const reason =
    texts.find((text) => text !== '') ?? textAt(body, 'faultstring') ?? codes.at(-1) ?? 'unknown fault';
  return { codes, reason: reason.slice(0, 300) };
}

/** True when a fault, in any dialect seen, says that sender or password is not accepted. */
export function isNotAuthorized(fault: SoapFault): boolean {
  if (
    fault.codes.some((code) =>
      /notauthori[sz]ed|unauthori[sz]ed|failedauthentication|failedcheck|invalidsecurity/i.test(code),
    )
  ) {
    return true;
  }
  return /not\s*auth?ori[sz]ed|unauthori[sz]ed|authenticat|authority failure|authori[sz]ation|locked/i.test(
    fault.reason,
  );
}

/** True when the device does not know this version of SOAP (SOAP 1.2 part 1, section 5.4.7). */
export function isVersionMismatch(fault: SoapFault): boolean {
  return fault.codes.some((code) => /^versionmismatch$/i.test(code));
}

/** True when the device says that the account is locked, which more tries would only prolong. */
export function isLocked(fault: SoapFault): boolean {
  return [...fault.codes, fault.reason].some((text) => /\block|locked/i.test(text));
}

function withoutPrefix(value: string): string {
  return value.slice(value.indexOf(':') + 1).trim();
}
