import { connect } from 'node:net';
import type { Clock } from '../base/clock.ts';

/** True when a TCP connection to the literal address and port opens in time; nothing is sent over it. */
export function isPortOpen(options: {
  clock: Clock;
  address: string;
  port: number;
  timeoutMs: number;
  signal: AbortSignal;
}): Promise<boolean> {
  const { clock, address, port, timeoutMs, signal } = options;
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(false);
    const socket = connect({ host: address, port });
    const cancel = clock.after(timeoutMs, () => finish(false));
    const abort = (): void => finish(false);
    function finish(open: boolean): void {
      cancel();
      signal.removeEventListener('abort', abort);
      socket.destroy();
      resolve(open);
    }
    signal.addEventListener('abort', abort, { once: true });
    socket.on('connect', () => finish(true));
    socket.on('error', () => finish(false));
  });
}
