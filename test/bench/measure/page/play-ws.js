// Plays a live WebSocket as the viewer does: at the live edge, a little ahead of which nothing is held back.
const FARTHEST_SEC = 0.3;
const HOLD_SEC = 0.1;

globalThis.play = (base) => {
  const media = new MediaSource();
  video.src = URL.createObjectURL(media);
  media.addEventListener('sourceopen', () => {
    const socket = new WebSocket(base + 'ws');
    socket.binaryType = 'arraybuffer';
    const queue = [];
    let buffer;
    const next = () => {
      if (!buffer || buffer.updating || queue.length === 0) return;
      buffer.appendBuffer(queue.shift());
    };
    socket.addEventListener('message', ({ data }) => {
      if (typeof data === 'string') {
        buffer = media.addSourceBuffer(JSON.parse(data).mime);
        buffer.addEventListener('updateend', () => {
          keepUp(buffer);
          next();
        });
      } else {
        queue.push(data);
        next();
      }
    });
  });
};

function keepUp(buffer) {
  if (buffer.buffered.length === 0) return;
  const end = buffer.buffered.end(buffer.buffered.length - 1);
  if (end - video.currentTime > FARTHEST_SEC + HOLD_SEC) video.currentTime = end - HOLD_SEC;
  if (video.paused) void video.play();
}
