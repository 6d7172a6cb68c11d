import type { DemoCamera, ProfileName } from '../demo-camera.ts';

/** Where each ONVIF service of a camera answers. */
export const servicePaths = {
  device: '/onvif/device_service',
  media: '/onvif/media_service',
  media2: '/onvif/media2_service',
  ptz: '/onvif/ptz_service',
  snapshot: '/onvif/snapshot',
} as const;

/** Where a camera believes to be that has another address. */
const wrongHost = '192.0.2.50';

/** An HTTP address of the camera, where it truly is. */
export const httpUri = (camera: DemoCamera, path: string): string =>
  `${camera.definition.tls ? 'https' : 'http'}://${camera.addresses.host}:${camera.addresses.httpPort}${path}`;

/** An HTTP address as the camera gives it to others: wrong in host and port where it believes to be elsewhere. */
export const toldUri = (camera: DemoCamera, path: string): string =>
  camera.definition.wrongXaddr ? `http://${wrongHost}:8899${path}` : httpUri(camera, path);

/** The address in discovery: behind NAT the host is wrong and the port is forwarded as it is. */
export const announcedUri = (camera: DemoCamera, path: string): string =>
  camera.definition.wrongXaddr
    ? httpUri(camera, path).replace(camera.addresses.host, wrongHost)
    : httpUri(camera, path);

/** The RTSP address as the camera gives it to others. */
export const toldRtspUri = (camera: DemoCamera, profile: ProfileName): string =>
  camera.definition.wrongXaddr
    ? rtspUri(camera, profile).replace(camera.addresses.host, wrongHost)
    : rtspUri(camera, profile);

/** The RTSP address of a profile. */
export const rtspUri = (camera: DemoCamera, profile: ProfileName): string => {
  const { mainPath, subPath } = camera.definition;
  return `rtsp://${camera.addresses.host}:${camera.addresses.rtspPort}${profile === 'main' ? mainPath : subPath}`;
};

/** The profile with a token; undefined when there is none. */
export const profileOfToken = (token: string): ProfileName | undefined =>
  token === 'profile_main' ? 'main' : token === 'profile_sub' ? 'sub' : undefined;
