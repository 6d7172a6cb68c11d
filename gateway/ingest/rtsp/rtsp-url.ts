/** Where an RTSP URL leads, and the text to ask for: without user name and password. */
export interface RtspTarget {
  /** Request URI: printable ASCII alone, everything else percent-encoded. */
  uri: string;
  host: string;
  port: number;
  tls: boolean;
}

const RTSP_PORT = 554;
const RTSPS_PORT = 322;

/** Reads an rtsp:// or rtsps:// URL; undefined when it is none. Keeps the path as written, as cameras compare it by text. */
export function parseRtspUrl(text: string): RtspTarget | undefined {
  const match = /^(rtsps?):\/\/(?:[^/?#]*@)?(\[[0-9a-f:.%]+\]|[^/?#:@\s]+)(?::(\d{1,5})?)?([/?].*)?$/i.exec(
    text.trim(),
  );
  if (!match) return undefined;
  const [, scheme = '', host = '', portText, path = ''] = match;
  const tls = scheme.toLowerCase() === 'rtsps';
  const port = portText ? Number(portText) : tls ? RTSPS_PORT : RTSP_PORT;
  if (port < 1 || port > 65535) return undefined;
  const authority = portText ? `${host}:${port}` : host;
  return { uri: `${scheme.toLowerCase()}://${printable(authority + path)}`, host, port, tls };
}

/**
 * URL for a=control against the base (Content-Base, Content-Location or the request URI). Relative ones are appended, also
 * behind a query, because this is what cameras expect (RFC 2326 appendix C.1.1 as practised, not RFC 3986).
 */
export function resolveControl(base: string, control: string | null): string {
  const text = control?.trim() ?? '';
  if (text === '' || text === '*') return base;
  if (/^rtsps?:\/\//i.test(text)) return parseRtspUrl(text)?.uri ?? base;
  if (text.startsWith('/')) return base.replace(/^(rtsps?:\/\/[^/?#]*).*$/i, `$1${printable(text)}`);
  return `${base}${base.endsWith('/') ? '' : '/'}${printable(text)}`;
}

function printable(text: string): string {
  return text.replace(/[^\x21-\x7e]/gu, (character) =>
    Array.from(
      Buffer.from(character, 'utf8'),
      (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    ).join(''),
  );
}
