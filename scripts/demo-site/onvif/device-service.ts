import type { DemoCamera } from '../demo-camera.ts';
import { toldUri, servicePaths } from './service-addresses.ts';
import { escapeXml, notSupported, SoapFault } from './soap-reply.ts';
import { child, textAt, type XmlNode } from './soap-request.ts';

/** Operations a device answers without a password (ONVIF Core, access class PRE_AUTH). */
export const openOperations: ReadonlySet<string> = new Set([
  'GetSystemDateAndTime',
  'GetServices',
  'GetServiceCapabilities',
  'GetCapabilities',
  'GetHostname',
  'GetWsdlUrl',
  'GetEndpointReference',
]);

/** The scopes that a camera shows in GetScopes and in discovery. */
export function scopesOf(camera: DemoCamera): string[] {
  const { name, make, model } = camera.definition;
  const base = 'onvif://www.onvif.org';
  const word = (text: string): string => encodeURIComponent(text);
  const kinds = camera.definition.ptz ? ['video_encoder', 'ptz'] : ['video_encoder'];
  if (camera.definition.audio) kinds.push('audio_encoder');
  return [
    ...kinds.map((kind) => `${base}/type/${kind}`),
    `${base}/Profile/Streaming`,
    `${base}/Profile/T`,
    `${base}/name/${word(make)}`,
    `${base}/hardware/${word(model)}`,
    `${base}/location/${word(name)}`,
  ];
}

const parts = (tag: string, d: Date): string =>
  `<tt:${tag}><tt:Time><tt:Hour>${d.getUTCHours()}</tt:Hour><tt:Minute>${d.getUTCMinutes()}</tt:Minute><tt:Second>${d.getUTCSeconds()}</tt:Second></tt:Time>` +
  `<tt:Date><tt:Year>${d.getUTCFullYear()}</tt:Year><tt:Month>${d.getUTCMonth() + 1}</tt:Month><tt:Day>${d.getUTCDate()}</tt:Day></tt:Date></tt:${tag}>`;

function dateAndTime(camera: DemoCamera): string {
  const now = new Date(camera.clockMs());
  const aheadMin = camera.utcOffsetMin();
  const local = new Date(now.getTime() + aheadMin * 60_000);
  const hours = `${Math.floor(Math.abs(aheadMin) / 60)}:${String(Math.abs(aheadMin) % 60).padStart(2, '0')}`;
  const zone = aheadMin === 0 ? 'UTC0' : `LST${aheadMin > 0 ? '-' : '+'}${hours}`; // POSIX counts west of Greenwich
  return (
    '<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>Manual</tt:DateTimeType><tt:DaylightSavings>false</tt:DaylightSavings>' +
    `<tt:TimeZone><tt:TZ>${zone}</tt:TZ></tt:TimeZone>${parts('UTCDateTime', now)}${parts('LocalDateTime', local)}</tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>`
  );
}

function setDateAndTime(camera: DemoCamera, parameters: XmlNode): string {
  const utc = child(parameters, 'UTCDateTime');
  if (textAt(parameters, 'DateTimeType') === 'Manual' && utc !== undefined) {
    const n = (...path: string[]): number => Number(textAt(utc, ...path));
    const ms = Date.UTC(
      n('Date', 'Year'),
      n('Date', 'Month') - 1,
      n('Date', 'Day'),
      n('Time', 'Hour'),
      n('Time', 'Minute'),
      n('Time', 'Second'),
    );
    if (!Number.isFinite(ms))
      throw new SoapFault(
        'Sender',
        ['ter:InvalidArgVal', 'ter:InvalidDateTime'],
        'An invalid date or time was specified.',
      );
    camera.setClock(ms);
  }
  return '<tds:SetSystemDateAndTimeResponse/>';
}

function information(camera: DemoCamera): string {
  const { make, model, firmware, serial } = camera.definition;
  return (
    `<tds:GetDeviceInformationResponse><tds:Manufacturer>${escapeXml(make)}</tds:Manufacturer><tds:Model>${escapeXml(model)}</tds:Model>` +
    `<tds:FirmwareVersion>${escapeXml(firmware)}</tds:FirmwareVersion><tds:SerialNumber>${serial}</tds:SerialNumber><tds:HardwareId>${escapeXml(model)}</tds:HardwareId></tds:GetDeviceInformationResponse>`
  );
}

