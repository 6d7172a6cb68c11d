import type { MqttClient } from 'mqtt';
import type { Clock } from '../base/clock.ts';

/** One question to the broker: which retained messages it holds on some topics. Lives for the question. */
export class RetainedReading {
  readonly #topics: ReadonlySet<string>;
  readonly #held = new Map<string, string>();
  #complete: () => void = () => undefined;

  constructor(topics: readonly string[]) {
    this.#topics = new Set(topics);
  }

  /** Takes a message that came in; true when it belongs to the question. */
  take(topic: string, payload: Buffer): boolean {
    if (!this.#topics.has(topic)) return false;
    this.#held.set(topic, payload.toString('utf8'));
    if (this.#held.size === this.#topics.size) this.#complete();
    return true;
  }

  /** Subscribes, waits until all have come or the time is over, and unsubscribes; null when the broker does not permit it. */
  async ask(client: MqttClient, clock: Clock, withinMs: number): Promise<ReadonlyMap<string, string> | null> {
    const topics = [...this.#topics];
    const complete = new Promise<void>((resolve) => {
      this.#complete = resolve;
    });
    const permitted = await new Promise<boolean>((resolve) => {
      const cancel = clock.after(withinMs, () => resolve(false));
      client.subscribe(topics, { qos: 1 }, (error, granted = []) => {
        cancel();
        resolve(!error && granted.every(({ qos }) => qos < 128));
      });
    });
    if (permitted)
      await Promise.race([complete, new Promise<void>((resolve) => clock.after(withinMs, resolve))]);
    client.unsubscribe(topics, () => undefined);
    return permitted ? this.#held : null;
  }
}
