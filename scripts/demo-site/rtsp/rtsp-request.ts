/** A request read from a client (RFC 2326 6); header names in lower case. */
export interface RtspRequest {
  method: string;
  uri: string;
  headers: Map<string, string>;
}

/** What stands at the front of a connection's bytes. */
export type RtspFront =
  | { kind: 'request'; request: RtspRequest; bytes: number }
  | { kind: 'interleaved'; channel: number; bytes: number }
  | { kind: 'incomplete' }
  | { kind: 'bad' };

const headLimit = 16_384;

function parseHead(text: string): RtspRequest | undefined {
  const [first = '', ...lines] = text.split(/\r?\n/);
  const match = /^([A-Z_]{3,20}) (\S{1,2048}) RTSP\/1\.0$/.exec(first);
  if (match === null) return undefined;
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return { method: match[1]!, uri: match[2]!, headers };
}

/** Reads one request, or one interleaved packet (RFC 2326 10.12), from the front of the bytes. */
export function readFront(bytes: Buffer): RtspFront {
  if (bytes[0] === 0x24) {
    if (bytes.length < 4) return { kind: 'incomplete' };
    const length = 4 + bytes.readUInt16BE(2);
    return bytes.length < length
      ? { kind: 'incomplete' }
      : { kind: 'interleaved', channel: bytes[1]!, bytes: length };
  }
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1) return bytes.length > headLimit ? { kind: 'bad' } : { kind: 'incomplete' };
  const request = end > headLimit ? undefined : parseHead(bytes.toString('latin1', 0, end));
  if (request === undefined) return { kind: 'bad' };
  const body = Number(request.headers.get('content-length') ?? 0);
  if (!Number.isInteger(body) || body < 0 || body > headLimit) return { kind: 'bad' };
  const length = end + 4 + body;
  return bytes.length < length ? { kind: 'incomplete' } : { kind: 'request', request, bytes: length };
}
