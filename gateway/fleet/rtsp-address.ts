import { GatewayError } from '../base/gateway-error.ts';

/** An RTSP URL taken apart: the address without credentials, and the credentials that stood in it. */
export interface RtspAddress {
  url: string;
  username: string | null;
  password: string | null;
}

/** Splits `rtsp://user:password@host/path`; throws `bad-request` when it is no RTSP URL with a host. */
export function splitRtspAddress(text: string): RtspAddress {
  const [, scheme, userInfo, rest] = /^(rtsps?):\/\/(?:(.*)@)?([^@]+)$/i.exec(text.trim()) ?? [];
  const url = `${scheme?.toLowerCase()}://${rest}`;
  if (scheme === undefined || rest === undefined || !URL.canParse(url) || new URL(url).hostname === '') {
    throw new GatewayError('bad-request', 'rtsp: give an address such as rtsp://192.168.10.64:554/stream1');
  }
  if (userInfo === undefined) return { url, username: null, password: null };
  const colon = userInfo.indexOf(':');
  return {
    url,
    username: decode(colon < 0 ? userInfo : userInfo.slice(0, colon)),
    password: colon < 0 ? null : decode(userInfo.slice(colon + 1)),
  };
}

/** Technicians type passwords with a bare % as they are; those stay as typed. */
function decode(text: string): string {
  return text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
}
