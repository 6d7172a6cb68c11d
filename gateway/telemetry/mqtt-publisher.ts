import type { Unsubscribe } from '../base/emitter.ts';

/** How one publish ended. `lost`: the link broke before the broker acknowledged. `refused`: the broker said no (MQTT 5). */
export type PublishOutcome = { ok: true } | { ok: false; why: 'lost' | 'refused'; message: string };

/** How a publish ended, for counting. */
export type PublishEnd = 'acknowledged' | 'lost' | 'refused';

/** Extra fields of an answer to an MQTT 5 request. */
export interface PublishOptions {
  retain: boolean;
  correlationData?: Buffer;
}

/** The sending half of the link, as the queues see it. QoS 1 always. */
export interface MqttPublisher {
  readonly connected: boolean;
  publish(topic: string, payload: string, options: PublishOptions): Promise<PublishOutcome>;
  onConnected(listener: () => void): Unsubscribe;
}