function capabilities(camera: DemoCamera): string {
  const at = (path: string): string => `<tt:XAddr>${toldUri(camera, path)}</tt:XAddr>`;
  const ptz = camera.definition.ptz ? `<tt:PTZ>${at(servicePaths.ptz)}</tt:PTZ>` : '';
  return (
    `<tds:GetCapabilitiesResponse><tds:Capabilities><tt:Device>${at(servicePaths.device)}<tt:System><tt:DiscoveryResolve>true</tt:DiscoveryResolve><tt:DiscoveryBye>true</tt:DiscoveryBye><tt:SupportedVersions><tt:Major>2</tt:Major><tt:Minor>60</tt:Minor></tt:SupportedVersions></tt:System></tt:Device>` +
    `${camera.definition.media === 'media2' ? '' : media(at(servicePaths.media))}${ptz}</tds:Capabilities></tds:GetCapabilitiesResponse>`
  );
}

const media = (address: string): string =>
  `<tt:Media>${address}<tt:StreamingCapabilities><tt:RTPMulticast>false</tt:RTPMulticast><tt:RTP_TCP>true</tt:RTP_TCP><tt:RTP_RTSP_TCP>true</tt:RTP_RTSP_TCP></tt:StreamingCapabilities></tt:Media>`;

function services(camera: DemoCamera): string {
  const list: [string, string, string][] = [
    ['http://www.onvif.org/ver10/device/wsdl', servicePaths.device, '2'],
  ];
  const { media: kind } = camera.definition;
  if (kind !== 'media2') list.push(['http://www.onvif.org/ver10/media/wsdl', servicePaths.media, '2']);
  if (kind !== 'media1') list.push(['http://www.onvif.org/ver20/media/wsdl', servicePaths.media2, '2']);
  if (camera.definition.ptz) list.push(['http://www.onvif.org/ver20/ptz/wsdl', servicePaths.ptz, '2']);
  const rows = list.map(
    ([namespace, path, major]) =>
      `<tds:Service><tds:Namespace>${namespace}</tds:Namespace><tds:XAddr>${toldUri(camera, path)}</tds:XAddr><tds:Version><tt:Major>${major}</tt:Major><tt:Minor>60</tt:Minor></tds:Version></tds:Service>`,
  );
  return `<tds:GetServicesResponse>${rows.join('')}</tds:GetServicesResponse>`;
}

function network(camera: DemoCamera): string {
  const { mac } = camera.definition;
  return (
    `<tds:GetNetworkInterfacesResponse><tds:NetworkInterfaces token="eth0"><tt:Enabled>true</tt:Enabled><tt:Info><tt:Name>eth0</tt:Name><tt:HwAddress>${mac}</tt:HwAddress><tt:MTU>1500</tt:MTU></tt:Info>` +
    `<tt:IPv4><tt:Enabled>true</tt:Enabled><tt:Config><tt:Manual><tt:Address>${camera.addresses.host}</tt:Address><tt:PrefixLength>24</tt:PrefixLength></tt:Manual><tt:DHCP>false</tt:DHCP></tt:Config></tt:IPv4></tds:NetworkInterfaces></tds:GetNetworkInterfacesResponse>`
  );
}

/** Answers an operation of the device service (ONVIF Core 8); throws `SoapFault`. */
export function deviceService(camera: DemoCamera, operation: string, parameters: XmlNode): string {
  switch (operation) {
    case 'GetSystemDateAndTime':
      return dateAndTime(camera);
    case 'SetSystemDateAndTime':
      return setDateAndTime(camera, parameters);
    case 'GetDeviceInformation':
      return information(camera);
    case 'GetCapabilities':
      return capabilities(camera);
    case 'GetServices':
      return services(camera);
    case 'GetServiceCapabilities':
      return '<tds:GetServiceCapabilitiesResponse><tds:Capabilities><tds:Network/><tds:Security UsernameToken="true" HttpDigest="true"/><tds:System DiscoveryResolve="true" DiscoveryBye="true"/></tds:Capabilities></tds:GetServiceCapabilitiesResponse>';
    case 'GetScopes':
      return `<tds:GetScopesResponse>${scopesOf(camera)
        .map(
          (scope) =>
            `<tds:Scopes><tt:ScopeDef>Fixed</tt:ScopeDef><tt:ScopeItem>${escapeXml(scope)}</tt:ScopeItem></tds:Scopes>`,
        )
        .join('')}</tds:GetScopesResponse>`;
    case 'GetNetworkInterfaces':
      return network(camera);
    case 'GetHostname':
      return `<tds:GetHostnameResponse><tds:HostnameInformation><tt:FromDHCP>false</tt:FromDHCP><tt:Name>${camera.definition.serial.toLowerCase()}</tt:Name></tds:HostnameInformation></tds:GetHostnameResponse>`;
    case 'GetEndpointReference':
      return `<tds:GetEndpointReferenceResponse><tds:GUID>${camera.definition.endpointId.slice(9)}</tds:GUID></tds:GetEndpointReferenceResponse>`;
    default:
      throw notSupported(operation);
  }
}
