import { GatewayError } from '../base/gateway-error.ts';
import type { OnvifProfile } from '../discovery/onvif-reading.ts';

/** The profiles of a device that the gateway will pull; every one has a stream address. */
export interface ChosenProfiles {
  main: OnvifProfile;
  sub: OnvifProfile | null;
}

/** A sub stream serves walls and phones: it should be no wider than this. */
const SUB_MAX_WIDTH = 1280;

/**
 * Takes the profiles asked for by token, else the largest as main and, of the smaller ones, the best for a wall as sub
 * (H.264 before others, then the widest up to 1280). Throws `bad-request` for an unknown token, `camera-protocol-error`
 * when the device has no stream at all.
 */
export function chooseProfiles(
  profiles: readonly OnvifProfile[],
  wanted: { main?: string; sub?: string },
): ChosenProfiles {
  const usable = profiles.filter((profile) => profile.rtspUri !== null);
  const [largest] = [...usable].sort((a, b) => area(b) - area(a));
  const main = wanted.main === undefined ? largest : byToken(usable, wanted.main);
  if (!main) {
    throw new GatewayError(
      'camera-protocol-error',
      'the camera offers no RTSP stream: enable a video profile on its own page',
    );
  }
  if (wanted.sub !== undefined) return { main, sub: byToken(usable, wanted.sub) };
  const [sub = null] = usable
    .filter((profile) => profile.token !== main.token && profile.rtspUri !== main.rtspUri)
    .filter(
      (profile) =>
        area(profile) < area(main) && (profile.width ?? 0) <= SUB_MAX_WIDTH && profile.codec !== 'mjpeg',
    )
    .sort((a, b) => Number(b.codec === 'h264') - Number(a.codec === 'h264') || area(b) - area(a));
  return { main, sub };
}

function byToken(profiles: readonly OnvifProfile[], token: string): OnvifProfile {
  const found = profiles.find((profile) => profile.token === token);
  if (found) return found;
  const names = profiles.map((profile) => profile.token).join(', ') || 'none';
  throw new GatewayError('bad-request', `the camera has no media profile "${token}"; it has: ${names}`);
}

function area(profile: OnvifProfile): number {
  return (profile.width ?? 0) * (profile.height ?? 0);
}
