import type { DemoCamera, ProfileName } from '../demo-camera.ts';

/** Where each ONVIF service of a camera answers. */
export const servicePaths = {
  device: '/onvif/device_service',
  media: '/onvif/media_service',
  media2: '/onvif/media2_service',
  ptz: '/onvif/ptz_service',
  snapshot: '/onvif/snapshot',
} as const;

/** An HTTP address of the camera. */
export const httpUri = (camera: DemoCamera, path: string): string =>
  `http://${camera.addresses.host}:${camera.addresses.httpPort}${path}`;

/** The RTSP address of a profile. */
export const rtspUri = (camera: DemoCamera, profile: ProfileName): string => {
  const { mainPath, subPath } = camera.definition;
  return `rtsp://${camera.addresses.host}:${camera.addresses.rtspPort}${profile === 'main' ? mainPath : subPath}`;
};

/** The profile with a token; undefined when there is none. */
export const profileOfToken = (token: string): ProfileName | undefined =>
  token === 'profile_main' ? 'main' : token === 'profile_sub' ? 'sub' : undefined;
