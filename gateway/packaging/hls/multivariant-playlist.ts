/** One rendition as the multivariant playlist tells it. */
export interface Variant {
  uri: string;
  /** Peak and average, bits a second. */
  bandwidth: number;
  averageBandwidth: number | null;
  codecs: string;
  width: number;
  height: number;
  fps: number | null;
}

/** The text of a multivariant playlist, the best rendition first (RFC 8216bis, 4.4.6.2). */
export function renderMultivariantPlaylist(variants: readonly Variant[]): string {
  const lines = ['#EXTM3U', '#EXT-X-VERSION:9'];
  for (const variant of variants) {
    const attributes = [
      `BANDWIDTH=${Math.round(variant.bandwidth)}`,
      ...(variant.averageBandwidth === null
        ? []
        : [`AVERAGE-BANDWIDTH=${Math.round(variant.averageBandwidth)}`]),
      `CODECS="${variant.codecs}"`,
      `RESOLUTION=${variant.width}x${variant.height}`,
      ...(variant.fps === null ? [] : [`FRAME-RATE=${variant.fps.toFixed(3)}`]),
    ];
    lines.push(`#EXT-X-STREAM-INF:${attributes.join(',')}`, variant.uri);
  }
  return `${lines.join('\n')}\n`;
}
