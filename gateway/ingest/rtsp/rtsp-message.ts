/** Headers of one message: lower-case name to its values in order of appearance. */
export type RtspHeaders = ReadonlyMap<string, readonly string[]>;

/** A reply of the camera, RFC 2326 section 7. */
export interface RtspResponse {
  kind: 'response';
  status: number;
  reason: string;
  headers: RtspHeaders;
  body: Buffer;
}

/** A request that the camera sends to us, RFC 2326 section 6. */
export interface RtspRequest {
  kind: 'request';
  method: string;
  uri: string;
  headers: RtspHeaders;
  body: Buffer;
}

export type RtspMessage = RtspResponse | RtspRequest;

const NO_BODY = Buffer.alloc(0);
const STATUS_LINE = /^RTSP\/\d\.\d\s+(\d{3})(?:\s+(.*))?$/;
const REQUEST_LINE = /^([A-Z_]+)\s+(\S+)\s+RTSP\/\d\.\d$/;

/**
 * Reads start line and headers (without the empty line that ends them); the body is empty until the reader fills it in.
 * Tolerates bare LF, lower-case names, spaces before the colon, folded lines, lines without a colon. Undefined when the
 * first line is neither a request nor a status line.
 */
export function parseRtspHead(text: string): RtspMessage | undefined {
  const lines = text.split(/\r?\n/);
  const start = (lines.shift() ?? '').trim();
  const headers = parseHeaders(lines);
  const status = STATUS_LINE.exec(start);
  if (status) {
    return {
      kind: 'response',
      status: Number(status[1]),
      reason: (status[2] ?? '').trim(),
      headers,
      body: NO_BODY,
    };
  }
  const request = REQUEST_LINE.exec(start);
  if (!request) return undefined;
  return { kind: 'request', method: request[1] ?? '', uri: request[2] ?? '', headers, body: NO_BODY };
}

function parseHeaders(lines: readonly string[]): RtspHeaders {
  const headers = new Map<string, string[]>();
  let values: string[] | undefined;
  for (const line of lines) {
    if (/^[ \t]/.test(line) && values?.length) {
      values.push(`${values.pop() ?? ''} ${line.trim()}`);
      continue;
    }
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    values = headers.get(name) ?? [];
    values.push(line.slice(colon + 1).trim());
    headers.set(name, values);
  }
  return headers;
}

/** First value of a header by its lower-case name. */
export function headerOf(message: { headers: RtspHeaders }, name: string): string | undefined {
  return message.headers.get(name)?.[0];
}

/** Length of the body as Content-Length tells it; 0 when absent, NaN when it is no number. */
export function contentLengthOf(message: { headers: RtspHeaders }): number {
  const value = headerOf(message, 'content-length');
  if (value === undefined || value === '') return 0;
  return /^\d{1,10}$/.test(value) ? Number(value) : Number.NaN;
}

/** Text of a message without a body; values lose CR and LF so that none can add a header. */
export function serializeRtsp(startLine: string, headers: Readonly<Record<string, string>>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${oneLine(value)}\r\n`);
  return `${oneLine(startLine)}\r\n${lines.join('')}\r\n`;
}

function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, ' ');
}
