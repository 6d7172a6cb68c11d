import { connect, isIPv6 } from 'node:net';
import type { Clock } from '../base/clock.ts';
import { readRtspReply } from './rtsp-reply.ts';

/** What an RTSP server tells without a sign-in. */
export interface RtspServer {
  server: string | null;
  /** How DESCRIBE of its root was answered. */
  auth: 'ok' | 'required' | 'unknown';
}

const LONGEST_HEAD_CHARS = 16_384;

/** Asks OPTIONS, then DESCRIBE, at a literal address; null when no RTSP answers in time. */
export function probeRtsp(options: {
  clock: Clock;
  address: string;
  port: number;
  timeoutMs: number;
  signal: AbortSignal;
}): Promise<RtspServer | null> {
  const { clock, address, port, timeoutMs, signal } = options;
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(null);
    const url = `rtsp://${isIPv6(address) ? `[${address}]` : address}:${port}/`;
    let told: RtspServer | null = null;
    let head = '';
    const socket = connect({ host: address, port });
    socket.setEncoding('latin1');
    const cancel = clock.after(timeoutMs, () => finish());
    const finish = (): void => {
      cancel();
      signal.removeEventListener('abort', finish);
      socket.destroy();
      resolve(told);
    };
    signal.addEventListener('abort', finish, { once: true });
    socket.on('connect', () => socket.write(`OPTIONS ${url} RTSP/1.0\r\nCSeq: 1\r\n\r\n`));
    socket.on('error', finish).on('close', finish);
    socket.on('data', (chunk: string) => {
      head = (head + chunk).slice(0, LONGEST_HEAD_CHARS);
      const reply = readRtspReply(head);
      if (reply === undefined && head.length < LONGEST_HEAD_CHARS) return;
      if (!reply || told) {
        if (told && reply) told = { ...told, auth: authOf(reply.status) };
        return finish();
      }
      told = { server: reply.server, auth: 'unknown' };
      head = '';
      socket.write(`DESCRIBE ${url} RTSP/1.0\r\nCSeq: 2\r\nAccept: application/sdp\r\n\r\n`);
    });
  });
}

function authOf(status: number): RtspServer['auth'] {
  if (status === 401 || status === 403) return 'required';
  return status === 200 ? 'ok' : 'unknown';
}
