import { livePath } from './live-path.ts';
import { socketUrl } from '../api/socket-url.ts';
import type { OpenLine } from './live-line.ts';

/** A line over a WebSocket of its own, for the one large picture. */
export const openOwnLine: OpenLine = (cameraId, rendition, events) => {
  const socket = new WebSocket(socketUrl(`${livePath(cameraId)}/${rendition}/ws`));
  socket.binaryType = 'arraybuffer';
  let closed = false;
  socket.addEventListener('message', (message: MessageEvent<unknown>) => {
    if (closed) return;
    if (message.data instanceof ArrayBuffer) events.onBytes(new Uint8Array(message.data));
    else if (typeof message.data === 'string') events.onText(message.data);
  });
  socket.addEventListener('close', () => {
    if (!closed) events.onClosed();
    closed = true;
  });
  return {
    close() {
      closed = true;
      socket.close();
    },
  };
};
