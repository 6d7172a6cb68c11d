import { Counter, Gauge, Registry } from 'prom-client';

/** The figures of the other stages in Prometheus' text format. */
export interface MetricsSource {
  readonly contentType: string;
  render(): Promise<string>;
}

/** GET /metrics: the web stage's own figures behind those of the others; one for each server. */
export class WebMetrics {
  readonly #others: MetricsSource | undefined;
  readonly #openSockets: () => number;
  readonly #registry = new Registry();
  readonly #replies: Counter<'status'>;

  constructor(options: { others: MetricsSource | undefined; openSockets: () => number }) {
    this.#others = options.others;
    this.#openSockets = options.openSockets;
    this.#replies = new Counter({
      name: 'gantry_http_replies_total',
      help: 'HTTP replies by status class',
      labelNames: ['status'],
      registers: [this.#registry],
    });
  }

  start(): void {
    const sockets: Gauge = new Gauge({
      name: 'gantry_websockets',
      help: 'Open WebSockets',
      registers: [this.#registry],
      collect: () => sockets.set(this.#openSockets()),
    });
  }

  stop(): void {
    this.#registry.clear();
  }

  countReply(status: number): void {
    this.#replies.inc({ status: `${Math.floor(status / 100)}xx` });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  async text(): Promise<string> {
    const others = this.#others === undefined ? '' : await this.#others.render();
    return others + (await this.#registry.metrics());
  }
}
