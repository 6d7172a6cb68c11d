import type { Credentials } from '../../contract/discovery.ts';
import type { OnvifFailure } from '../onvif-reading.ts';
import { parseChallenges } from './http-digest.ts';
import type { RefusedTries } from './refused-tries.ts';
import { SignIn } from './sign-in.ts';
import type { HttpReply, SoapTransport } from './soap-transport.ts';

/** A picture fetched from a camera, or why there is none. */
export type OnvifSnapshot =
  | { ok: true; jpeg: Buffer }
  | {
      ok: false;
      failure: Exclude<OnvifFailure, 'not-onvif'>;
      message: string;
    };

interface SnapshotRequest {
  transport: SoapTransport;
  uri: string;
  credentials: Credentials | null;
  refusedTries: RefusedTries;
  countedAs: readonly string[];
}

const LARGEST_PICTURE_BYTES = 16_777_216;

/** Fetches one JPEG over the transport; asks without credentials first to learn the device's scheme. */
export async function fetchSnapshot(options: SnapshotRequest): Promise<OnvifSnapshot> {
  const { uri, credentials, refusedTries, countedAs } = options;
  let reply = await get(options, undefined);
  if (!reply.ok || reply.status !== 401) return toPicture(reply);
  if (!credentials) return failed('auth-required', 'the device asks for user name and password');
  const waitSec = refusedTries.pausedForSec(countedAs, credentials);
  if (waitSec > 0)
    return failed('auth-paused', `the device refused the password lately; next try possible in ${waitSec} s`);
  for (let tries = 0; tries < 2; tries += 1) {
    const { digest, basic } = parseChallenges(reply.headers['www-authenticate']);
    if (tries > 0 && !digest?.stale) break;
    const signIn = new SignIn({ digest, wsSecurity: false, basic: digest === null && basic }, credentials);
    const authorization = signIn.authorization('GET', uri);
    if (!authorization)
      return failed('protocol-error', 'the device asks for a sign-in that the gateway does not know');
    reply = await get(options, authorization);
    if (!reply.ok || reply.status !== 401) return toPicture(reply);
  }
  refusedTries.add(countedAs, credentials);
  return failed('auth-failed', 'the device refused user name or password');
}

function get({ transport, uri }: SnapshotRequest, authorization: string | undefined): Promise<HttpReply> {
  return transport.send({
    method: 'GET',
    url: uri,
    headers: authorization ? { accept: 'image/jpeg', authorization } : { accept: 'image/jpeg' },
    maxBytes: LARGEST_PICTURE_BYTES,
  });
}

function toPicture(reply: HttpReply): OnvifSnapshot {
  if (!reply.ok) return failed(FAILURES[reply.why], reply.message);
  if (reply.status === 403) return failed('auth-failed', 'the user may not fetch pictures from this device');
  const isJpeg = reply.body.length > 4 && reply.body.readUInt16BE(0) === 0xff_d8;
  if (reply.status !== 200 || !isJpeg)
    return failed('protocol-error', `HTTP ${reply.status}, no JPEG picture`);
  return { ok: true, jpeg: reply.body };
}

const FAILURES = {
  unreachable: 'unreachable',
  'too-slow': 'unreachable',
  'too-large': 'protocol-error',
  'not-http': 'protocol-error',
  elsewhere: 'protocol-error',
  'other-certificate': 'certificate-changed',
} as const;

function failed(failure: Exclude<OnvifSnapshot, { ok: true }>['failure'], message: string): OnvifSnapshot {
  return { ok: false, failure, message };
}
