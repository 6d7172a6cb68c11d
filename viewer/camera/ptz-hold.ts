import type { PtzOrder } from '../../gateway/contract/camera-control.ts';

/** Speeds from -1 to 1: right, up and near are positive. */
export interface PtzSpeed {
  pan: number;
  tilt: number;
  zoom: number;
}

/** One order to the camera lasts so long and is given again before it ends; whoever loses the page, the camera stands still soon. */
const ORDER_MS = 3000;
const AGAIN_MS = 2400;
/** The shortest order the gateway takes: it ends the one before and stops. */
const STOP_MS = 50;
const STILL: PtzSpeed = { pan: 0, tilt: 0, zoom: 0 };

/** Moves while a button or key is held, and stops when it is let go. */
export class PtzHold {
  readonly #send: (move: PtzOrder) => Promise<void>;
  readonly #onFault: (error: unknown) => void;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(send: (move: PtzOrder) => Promise<void>, onFault: (error: unknown) => void) {
    this.#send = send;
    this.#onFault = onFault;
  }

  get isHeld(): boolean {
    return this.#timer !== undefined;
  }

  /** Begins to move; another direction takes over at once. */
  press(speed: PtzSpeed): void {
    clearInterval(this.#timer);
    this.#order({ ...speed, ms: ORDER_MS });
    this.#timer = setInterval(() => this.#order({ ...speed, ms: ORDER_MS }), AGAIN_MS);
  }

  /** Stops, if anything moves. */
  release(): void {
    if (!this.isHeld) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#order({ ...STILL, ms: STOP_MS });
  }

  #order(move: PtzOrder): void {
    this.#send(move).catch((error: unknown) => this.#onFault(error));
  }
}
