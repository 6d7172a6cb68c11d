const MIMES: Record<string, string> = {
  h264: 'video/mp4; codecs="avc1.64001f"',
  avc: 'video/mp4; codecs="avc1.64001f"',
  h265: 'video/mp4; codecs="hvc1.1.6.L120.90"',
  hevc: 'video/mp4; codecs="hvc1.1.6.L120.90"',
  mjpeg: 'video/mp4; codecs="mjpeg"',
};

/** A typical type of the codec, to ask the browser about before anything is sent; null when the codec is not known. */
export function codecMime(codec: string | null): string | null {
  return codec === null ? null : (MIMES[codec.toLowerCase()] ?? null);
}
