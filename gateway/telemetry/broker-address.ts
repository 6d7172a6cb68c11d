import type { BrokerTls } from './broker-tls.ts';

/** Protocol levels as the CONNECT packet writes them: 4 is MQTT 3.1.1. */
export type MqttVersion = 4 | 5;

/** Where the broker is and how to sign in. */
export interface BrokerAddress {
  /** `mqtt://`, `mqtts://`, `ws://` or `wss://`. */
  url: string;
  username?: string | undefined;
  password?: string | undefined;
  /** For `mqtts:` and `wss:`. */
  tls?: BrokerTls | undefined;
  /** Tried in order until the broker takes one; default 5, then 3.1.1. */
  versions?: readonly MqttVersion[];
}
