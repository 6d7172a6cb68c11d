import type { Unsubscribe } from '../base/emitter.ts';
import type { EvidenceDay } from '../contract/evidence.ts';
import type { EvidenceMessage } from './payloads.ts';
import type { RetainedSink } from './state-publisher.ts';
import type { Topics } from './topics.ts';

/** Where closed days come from: each is on disk before it is told. */
export interface EvidenceSource {
  readonly publicKey: string;
  days(): Promise<EvidenceDay[]>;
  onClosed(listener: (day: EvidenceDay) => void): Unsubscribe;
}

/**
 * Tells every closed day of the record, retained. All of them are told again at each connect: a broker that lost them,
 * or was away when a day was closed, has them all then.
 */
export class EvidencePublisher {
  readonly #topics: Topics;
  readonly #retained: Pick<RetainedSink, 'set'>;
  readonly #evidence: EvidenceSource;
  #unsubscribe: Unsubscribe | undefined;

  constructor(options: { topics: Topics; retained: Pick<RetainedSink, 'set'>; evidence: EvidenceSource }) {
    this.#topics = options.topics;
    this.#retained = options.retained;
    this.#evidence = options.evidence;
  }

  async start(): Promise<void> {
    this.#unsubscribe = this.#evidence.onClosed((day) => this.#tell(day));
    for (const day of await this.#evidence.days()) this.#tell(day);
  }

  stop(): void {
    this.#unsubscribe?.();
  }

  #tell(day: EvidenceDay): void {
    const { publicKey } = this.#evidence;
    const message: EvidenceMessage = { schema: 1, at: day.closedAt, ...day, publicKey };
    this.#retained.set(this.#topics.evidence(day.date), JSON.stringify(message));
  }
}
