import { signal } from '@preact/signals';
import { gateway } from '../api/gateway.ts';
import { fetched } from './fetched.ts';
import type { NewTimelapse } from '../api/gateway.ts';
import type { Timelapse } from '../../gateway/contract/timelapse.ts';
import type { Fetched } from './fetched.ts';

const POLL_MS = 1500;

/** The time-lapses of one camera, asked for while one is being made; lives as long as its page. */
export class LapseJobs {
  readonly #cameraId: string;
  readonly jobs = signal<Fetched<readonly Timelapse[]>>({ state: 'loading' });
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = true;

  constructor(cameraId: string) {
    this.#cameraId = cameraId;
  }

  /** Reads the list, again and again while something in it is under way; ends with what it gives back. */
  start(): () => void {
    this.#stopped = false;
    void this.read();
    return () => {
      this.#stopped = true;
      clearTimeout(this.#timer);
    };
  }

  readonly read = async (): Promise<void> => {
    clearTimeout(this.#timer);
    const told = await fetched(gateway.timelapses(this.#cameraId));
    if (this.#stopped) return;
    if (told.state !== 'failed' || this.jobs.value.state !== 'ready') this.jobs.value = told;
    const underWay =
      told.state === 'ready' && told.value.some(({ state }) => state === 'queued' || state === 'running');
    if (underWay) this.#timer = setTimeout(() => void this.read(), POLL_MS);
  };

  /** Throws ApiError when the gateway refuses. */
  async begin(wish: NewTimelapse): Promise<void> {
    await gateway.startTimelapse(wish);
    await this.read();
  }

  /** Cancels one that is under way, removes one that is done. Throws ApiError. */
  async remove(id: string): Promise<void> {
    await gateway.removeTimelapse(id);
    await this.read();
  }
}
