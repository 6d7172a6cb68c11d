/** What a camera's Transport header tells, RFC 2326 section 12.39. */
export interface TransportReply {
  tcp: boolean;
  /** Channels of RTP and RTCP on the connection; null when it names none. */
  interleaved: { rtp: number; rtcp: number } | null;
  /** Ports that the camera sends datagrams from; null when it names none. */
  serverPorts: { rtp: number; rtcp: number } | null;
  ssrc: number | null;
}

/** Reads the first transport of the header; tolerant of spaces, upper case and a missing second channel. */
export function parseTransport(value: string): TransportReply {
  const parts = (value.split(',')[0] ?? '').split(';').map((part) => part.trim());
  const pair = /^interleaved\s*=\s*(\d{1,3})(?:\s*-\s*(\d{1,3}))?$/i;
  const channels = parts.map((part) => pair.exec(part)).find((match) => match !== null);
  const ssrc = parts
    .map((part) => /^ssrc\s*=\s*([0-9a-f]{1,8})$/i.exec(part))
    .find((match) => match !== null);
  const rtp = Number(channels?.[1] ?? -1);
  const valid = rtp >= 0 && rtp <= 255;
  const ports = parts
    .map((part) => /^server_port\s*=\s*(\d{1,5})(?:\s*-\s*(\d{1,5}))?$/i.exec(part))
    .find((match) => match !== null);
  return {
    tcp: /\/TCP$/i.test(parts[0] ?? ''),
    interleaved: valid ? { rtp, rtcp: Number(channels?.[2] ?? rtp + 1) & 0xff } : null,
    serverPorts: readPorts(ports?.[1], ports?.[2]),
    ssrc: ssrc ? Number.parseInt(ssrc[1] ?? '0', 16) : null,
  };
}

function readPorts(first: string | undefined, second: string | undefined): TransportReply['serverPorts'] {
  const rtp = Number(first ?? 0);
  const rtcp = Number(second ?? rtp + 1);
  return rtp > 0 && rtp < 65_536 && rtcp > 0 && rtcp < 65_536 ? { rtp, rtcp } : null;
}
