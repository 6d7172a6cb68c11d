import type { DemoCamera, ProfileName } from '../demo-camera.ts';
import type { Clip } from '../clip/clip-file.ts';

/** RTP payload types of our tracks; dynamic ones, named in the SDP. */
export const payloadTypes = { video: 96, audio: 104 } as const;

function videoFormat(clip: Clip): string[] {
  const type = payloadTypes.video;
  const sets = clip.parameterSets.map((nal) => nal.toString('base64'));
  if (clip.codec === 'h265') {
    const [vps, sps, pps] = sets;
    return [
      `a=rtpmap:${type} H265/90000`,
      `a=fmtp:${type} sprop-vps=${vps}; sprop-sps=${sps}; sprop-pps=${pps}`,
    ];
  }
  const profile = clip.parameterSets[0]!.subarray(1, 4).toString('hex').toUpperCase();
  return [
    `a=rtpmap:${type} H264/90000`,
    `a=fmtp:${type} profile-level-id=${profile}; packetization-mode=1; sprop-parameter-sets=${sets.join(',')}`,
  ];
}

/** The session description of a profile (RFC 4566; formats of RFC 6184, 7798, 3640). `base` is the presentation's URI. */
export function describeProfile(camera: DemoCamera, profile: ProfileName, base: string): string {
  const { clip } = camera.videos[profile];
  const { absoluteControl, make } = camera.definition;
  const control = (track: string): string => (absoluteControl ? `${base}/${track}` : track);
  const lines = [
    'v=0',
    `o=- ${camera.definition.index + 1000} 1 IN IP4 ${camera.addresses.host}`,
    `s=${make} Media Session`,
    'c=IN IP4 0.0.0.0',
    't=0 0',
    'a=range:npt=now-',
    `a=control:${absoluteControl ? base : '*'}`,
    `m=video 0 RTP/AVP ${payloadTypes.video}`,
    `b=AS:${profile === 'main' ? 4096 : 512}`,
    ...videoFormat(clip),
    `a=framerate:${clip.fps}.0`,
    `a=control:${control('trackID=1')}`,
    'a=recvonly',
  ];
  const { sound } = camera;
  if (sound !== undefined) {
    const type = payloadTypes.audio;
    lines.push(
      `m=audio 0 RTP/AVP ${type}`,
      'b=AS:48',
      `a=rtpmap:${type} MPEG4-GENERIC/${sound.sampleRate}/${sound.channels}`,
      `a=fmtp:${type} streamtype=5; profile-level-id=15; mode=AAC-hbr; config=${sound.config.toString('hex').toUpperCase()}; sizelength=13; indexlength=3; indexdeltalength=3`,
      `a=control:${control('trackID=2')}`,
      'a=recvonly',
    );
  }
  return `${lines.join('\r\n')}\r\n`;
}
