/** The head of an RTSP reply as far as finding devices needs it (RFC 2326 section 7). */
export interface RtspReply {
  status: number;
  /** The Server header, at most 120 characters. */
  server: string | null;
}

/** Reads a reply whose head is complete; undefined while it is not, null for what is no RTSP. Never throws. */
export function readRtspReply(text: string): RtspReply | null | undefined {
  const start = 'RTSP/1.';
  if (!text.startsWith(start.slice(0, Math.min(text.length, start.length)))) return null;
  const end = /\r?\n\r?\n/.exec(text);
  if (!end) return undefined;
  const [first = '', ...lines] = text.slice(0, end.index).split(/\r?\n/);
  const status = /^RTSP\/1\.\d (\d{3})(?: |$)/.exec(first)?.[1];
  if (status === undefined) return null;
  const server = lines.map((line) => /^server\s*:\s*(.*)$/i.exec(line)?.[1]).find((value) => value);
  return {
    status: Number(status),
    server:
      server
        ?.replaceAll(/\p{Cc}/gu, '')
        .trim()
        .slice(0, 120) || null,
  };
}
