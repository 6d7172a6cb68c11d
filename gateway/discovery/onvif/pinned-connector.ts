import { constants, createHash } from 'node:crypto';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { TLSSocket } from 'node:tls';
import { buildConnector } from 'undici';

/** A device showed another certificate than the one accepted at registration; nothing was sent to it. */
export class CertificateChanged extends Error {
  override name = 'CertificateChanged';
  /** SHA-256 of the certificate shown now, lower-case hex. */
  readonly sha256: string;

  constructor(sha256: string) {
    super('the device shows another certificate than at its registration');
    this.sha256 = sha256;
  }
}

interface PinnedConnectorOptions {
  /** The only address connected to, whatever the name. */
  address: string;
  timeoutMs: number;
  /** SHA-256 of the certificate to insist on, lower-case hex; null: any. */
  pinnedSha256: string | null;
  /** Told the SHA-256 of each certificate that was accepted. */
  onCertificate: (sha256: string) => void;
}

/**
 * Connects undici to one address. Cameras have self-signed certificates and old TLS, so neither issuer, name nor age of
 * the protocol is judged; instead the certificate itself is pinned, before the first byte of a request is sent.
 */
export function pinnedConnector(options: PinnedConnectorOptions): buildConnector.connector {
  const { address, timeoutMs, pinnedSha256, onCertificate } = options;
  const connect = buildConnector({
    lookup: lookupOf(address),
    timeout: timeoutMs,
    rejectUnauthorized: false,
    minVersion: 'TLSv1',
    ciphers: 'DEFAULT:@SECLEVEL=0',
    secureOptions: constants.SSL_OP_LEGACY_SERVER_CONNECT,
    // A resumed session shows no certificate.
    maxCachedSessions: 0,
    allowH2: false,
  });
  return (target, callback) => {
    connect(target, (...outcome) => {
      const [error, socket] = outcome;
      if (error || !(socket instanceof TLSSocket)) return callback(...outcome);
      const sha256 = certificateSha256(socket);
      if (pinnedSha256 !== null && sha256 !== pinnedSha256) {
        socket.destroy();
        return callback(new CertificateChanged(sha256), null);
      }
      onCertificate(sha256);
      return callback(...outcome);
    });
  };
}

function certificateSha256(socket: TLSSocket): string {
  const { raw } = socket.getPeerCertificate();
  return createHash('sha256')
    .update(raw ?? '')
    .digest('hex');
}

function lookupOf(address: string): LookupFunction {
  const family = isIP(address);
  return (_host, options, callback) => {
    if (options.all) callback(null, [{ address, family }]);
    else callback(null, address, family);
  };
}
