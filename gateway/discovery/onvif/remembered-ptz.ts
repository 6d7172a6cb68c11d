import type { Clock } from '../../base/clock.ts';
import type { OnvifDevice } from './device-access.ts';
import type { SessionMemory } from './device-session.ts';
import type { PtzPlace } from './ptz-operations.ts';

interface Remembered {
  place: PtzPlace;
  memory: SessionMemory;
}

const KEPT_MS = 600_000;
const MOST_DEVICES = 1000;

/** What was learnt of the motors of devices in the last ten minutes, so that a nudge costs two requests; in memory only. */
export class RememberedPtz {
  readonly #clock: Clock;
  readonly #known = new Map<string, Remembered & { atMs: number; device: OnvifDevice }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Undefined for other credentials than those it was learnt with. */
  get(device: OnvifDevice): Remembered | undefined {
    const known = this.#known.get(device.xaddr);
    if (!known || known.atMs + KEPT_MS < this.#clock.monotonicMs()) return undefined;
    const { credentials } = known.device;
    const same =
      credentials?.username === device.credentials?.username &&
      credentials?.password === device.credentials?.password;
    return same ? known : undefined;
  }

  keep(device: OnvifDevice, learnt: Remembered): void {
    this.#known.delete(device.xaddr);
    this.#known.set(device.xaddr, { ...learnt, device, atMs: this.#clock.monotonicMs() });
    if (this.#known.size <= MOST_DEVICES) return;
    const oldest = this.#known.keys().next();
    if (!oldest.done) this.#known.delete(oldest.value);
  }

  forget(device: OnvifDevice): void {
    this.#known.delete(device.xaddr);
  }
}
