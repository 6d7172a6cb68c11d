import { escapeXml } from '../soap/soap-envelope.ts';

/** One ONVIF request: its SOAP action, the Body's XML, and the name that the answer's element must bear. */
export interface OnvifMessage {
  action: string;
  body: string;
  answer: string;
}

/** Namespaces of the ONVIF services in use. */
export const onvifNamespaces = {
  device: 'http://www.onvif.org/ver10/device/wsdl',
  media1: 'http://www.onvif.org/ver10/media/wsdl',
  media2: 'http://www.onvif.org/ver20/media/wsdl',
  ptz: 'http://www.onvif.org/ver20/ptz/wsdl',
} as const;

const SCHEMA = 'http://www.onvif.org/ver10/schema';

/** Requests of the device service (ONVIF Core). */
export const deviceMessages = {
  getSystemDateAndTime: message('device', 'GetSystemDateAndTime'),
  getDeviceInformation: message('device', 'GetDeviceInformation'),
  getServices: message('device', 'GetServices', '<IncludeCapability>false</IncludeCapability>'),
  getCapabilities: message('device', 'GetCapabilities', '<Category>All</Category>'),
  getNetworkInterfaces: message('device', 'GetNetworkInterfaces'),
  getScopes: message('device', 'GetScopes'),
  getEndpointReference: message('device', 'GetEndpointReference'),
} as const;

/** Requests of the first media service (Media1, ver10). */
export const media1Messages = {
  getProfiles: message('media1', 'GetProfiles'),
  getStreamUri: (token: string): OnvifMessage =>
    message(
      'media1',
      'GetStreamUri',
      `<StreamSetup><Stream xmlns="${SCHEMA}">RTP-Unicast</Stream>` +
        `<Transport xmlns="${SCHEMA}"><Protocol>RTSP</Protocol></Transport></StreamSetup>${tokenElement(token)}`,
    ),
  getSnapshotUri: (token: string): OnvifMessage => message('media1', 'GetSnapshotUri', tokenElement(token)),
} as const;

/** Requests of the second media service (Media2, ver20), the one that knows H.265. */
export const media2Messages = {
  getProfiles: message('media2', 'GetProfiles', '<Type>All</Type>'),
  getStreamUri: (token: string): OnvifMessage =>
    message('media2', 'GetStreamUri', `<Protocol>RtspUnicast</Protocol>${tokenElement(token)}`),
  getSnapshotUri: (token: string): OnvifMessage => message('media2', 'GetSnapshotUri', tokenElement(token)),
} as const;

function tokenElement(token: string): string {
  return `<ProfileToken>${escapeXml(token)}</ProfileToken>`;
}

function message(service: keyof typeof onvifNamespaces, name: string, inside = ''): OnvifMessage {
  const namespace = onvifNamespaces[service];
  return {
    action: `${namespace}/${name}`,
    body: `<${name} xmlns="${namespace}">${inside}</${name}>`,
    answer: `${name}Response`,
  };
}
