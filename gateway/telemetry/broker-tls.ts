import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { GatewayError, messageOf } from '../base/gateway-error.ts';

/** How the broker is checked and how the gateway shows who it is; certificates and key in PEM. */
export interface BrokerTls {
  /** Absent: the authorities that the machine trusts. */
  ca?: string | undefined;
  cert?: string | undefined;
  key?: string | undefined;
  passphrase?: string | undefined;
  /** Name that must stand in the broker's certificate; absent: the host of its URL. */
  serverName?: string | undefined;
}

/** Throws `config-invalid`, naming the key, when certificates and key cannot be read or do not belong together. */
export function requireUsableTls({ ca, cert, key, passphrase }: BrokerTls): void {
  if (ca !== undefined) requireCertificate('mqtt.tls.ca', ca);
  if (cert !== undefined) requireCertificate('mqtt.tls.cert', cert);
  if ((cert === undefined) !== (key === undefined)) {
    const [given, missing] = cert === undefined ? ['key', 'cert'] : ['cert', 'key'];
    throw invalid(`mqtt.tls.${given} is set and mqtt.tls.${missing} is not: a client certificate needs both`);
  }
  if (key === undefined) return;
  try {
    createSecureContext({ key, passphrase });
  } catch (error) {
    throw invalid(
      `mqtt.tls.key is no private key in PEM that can be opened${passphrase === undefined ? '' : ' with mqtt.tls.keyPassword'}: ${messageOf(error)}`,
      error,
    );
  }
  try {
    createSecureContext({ cert, key, passphrase });
  } catch (error) {
    throw invalid('mqtt.tls.key does not belong to the certificate in mqtt.tls.cert', error);
  }
}

function requireCertificate(where: string, pem: string): void {
  try {
    new X509Certificate(pem).toString();
  } catch (error) {
    throw invalid(`${where} is no certificate in PEM (-----BEGIN CERTIFICATE-----)`, error);
  }
}

function invalid(message: string, cause?: unknown): GatewayError {
  return new GatewayError('config-invalid', message, { cause });
}
