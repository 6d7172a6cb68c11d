/** What a client asks for in SETUP (RFC 2326 12.39), or why it cannot be had. */
export type TransportAsked =
  | { kind: 'tcp'; channel: number | undefined }
  | { kind: 'udp'; rtpPort: number; rtcpPort: number }
  | { kind: 'unsupported' };

/** Reads a Transport header; the first alternative that we can serve. */
export function parseTransport(header: string): TransportAsked {
  for (const alternative of header.slice(0, 1024).split(',')) {
    const [protocol = '', ...parameters] = alternative.trim().split(';');
    const all = parameters.map((parameter) => parameter.trim());
    if (all.includes('multicast')) continue;
    const range = (name: string): number[] | undefined =>
      all
        .find((p) => p.startsWith(`${name}=`))
        ?.slice(name.length + 1)
        .split('-')
        .map(Number);
    if (protocol === 'RTP/AVP/TCP') return { kind: 'tcp', channel: range('interleaved')?.[0] };
    if (protocol !== 'RTP/AVP' && protocol !== 'RTP/AVP/UDP') continue;
    const [rtpPort, rtcpPort = (rtpPort ?? 0) + 1] = range('client_port') ?? [];
    if (rtpPort !== undefined && rtpPort > 0 && rtpPort < 65_536 && rtcpPort < 65_536)
      return { kind: 'udp', rtpPort, rtcpPort };
  }
  return { kind: 'unsupported' };
}
