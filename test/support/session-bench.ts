import type { TlsOptions } from 'node:tls';
import type { Clock } from '../../gateway/base/clock.ts';
import { systemClock } from '../../gateway/base/clock.ts';
import type { GatewayError } from '../../gateway/base/gateway-error.ts';
import { NetworkGuard } from '../../gateway/base/network-guard.ts';
import { RtspSession } from '../../gateway/ingest/rtsp/rtsp-session.ts';
import type { TransportChoice } from '../../gateway/ingest/rtsp/rtsp-session.ts';
import { ScriptedCamera } from './scripted-camera.ts';
import type { Reaction } from './scripted-camera.ts';

export const OK = 'RTSP/1.0 200 OK\r\nCSeq: {cseq}\r\n';

const SDP = [
  'v=0',
  'm=video 0 RTP/AVP 96',
  'a=rtpmap:96 H264/90000',
  'a=control:track1',
  'm=audio 0 RTP/AVP 97',
  'a=rtpmap:97 MPEG4-GENERIC/16000/1',
  'a=fmtp:97 mode=AAC-hbr;config=1408;sizelength=13;indexlength=3;indexdeltalength=3',
  'a=control:track2',
  '',
].join('\r\n');

/** The answer to DESCRIBE with other headers. */
export function described(...headers: string[]): string {
  const more = headers.map((header) => `${header}\r\n`).join('');
  return `${OK}${more}Content-Type: application/sdp\r\nContent-Length: ${SDP.length}\r\n\r\n${SDP}`;
}

/** Answers of a plain camera by method. */
export const plainAnswers: Readonly<Record<string, string>> = {
  OPTIONS: `${OK}Public: DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN\r\n\r\n`,
  DESCRIBE: described(),
  SETUP: `${OK}Session: abc;timeout=60\r\nTransport: RTP/AVP/TCP;interleaved=0-1\r\n\r\n`,
  PLAY: `${OK}\r\n`,
  GET_PARAMETER: `${OK}\r\n`,
  TEARDOWN: `${OK}\r\n`,
};

/** An answer without headers but CSeq. */
export function refusal(statusLine: string): string {
  return `RTSP/1.0 ${statusLine}\r\nCSeq: {cseq}\r\n\r\n`;
}

export interface SessionBench {
  session: RtspSession;
  camera: ScriptedCamera;
  ended: Promise<GatewayError>;
  /** Where the camera sent us while it played. */
  moved: Promise<string | null>;
  /** `video 80e0…` for each packet. */
  packets: string[];
  close(): Promise<void>;
}

/** A session with a camera that reacts as told; close it after the test. */
export async function benchSession(
  react: Reaction,
  options: {
    clock?: Clock;
    password?: string;
    url?: string;
    movedTo?: string;
    transport?: TransportChoice;
    tls?: TlsOptions;
  } = {},
): Promise<SessionBench> {
  const camera = await ScriptedCamera.start(react, options.tls);
  const ended = Promise.withResolvers<GatewayError>();
  const moved = Promise.withResolvers<string | null>();
  const packets: string[] = [];
  const session = new RtspSession({
    clock: options.clock ?? systemClock,
    guard: new NetworkGuard(['127.0.0.0/8']),
    url: options.url ?? `${options.tls ? 'rtsps' : 'rtsp'}://${camera.host}/live`,
    movedTo: options.movedTo,
    credentials: {
      username: options.password === undefined ? '' : 'admin',
      password: options.password ?? '',
    },
    timeoutMs: 2000,
    transport: options.transport ?? 'auto',
    sink: {
      onRtp: (track, buffer, start, end) => packets.push(`${track} ${buffer.toString('hex', start, end)}`),
      onRtcp: () => undefined,
      onEnd: (error) => ended.resolve(error),
      onRedirect: (url) => moved.resolve(url),
    },
  });
  const close = async (): Promise<void> => {
    await session.close();
    await camera.stop();
  };
  return { session, camera, ended: ended.promise, moved: moved.promise, packets, close };
}
