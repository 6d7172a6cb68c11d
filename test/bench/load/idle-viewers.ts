import { Agent, request } from 'undici';
import type { ApiClient } from '../../support/api-client.ts';

const RELOAD_MS = 2000;
/** Players that start their streams at once. */
const STARTS_AT_ONCE = 8;

/** One HLS player for each camera that reloads its playlist each 2 s, and fetches the segments if asked to. */
export class IdleViewers {
  readonly #api: ApiClient;
  readonly #cameraIds: readonly string[];
  readonly #fetches: boolean;
  readonly #agent = new Agent({ connections: 256 });
  readonly #timers: NodeJS.Timeout[] = [];
  /** Replies that were no success. */
  failures = 0;

  constructor(api: ApiClient, cameraIds: readonly string[], fetches: boolean) {
    this.#api = api;
    this.#cameraIds = cameraIds;
    this.#fetches = fetches;
  }

  /** Starts all streams; resolves when each has given its first playlist. */
  async start(): Promise<void> {
    const waiting = [...this.#cameraIds];
    const starter = async (): Promise<void> => {
      for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) await this.#first(id);
    };
    await Promise.all(Array.from({ length: STARTS_AT_ONCE }, starter));
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#agent.destroy().catch(() => undefined);
  }

  async #first(cameraId: string): Promise<void> {
    let seen = '';
    if ((await this.#text(`/live/${cameraId}/main/stream.m3u8`)) === '')
      throw new Error(`no playlist of ${cameraId}`);
    const reload = async (): Promise<void> => {
      const list = await this.#text(`/live/${cameraId}/main/stream.m3u8`);
      const newest = list.match(/^seg-\d+\.m4s$/gm)?.at(-1) ?? '';
      if (!this.#fetches || newest === seen || newest === '') return;
      seen = newest;
      await this.#text(`/live/${cameraId}/main/${newest}`);
    };
    this.#timers.push(
      setInterval(() => {
        reload().catch(() => {
          this.failures += 1;
        });
      }, RELOAD_MS),
    );
  }

  async #text(path: string): Promise<string> {
    const { statusCode, body } = await request(this.#api.url + path, {
      dispatcher: this.#agent,
      headers: { cookie: this.#api.cookie },
    });
    if (statusCode === 200 && path.endsWith('.m3u8')) return body.text();
    await body.dump({ limit: 64 << 20 });
    if (statusCode !== 200) this.failures += 1;
    return '';
  }
}
