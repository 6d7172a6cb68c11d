import type { DemoCamera, ProfileName } from '../demo-camera.ts';
import { announcedUri, profileOfToken, servicePaths, toldRtspUri } from './service-addresses.ts';
import { escapeXml, noProfile, notSupported } from './soap-reply.ts';
import { textAt, type XmlNode } from './soap-request.ts';

function encoder(camera: DemoCamera, profile: ProfileName, tag: string): string {
  const { codec, width, height, fps, gop } = camera.videos[profile].clip;
  return (
    `<${tag} token="vec_${profile}" GovLength="${gop}" Profile="Main"><tt:Name>${profile}</tt:Name><tt:UseCount>1</tt:UseCount><tt:Encoding>${codec.toUpperCase()}</tt:Encoding>` +
    `<tt:Resolution><tt:Width>${width}</tt:Width><tt:Height>${height}</tt:Height></tt:Resolution><tt:RateControl ConstantBitRate="false"><tt:FrameRateLimit>${fps}</tt:FrameRateLimit><tt:BitrateLimit>${profile === 'main' ? 2048 : 384}</tt:BitrateLimit></tt:RateControl><tt:Quality>4</tt:Quality></${tag}>`
  );
}

const ptz =
  '<tr2:PTZ token="ptzc0"><tt:Name>PTZ</tt:Name><tt:UseCount>2</tt:UseCount><tt:NodeToken>ptzn0</tt:NodeToken></tr2:PTZ>';

function profileXml(camera: DemoCamera, profile: ProfileName): string {
  const { width, height } = camera.videos.main.clip;
  return (
    `<tr2:Profiles token="profile_${profile}" fixed="true"><tr2:Name>${profile}</tr2:Name><tr2:Configurations>` +
    `<tr2:VideoSource token="vsc0"><tt:Name>VideoSource</tt:Name><tt:UseCount>2</tt:UseCount><tt:SourceToken>vs0</tt:SourceToken><tt:Bounds x="0" y="0" width="${width}" height="${height}"/></tr2:VideoSource>` +
    `${encoder(camera, profile, 'tr2:VideoEncoder')}${camera.definition.ptz ? ptz : ''}</tr2:Configurations></tr2:Profiles>`
  );
}

function asked(parameters: XmlNode): ProfileName {
  const profile = profileOfToken(textAt(parameters, 'ProfileToken'));
  if (profile === undefined) throw noProfile();
  return profile;
}

/** Answers an operation of the Media2 service (ver20), where H.265 has its name; throws `SoapFault`. */
export function media2Service(camera: DemoCamera, operation: string, parameters: XmlNode): string {
  switch (operation) {
    case 'GetProfiles': {
      const token = textAt(parameters, 'Token');
      const wanted = (['main', 'sub'] as const).filter(
        (profile) => token === '' || profileOfToken(token) === profile,
      );
      if (wanted.length === 0) throw noProfile();
      return `<tr2:GetProfilesResponse>${wanted.map((profile) => profileXml(camera, profile)).join('')}</tr2:GetProfilesResponse>`;
    }
    case 'GetStreamUri':
      return `<tr2:GetStreamUriResponse><tr2:Uri>${escapeXml(toldRtspUri(camera, asked(parameters)))}</tr2:Uri></tr2:GetStreamUriResponse>`;
    case 'GetSnapshotUri':
      asked(parameters);
      return `<tr2:GetSnapshotUriResponse><tr2:Uri>${announcedUri(camera, servicePaths.snapshot)}</tr2:Uri></tr2:GetSnapshotUriResponse>`;
    case 'GetVideoEncoderConfigurations':
      return `<tr2:GetVideoEncoderConfigurationsResponse>${encoder(camera, 'main', 'tr2:Configurations')}${encoder(camera, 'sub', 'tr2:Configurations')}</tr2:GetVideoEncoderConfigurationsResponse>`;
    case 'GetServiceCapabilities':
      return '<tr2:GetServiceCapabilitiesResponse><tr2:Capabilities SnapshotUri="true"><tr2:ProfileCapabilities MaximumNumberOfProfiles="2" ConfigurationsSupported="VideoSource VideoEncoder"/><tr2:StreamingCapabilities RTSPStreaming="true" RTP_RTSP_TCP="true"/></tr2:Capabilities></tr2:GetServiceCapabilitiesResponse>';
    default:
      throw notSupported(operation);
  }
}
