import { socketUrl } from '../api/socket-url.ts';
import { ChannelSocket } from './channel-socket.ts';
import type { OpenLine } from './live-line.ts';

const MOST_CHANNELS = 16;
/** A tile that changes its stream, or a wall that turns its group, finds the socket still open. */
const LINGER_MS = 3000;
/** A socket that was silent this long may be dead without a word: nobody new is put on it. */
const SILENT_MS = 8000;

let sockets: ChannelSocket[] = [];

/** A line as a channel of a shared WebSocket, one for each 16 tiles of the wall. */
export const openSharedLine: OpenLine = (cameraId, rendition, events) => {
  sockets = sockets.filter(({ ended }) => !ended);
  const nowMs = performance.now();
  const free = sockets.find(({ size, heardMs }) => size < MOST_CHANNELS && nowMs - heardMs < SILENT_MS);
  return (free ?? connect()).open(cameraId, rendition, events);
};

function connect(): ChannelSocket {
  const wire = new WebSocket(socketUrl('/live/ws'));
  wire.binaryType = 'arraybuffer';
  let leaving: ReturnType<typeof setTimeout> | undefined;
  const socket = new ChannelSocket(wire, () => {
    clearTimeout(leaving);
    leaving = setTimeout(() => {
      if (socket.size === 0) socket.stop();
    }, LINGER_MS);
  });
  socket.start();
  sockets.push(socket);
  return socket;
}
