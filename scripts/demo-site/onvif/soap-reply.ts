const namespaces = [
  'xmlns:SOAP-ENV="http://www.w3.org/2003/05/soap-envelope"',
  'xmlns:tds="http://www.onvif.org/ver10/device/wsdl"',
  'xmlns:trt="http://www.onvif.org/ver10/media/wsdl"',
  'xmlns:tr2="http://www.onvif.org/ver20/media/wsdl"',
  'xmlns:tptz="http://www.onvif.org/ver20/ptz/wsdl"',
  'xmlns:tt="http://www.onvif.org/ver10/schema"',
  'xmlns:ter="http://www.onvif.org/ver10/error"',
].join(' ');

/** Text made safe for element content and attributes. */
export const escapeXml = (text: string): string =>
  text.replace(
    /[<>&"']/g,
    (char) => ({ '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' })[char] ?? '&apos;',
  );

/** A whole SOAP 1.2 envelope around a body. */
export const envelope = (body: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<SOAP-ENV:Envelope ${namespaces}><SOAP-ENV:Body>${body}</SOAP-ENV:Body></SOAP-ENV:Envelope>`;

/** A refusal as ONVIF writes it (Core spec 5.8.2): Sender or Receiver, subcodes, a sentence. */
export class SoapFault extends Error {
  override name = 'SoapFault';
  readonly code: 'Sender' | 'Receiver';
  readonly subcodes: readonly string[];

  constructor(code: 'Sender' | 'Receiver', subcodes: readonly string[], reason: string) {
    super(reason);
    this.code = code;
    this.subcodes = subcodes;
  }

  /** The fault's envelope. */
  toXml(): string {
    const nested = this.subcodes.reduceRight(
      (inner, subcode) =>
        `<SOAP-ENV:Subcode><SOAP-ENV:Value>${subcode}</SOAP-ENV:Value>${inner}</SOAP-ENV:Subcode>`,
      '',
    );
    return envelope(
      `<SOAP-ENV:Fault><SOAP-ENV:Code><SOAP-ENV:Value>SOAP-ENV:${this.code}</SOAP-ENV:Value>${nested}</SOAP-ENV:Code>` +
        `<SOAP-ENV:Reason><SOAP-ENV:Text xml:lang="en">${escapeXml(this.message)}</SOAP-ENV:Text></SOAP-ENV:Reason></SOAP-ENV:Fault>`,
    );
  }
}

/** The fault for an operation the device does not have. */
export const notSupported = (operation: string): SoapFault =>
  new SoapFault('Receiver', ['ter:ActionNotSupported'], `Optional action not implemented: ${operation}`);

/** The fault for a profile token the device does not know. */
export const noProfile = (): SoapFault =>
  new SoapFault(
    'Sender',
    ['ter:InvalidArgVal', 'ter:NoProfile'],
    'The requested profile token does not exist.',
  );
