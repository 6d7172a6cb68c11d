import type { IClientOptions } from 'mqtt';
import type { BrokerAddress, MqttVersion } from './broker-address.ts';
import type { BrokerTls } from './broker-tls.ts';

/** What a connection is made from. */
interface ConnectionOptions {
  broker: BrokerAddress;
  clientId: string;
  will?: () => { topic: string; payload: string };
  keepaliveSec?: number;
}

const CONNECT_TIMEOUT_MS = 10_000;
/** An MQTT 5 broker keeps messages for an absent client this long. */
const SESSION_EXPIRY_SEC = 7 * 86_400;
const MAX_PACKET_BYTES = 1 << 20;

/** The options of one connection for mqtt.js: a stored session, no reconnects and no queues of its own. */
export function clientOptions(
  { broker, clientId, will, keepaliveSec = 30 }: ConnectionOptions,
  version: MqttVersion,
): IClientOptions {
  const lastWords = will?.();
  return {
    clientId,
    protocolVersion: version,
    clean: false,
    keepalive: keepaliveSec,
    reconnectPeriod: 0,
    connectTimeout: CONNECT_TIMEOUT_MS,
    resubscribe: false,
    queueQoSZero: false,
    timerVariant: 'native',
    username: broker.username,
    password: broker.password,
    ...(lastWords && {
      will: { topic: lastWords.topic, payload: Buffer.from(lastWords.payload), qos: 1, retain: true },
    }),
    ...tlsOptions(broker.tls),
    ...(version === 5 && {
      properties: { sessionExpiryInterval: SESSION_EXPIRY_SEC, maximumPacketSize: MAX_PACKET_BYTES },
    }),
  };
}

function tlsOptions(tls: BrokerTls | undefined): IClientOptions {
  if (!tls) return {};
  const { serverName: servername, ...certificates } = tls;
  const given = Object.fromEntries(Object.entries(certificates).filter(([, value]) => value !== undefined));
  // Over WebSockets mqtt.js hands on certificates but not the name to check.
  if (servername === undefined) return given;
  const wsOptions = { servername } as NonNullable<IClientOptions['wsOptions']>;
  return { ...given, servername, wsOptions };
}
