import { WebSocket } from 'ws';
import type { SocketViewer } from './web-services.ts';

/** A WebSocket as packaging sees it; chunks go out as they are, a message of several as fragments (RFC 6455 section 5.4). */
export function liveSocket(socket: WebSocket): SocketViewer {
  return {
    text(json) {
      if (socket.readyState === WebSocket.OPEN) socket.send(json);
    },
    binary(chunks, onTaken) {
      if (socket.readyState !== WebSocket.OPEN) return onTaken?.();
      chunks.forEach((chunk, index) => {
        const fin = index === chunks.length - 1;
        socket.send(chunk, { binary: true, compress: false, fin }, fin ? onTaken : undefined);
      });
    },
    bufferedBytes: () => socket.bufferedAmount,
    close(code, reason) {
      socket.close(code, closeReason(reason));
    },
  };
}

/** A close frame holds at most 123 bytes of reason (RFC 6455 section 5.5). */
export function closeReason(text: string): string {
  let reason = text;
  while (Buffer.byteLength(reason) > 123) reason = reason.slice(0, -1);
  return reason;
}
