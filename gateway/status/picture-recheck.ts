import type { CancelTimer, Clock } from '../base/clock.ts';

/** What a camera's last picture calls for: a second one to confirm a suspicion, a look whether a fault is over, or nothing. */
export type RecheckWish = 'confirm' | 'recheck' | 'none';

interface Plan {
  wish: RecheckWish;
  rechecks: number;
  confirmedAtMs: number;
  cancel: CancelTimer;
}

/** Long enough for a lorry to pass the lens. */
const CONFIRM_MS = 30_000;
/** After a suspicion that did not come true no more pictures for so long: a camera on the edge must not fill a metered line. */
const CONFIRM_REST_MS = 600_000;
const FIRST_RECHECK_MS = 600_000;
const LONGEST_RECHECK_MS = 3_600_000;

/**
 * Has extra pictures taken where one looks wrong: 30 s after the first, and while the fault stands after 10, 20, 40 and
 * then each 60 minutes. They go on record as any picture does. Lives as long as the board.
 */
export class PictureRecheck {
  readonly #clock: Clock;
  readonly #take: (cameraId: string) => Promise<void>;
  readonly #plans = new Map<string, Plan>();

  /** `take` has a picture taken where that makes sense just now, and never rejects. */
  constructor(options: { clock: Clock; take: (cameraId: string) => Promise<void> }) {
    this.#clock = options.clock;
    this.#take = options.take;
  }

  stop(): void {
    for (const { cancel } of this.#plans.values()) cancel();
    this.#plans.clear();
  }

  forget(cameraId: string): void {
    this.#plans.get(cameraId)?.cancel();
    this.#plans.delete(cameraId);
  }

  /** A picture was taken, and this follows from it. */
  after(cameraId: string, wish: RecheckWish): void {
    const before = this.#plans.get(cameraId);
    before?.cancel();
    const nowMs = this.#clock.monotonicMs();
    // A suspicion that came true was worth its picture; the next one is as well.
    const confirmedAtMs = wish === 'recheck' ? -Infinity : (before?.confirmedAtMs ?? -Infinity);
    const rechecks = wish === 'recheck' ? (before?.wish === 'recheck' ? before.rechecks + 1 : 0) : 0;
    const plan: Plan = { wish, rechecks, confirmedAtMs, cancel: () => undefined };
    this.#plans.set(cameraId, plan);
    if (wish === 'confirm' && nowMs - confirmedAtMs >= CONFIRM_REST_MS) {
      plan.confirmedAtMs = nowMs;
      this.#takeAfter(cameraId, plan, CONFIRM_MS);
    } else if (wish === 'recheck') {
      this.#takeAfter(cameraId, plan, Math.min(LONGEST_RECHECK_MS, FIRST_RECHECK_MS * 2 ** rechecks));
    }
  }

  #takeAfter(cameraId: string, plan: Plan, waitMs: number): void {
    plan.cancel = this.#clock.after(waitMs, () => {
      void this.#take(cameraId).then(() => {
        // No picture came of it, so nobody has asked for the next one.
        if (plan.wish === 'recheck' && this.#plans.get(cameraId) === plan) {
          plan.rechecks += 1;
          this.#takeAfter(cameraId, plan, LONGEST_RECHECK_MS);
        }
      });
    });
  }
}
