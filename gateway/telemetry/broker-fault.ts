import { messageOf } from '../base/gateway-error.ts';

/** Node's and OpenSSL's codes of one fault of certificates or network, in plain words with the way out. */
const texts: readonly [codes: readonly string[], text: (where: FaultPlace) => string][] = [
  [
    [
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'UNABLE_TO_GET_ISSUER_CERT',
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      'SELF_SIGNED_CERT_IN_CHAIN',
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'CERT_UNTRUSTED',
    ],
    ({ ownCa }) =>
      ownCa
        ? 'the broker’s certificate is not signed by the authority in mqtt.tls.ca: put the certificate of the authority that signed it there'
        : 'the broker’s certificate is not signed by an authority that this machine trusts: set mqtt.tls.ca to the certificate of the authority that signed it',
  ],
  [
    ['ERR_TLS_CERT_ALTNAME_INVALID'],
    ({ host, names }) =>
      `the broker’s certificate is ${names === '' ? 'not' : `for ${names}, not`} for ${host}: use a name of the certificate in mqtt.url, or set mqtt.tls.serverName to it`,
  ],
  [['CERT_HAS_EXPIRED'], () => 'the broker’s certificate has expired: it must be renewed at the broker'],
  [
    ['CERT_NOT_YET_VALID'],
    () => 'the broker’s certificate is not valid yet: check the clocks of the broker and of this machine',
  ],
  [
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE'],
    ({ ownCert }) =>
      ownCert
        ? 'the broker does not accept the certificate in mqtt.tls.cert'
        : 'the broker wants a client certificate: set mqtt.tls.cert and mqtt.tls.key',
  ],
  [
    [
      'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA',
      'ERR_SSL_TLSV1_ALERT_DECRYPT_ERROR',
      'ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE',
      'ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN',
      'ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED',
      'ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED',
    ],
    () =>
      'the broker does not accept the certificate in mqtt.tls.cert: it must be signed by an authority that the broker knows, and be valid',
  ],
  [
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG'],
    () =>
      'what listens there does not speak TLS: use mqtt:// in mqtt.url, or the broker’s TLS port (often 8883)',
  ],
  [
    ['ECONNREFUSED'],
    () => 'nothing listens there: check host and port of mqtt.url, and whether the broker runs',
  ],
  [
    ['ECONNRESET', 'EPIPE'],
    ({ encrypted }) =>
      encrypted
        ? 'what listens there closed the connection: it may not speak TLS (use mqtt:// or the broker’s TLS port, often 8883), else the broker’s log says why'
        : 'the broker closed the connection: it may want TLS (mqtts://), else its log says why',
  ],
  [['ENOTFOUND', 'EAI_AGAIN'], ({ host }) => `the name ${host} cannot be resolved: check mqtt.url and DNS`],
  [
    ['EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT'],
    () => 'no answer from there: check the network between this machine and the broker',
  ],
];

/** CONNACK codes of MQTT 3.1.1 (section 3.2.2.3) and MQTT 5 (section 3.2.2.2). */
const refusals: Readonly<Record<number, string>> = {
  4: 'the broker refuses user name or password: check mqtt.username and mqtt.password',
  5: 'the broker does not let this gateway in: check mqtt.username and mqtt.password, and the broker’s rules',
  134: 'the broker refuses user name or password: check mqtt.username and mqtt.password',
  135: 'the broker does not let this gateway in: check mqtt.username and mqtt.password, and the broker’s rules',
  138: 'the broker has banned this gateway',
};

interface FaultPlace {
  host: string;
  /** Names in the certificate that was shown. */
  names: string;
  encrypted: boolean;
  ownCa: boolean;
  ownCert: boolean;
}

/** Says why there is no connection to the broker, in plain words with the way out; pure. */
export function brokerFault(
  error: unknown,
  broker: {
    url: string;
    tls?: { ca?: string | undefined; cert?: string | undefined; serverName?: string | undefined };
  },
): string {
  const { code, cert } = detailsOf(error);
  if (typeof code === 'number') return refusals[code] ?? messageOf(error);
  const text = texts.find(([codes]) => codes.includes(code))?.[1];
  if (!text) return messageOf(error);
  return text({
    host: broker.tls?.serverName ?? hostOf(broker.url),
    names: cert?.subjectaltname?.replaceAll(/\b(DNS|IP Address):/g, '') ?? '',
    encrypted: /^(mqtts|wss):/.test(broker.url),
    ownCa: broker.tls?.ca !== undefined,
    ownCert: broker.tls?.cert !== undefined,
  });
}

/** The broker's address without user name and password, for logs. */
export function shownUrl(url: string): string {
  return URL.canParse(url) ? url.replace(/\/\/[^/@]*@/, '//') : 'the address in mqtt.url';
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, '') : url;
}

function detailsOf(error: unknown): { code: string | number; cert?: { subjectaltname?: string } } {
  const { code, cert } = (error ?? {}) as { code?: unknown; cert?: { subjectaltname?: string } };
  const known = typeof code === 'string' || typeof code === 'number' ? code : '';
  return cert === undefined ? { code: known } : { code: known, cert };
}
