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
  imaging: 'http://www.onvif.org/ver20/imaging/wsdl',
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
  /** Sets UTC by hand (section 8.3.5); time zone and daylight saving are those that the device has already. */
  setSystemDateAndTime: (utcMs: number, zone: string | null, daylightSavings: boolean): OnvifMessage =>
    message(
      'device',
      'SetSystemDateAndTime',
      `<DateTimeType>Manual</DateTimeType><DaylightSavings>${daylightSavings}</DaylightSavings>` +
        (zone === null ? '' : `<TimeZone><TZ xmlns="${SCHEMA}">${escapeXml(zone)}</TZ></TimeZone>`) +
        `<UTCDateTime>${dateTime(new Date(utcMs))}</UTCDateTime>`,
    ),
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

/** A velocity from -1 to 1 on each axis; an axis that is 0 stays where it is. */
export interface PtzVelocity {
  pan: number;
  tilt: number;
  zoom: number;
}

/** Requests of the PTZ service (ver20). */
export const ptzMessages = {
  getPresets: (token: string): OnvifMessage => message('ptz', 'GetPresets', tokenElement(token)),
  gotoPreset: (token: string, preset: string): OnvifMessage =>
    message('ptz', 'GotoPreset', `${tokenElement(token)}<PresetToken>${escapeXml(preset)}</PresetToken>`),
  /** `timeoutSec`: after so long the device stops by itself; null leaves that to the device. */
  continuousMove: (token: string, velocity: PtzVelocity, timeoutSec: number | null): OnvifMessage =>
    message(
      'ptz',
      'ContinuousMove',
      `${tokenElement(token)}<Velocity>${velocityElements(velocity)}</Velocity>` +
        (timeoutSec === null ? '' : `<Timeout>PT${timeoutSec}S</Timeout>`),
    ),
  stop: (token: string): OnvifMessage =>
    message('ptz', 'Stop', `${tokenElement(token)}<PanTilt>true</PanTilt><Zoom>true</Zoom>`),
} as const;

/** Requests of the imaging service (ver20). */
export const imagingMessages = {
  getImagingSettings: (source: string): OnvifMessage =>
    message('imaging', 'GetImagingSettings', `<VideoSourceToken>${escapeXml(source)}</VideoSourceToken>`),
} as const;

function velocityElements({ pan, tilt, zoom }: PtzVelocity): string {
  const panTilt = pan === 0 && tilt === 0 ? '' : `<PanTilt xmlns="${SCHEMA}" x="${pan}" y="${tilt}"/>`;
  return panTilt + (zoom === 0 ? '' : `<Zoom xmlns="${SCHEMA}" x="${zoom}"/>`);
}

function dateTime(at: Date): string {
  const time = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()];
  const date = [at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate()];
  return (
    `<Time xmlns="${SCHEMA}"><Hour>${time[0]}</Hour><Minute>${time[1]}</Minute><Second>${time[2]}</Second></Time>` +
    `<Date xmlns="${SCHEMA}"><Year>${date[0]}</Year><Month>${date[1]}</Month><Day>${date[2]}</Day></Date>`
  );
}

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
