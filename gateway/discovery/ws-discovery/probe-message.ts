/** The device types that ONVIF devices answer to: the first by the old, the second by the newer Core specification. */
export const probeTypes = {
  'dn:NetworkVideoTransmitter': 'http://www.onvif.org/ver10/network/wsdl',
  'tds:Device': 'http://www.onvif.org/ver10/device/wsdl',
} as const;

export type ProbeType = keyof typeof probeTypes;

/** Where WS-Discovery is spoken (SOAP-over-UDP). */
export const wsDiscoveryPort = 3702;
export const wsDiscoveryGroup = '239.255.255.250';
export const wsDiscoveryGroup6 = 'ff02::c';

/** A WS-Discovery 2005/04 Probe (section 5.2) for one device type, or for any device; `messageId` is a `urn:uuid:`. */
export function probeMessage(messageId: string, type: ProbeType | null): Buffer {
  const types = type === null ? '' : `<d:Types>${type}</d:Types>`;
  const prefix = type === null ? '' : ` xmlns:${type.slice(0, type.indexOf(':'))}="${probeTypes[type]}"`;
  return Buffer.from(
    '<?xml version="1.0" encoding="UTF-8"?>' +
      '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"' +
      ' xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"' +
      ` xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"${prefix}>` +
      '<s:Header>' +
      '<a:Action s:mustUnderstand="1">http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</a:Action>' +
      `<a:MessageID>${messageId}</a:MessageID>` +
      '<a:ReplyTo><a:Address>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address></a:ReplyTo>' +
      '<a:To s:mustUnderstand="1">urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To>' +
      `</s:Header><s:Body><d:Probe>${types}</d:Probe></s:Body></s:Envelope>`,
  );
}
