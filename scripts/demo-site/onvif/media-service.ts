import type { DemoCamera, ProfileName } from '../demo-camera.ts';
import { announcedUri, profileOfToken, servicePaths, toldRtspUri } from './service-addresses.ts';
import { escapeXml, noProfile, notSupported } from './soap-reply.ts';
import { textAt, type XmlNode } from './soap-request.ts';

function source(camera: DemoCamera, tag: string): string {
  const { width, height } = camera.videos.main.clip;
  return `<${tag} token="vsc0"><tt:Name>VideoSource</tt:Name><tt:UseCount>2</tt:UseCount><tt:SourceToken>vs0</tt:SourceToken><tt:Bounds x="0" y="0" width="${width}" height="${height}"/></${tag}>`;
}

function encoder(camera: DemoCamera, profile: ProfileName, tag: string): string {
  const { width, height, fps, gop } = camera.videos[profile].clip;
  const kbps = profile === 'main' ? 2048 : 384;
  // Media1 knows no H.265; real cameras say H264 here and the truth in Media2.
  return (
    `<${tag} token="vec_${profile}"><tt:Name>${profile}</tt:Name><tt:UseCount>1</tt:UseCount><tt:Encoding>H264</tt:Encoding><tt:Resolution><tt:Width>${width}</tt:Width><tt:Height>${height}</tt:Height></tt:Resolution><tt:Quality>4</tt:Quality>` +
    `<tt:RateControl><tt:FrameRateLimit>${fps}</tt:FrameRateLimit><tt:EncodingInterval>1</tt:EncodingInterval><tt:BitrateLimit>${kbps}</tt:BitrateLimit></tt:RateControl><tt:H264><tt:GovLength>${gop}</tt:GovLength><tt:H264Profile>Main</tt:H264Profile></tt:H264>` +
    `<tt:Multicast><tt:Address><tt:Type>IPv4</tt:Type><tt:IPv4Address>0.0.0.0</tt:IPv4Address></tt:Address><tt:Port>0</tt:Port><tt:TTL>1</tt:TTL><tt:AutoStart>false</tt:AutoStart></tt:Multicast><tt:SessionTimeout>PT60S</tt:SessionTimeout></${tag}>`
  );
}

function sound(camera: DemoCamera): string {
  if (camera.sound === undefined) return '';
  return (
    '<tt:AudioSourceConfiguration token="asc0"><tt:Name>AudioSource</tt:Name><tt:UseCount>2</tt:UseCount><tt:SourceToken>as0</tt:SourceToken></tt:AudioSourceConfiguration>' +
    `<tt:AudioEncoderConfiguration token="aec0"><tt:Name>AAC</tt:Name><tt:UseCount>2</tt:UseCount><tt:Encoding>AAC</tt:Encoding><tt:Bitrate>32</tt:Bitrate><tt:SampleRate>${camera.sound.sampleRate / 1000}</tt:SampleRate></tt:AudioEncoderConfiguration>`
  );
}

function profileXml(camera: DemoCamera, profile: ProfileName, tag: string): string {
  const ptz = camera.definition.ptz
    ? '<tt:PTZConfiguration token="ptzc0"><tt:Name>PTZ</tt:Name><tt:UseCount>2</tt:UseCount><tt:NodeToken>ptzn0</tt:NodeToken></tt:PTZConfiguration>'
    : '';
  return `<${tag} token="profile_${profile}" fixed="true"><tt:Name>${profile}</tt:Name>${source(camera, 'tt:VideoSourceConfiguration')}${encoder(camera, profile, 'tt:VideoEncoderConfiguration')}${sound(camera)}${ptz}</${tag}>`;
}

function asked(parameters: XmlNode): ProfileName {
  const profile = profileOfToken(textAt(parameters, 'ProfileToken'));
  if (profile === undefined) throw noProfile();
  return profile;
}

const mediaUri = (operation: string, uri: string): string =>
  `<trt:${operation}Response><trt:MediaUri><tt:Uri>${escapeXml(uri)}</tt:Uri><tt:InvalidAfterConnect>false</tt:InvalidAfterConnect><tt:InvalidAfterReboot>false</tt:InvalidAfterReboot><tt:Timeout>PT0S</tt:Timeout></trt:MediaUri></trt:${operation}Response>`;

/** Answers an operation of the Media1 service (ver10); throws `SoapFault`. */
export function mediaService(camera: DemoCamera, operation: string, parameters: XmlNode): string {
  const { width, height, fps } = camera.videos.main.clip;
  switch (operation) {
    case 'GetProfiles':
      return `<trt:GetProfilesResponse>${profileXml(camera, 'main', 'trt:Profiles')}${profileXml(camera, 'sub', 'trt:Profiles')}</trt:GetProfilesResponse>`;
    case 'GetProfile':
      return `<trt:GetProfileResponse>${profileXml(camera, asked(parameters), 'trt:Profile')}</trt:GetProfileResponse>`;
    case 'GetStreamUri':
      return mediaUri(operation, toldRtspUri(camera, asked(parameters)));
    case 'GetSnapshotUri':
      asked(parameters);
      return mediaUri(operation, announcedUri(camera, servicePaths.snapshot));
    case 'GetVideoSources':
      return `<trt:GetVideoSourcesResponse><trt:VideoSources token="vs0"><tt:Framerate>${fps}</tt:Framerate><tt:Resolution><tt:Width>${width}</tt:Width><tt:Height>${height}</tt:Height></tt:Resolution></trt:VideoSources></trt:GetVideoSourcesResponse>`;
    case 'GetVideoSourceConfigurations':
      return `<trt:GetVideoSourceConfigurationsResponse>${source(camera, 'trt:Configurations')}</trt:GetVideoSourceConfigurationsResponse>`;
    case 'GetVideoEncoderConfigurations':
      return `<trt:GetVideoEncoderConfigurationsResponse>${encoder(camera, 'main', 'trt:Configurations')}${encoder(camera, 'sub', 'trt:Configurations')}</trt:GetVideoEncoderConfigurationsResponse>`;
    case 'GetServiceCapabilities':
      return '<trt:GetServiceCapabilitiesResponse><trt:Capabilities SnapshotUri="true"><trt:ProfileCapabilities MaximumNumberOfProfiles="2"/><trt:StreamingCapabilities RTP_TCP="true" RTP_RTSP_TCP="true"/></trt:Capabilities></trt:GetServiceCapabilitiesResponse>';
    default:
      throw notSupported(operation);
  }
}
