import type { Socket } from 'node:net';

/**
 * Ends a connection whose bytes are no HTTP (400) or came too slowly (408), for Node's `clientError`. A connection on which
 * nothing came is closed without a word: browsers open such ones in stock, and Chromium takes whatever lies in one for the
 * answer to the request that it sends there later (a player's init segment was answered 400 that way).
 */
export function refuseBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || socket.bytesWritten > 0 || socket.bytesRead === 0) {
    socket.destroy();
    return;
  }
  const status = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? '408 Request Timeout' : '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
}
