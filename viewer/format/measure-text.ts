const NONE = '—';

/** `3.8 Mbps`, `640 kbps`; a dash when unknown. */
export function bitrateText(kbps: number | null): string {
  if (kbps === null) return NONE;
  return kbps >= 1000 ? `${(kbps / 1000).toFixed(1)} Mbps` : `${Math.round(kbps)} kbps`;
}

/** `1920×1080`; a dash when unknown. */
export function sizeText(width: number | null, height: number | null): string {
  return width === null || height === null ? NONE : `${width}×${height}`;
}

/** `2.1 MB`, `48 kB`. */
export function bytesText(bytes: number): string {
  return bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1e3))} kB`;
}

/** `99.2 %`; a dash when unknown. Never rounds up to 100. */
export function shareText(share: number | null): string {
  if (share === null) return NONE;
  return share === 1 ? '100%' : `${(Math.floor(share * 1000) / 10).toFixed(1)}%`;
}

/** `H.264`, `H.265` as people write it; a dash when unknown. */
export function codecText(codec: string | null): string {
  if (codec === null) return NONE;
  const plain = codec.toLowerCase();
  if (plain === 'h264' || plain === 'avc') return 'H.264';
  if (plain === 'h265' || plain === 'hevc') return 'H.265';
  return codec.toUpperCase();
}

/** The first eight digits of a hash in two groups, as on the hash badge. */
export function hashText(hash: string): string {
  return `${hash.slice(0, 4)} ${hash.slice(4, 8)}`;
}
