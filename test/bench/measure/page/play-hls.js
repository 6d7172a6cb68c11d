// Plays LL-HLS with hls.js as it comes, at the delay that the playlist asks for (PART-HOLD-BACK).
globalThis.play = (base) => {
  const hls = new Hls({ lowLatencyMode: true });
  hls.loadSource(base + 'stream.m3u8');
  hls.attachMedia(video);
  hls.on(Hls.Events.MANIFEST_PARSED, () => void video.play());
};
