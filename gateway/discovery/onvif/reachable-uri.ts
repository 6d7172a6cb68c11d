/** A URI cut where its host is, whatever odd characters the rest holds. */
interface UriParts {
  scheme: string;
  host: string;
  port: string;
  rest: string;
}

function split(uri: string): UriParts | null {
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/is.exec(uri.trim());
  if (!match) return null;
  const [, scheme = '', authority = '', rest = ''] = match;
  const hostPort = authority.slice(authority.lastIndexOf('@') + 1);
  const parts = /^(\[[0-9a-f:.%]+\]|[^:[\]]*)(?::(\d{1,5}))?$/i.exec(hostPort);
  if (!parts) return null;
  return { scheme: scheme.toLowerCase(), host: parts[1] ?? '', port: parts[2] ?? '', rest };
}

/**
 * A stream or picture URI as the gateway can reach it: on the host that answered, whatever host the device believes
 * to have (behind NAT, 0.0.0.0, an old address), and without user name or password. Null for what is no such URI.
 */
export function reachableUri(uri: string, ownHost: string, schemes: readonly string[]): string | null {
  const parts = split(uri);
  if (!parts || !schemes.includes(parts.scheme) || uri.length > 1000) return null;
  const made =
    `${parts.scheme}://${ownHost}${parts.port === '' ? '' : `:${parts.port}`}${parts.rest}`.replaceAll(
      /\s/g,
      '%20',
    );
  return URL.canParse(made) ? made : null;
}

/**
 * The address of a service as the gateway can reach it. A device that names another host is behind NAT or has an old
 * address: then host, port and scheme are those that answered, and only the path is the device's.
 */
export function reachableService(uri: string | null, answered: string): string | null {
  const parts = uri === null ? null : split(uri);
  if (!parts || (parts.scheme !== 'http' && parts.scheme !== 'https')) return null;
  const own = new URL(answered);
  const sameHost = parts.host.toLowerCase() === own.hostname.toLowerCase();
  const path = parts.rest.startsWith('/') ? parts.rest : `/${parts.rest}`;
  const made = sameHost
    ? `${parts.scheme}://${parts.host}${parts.port === '' ? '' : `:${parts.port}`}${path}`
    : `${own.origin}${path}`;
  return URL.canParse(made) ? made : null;
}
