import type { OnvifInput } from '../../gateway/contract/camera.ts';
import type { FoundDevice } from './found-device.ts';

/** Where a found device is and how it is signed in to, as the gateway takes it. */
export function onvifSource({ device, login }: FoundDevice): OnvifInput {
  const { xaddr } = device;
  if (login?.kind === 'set') return { xaddr, username: '', password: '', credentialSetId: login.id };
  return { xaddr, username: login?.username ?? '', password: login?.password ?? '' };
}
