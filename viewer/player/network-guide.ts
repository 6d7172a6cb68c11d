import { ArrivalWatch } from './arrival-watch.ts';
import type { Rendition } from '../../gateway/contract/live.ts';
import type { Arrival } from './arrival-watch.ts';

/** What a guide needs of its session. */
export interface NetworkSetting {
  /** The rate at which the network carries a short download now, kbit/s; null when it was too quick to tell, or failed. */
  probe: (signal: AbortSignal) => Promise<number | null>;
  /** The main stream's rate as the camera told it, kbit/s; null when not known. */
  toldKbps: () => number | null;
  onChange: () => void;
}

const FIRST_HOLD_MS = 30_000;
const MOST_HOLD_MS = 480_000;
/** After this long on the main stream the next setback begins with the short hold again. */
const PROVEN_MS = 120_000;
/** What the network must carry beyond the stream's own rate. */
const MARGIN = 1.3;

/** Whether the network carries the main stream: limited once it comes late, free again after half a minute in time; one for each session. */
export class NetworkGuide {
  readonly #setting: NetworkSetting;
  #rendition: Rendition | null = null;
  #watch = new ArrivalWatch(1);
  #limited = false;
  #holdMs = FIRST_HOLD_MS;
  #goodSinceMs: number | null = null;
  #beganMs = 0;
  #mainKbps: number | null = null;
  #probing: AbortController | null = null;

  constructor(setting: NetworkSetting) {
    this.#setting = setting;
  }

  /** True while the sub stream, or `low`, is all that the network carries. */
  get limited(): boolean {
    return this.#limited;
  }

  /** How late media comes beyond what the buffer shows, seconds. */
  get lateSec(): number {
    return this.#watch.lateSec;
  }

  /** A feed begins; media up to `lateLimitSec` late is in time for its transport. */
  begin(rendition: Rendition, lateLimitSec: number, nowMs: number): void {
    this.end();
    this.#rendition = rendition;
    this.#watch = new ArrivalWatch(lateLimitSec);
    this.#beganMs = nowMs;
  }

  /** The feed ended. */
  end(): void {
    this.#probing?.abort();
    this.#probing = null;
    this.#goodSinceMs = null;
    this.#rendition = null;
  }

  /** One look at the feed, twice a second. */
  look(arrival: Arrival): void {
    const verdict = this.#watch.look(arrival);
    if (this.#rendition === 'main') this.#lookAtMain(verdict, arrival.nowMs);
    else if ((this.#rendition === 'sub' || this.#rendition === 'low') && this.#limited)
      this.#lookAtSub(verdict, arrival.nowMs);
  }

  #lookAtMain(verdict: string, nowMs: number): void {
    this.#mainKbps = this.#watch.streamKbps ?? this.#mainKbps;
    if (nowMs - this.#beganMs > PROVEN_MS) this.#holdMs = FIRST_HOLD_MS;
    if (verdict !== 'late' || this.#limited) return;
    this.#limited = true;
    this.#setting.onChange();
  }

  #lookAtSub(verdict: string, nowMs: number): void {
    if (verdict !== 'in-time') this.#goodSinceMs = null;
    else this.#goodSinceMs ??= nowMs;
    const due = this.#goodSinceMs !== null && nowMs - this.#goodSinceMs >= this.#holdMs;
    if (due && this.#probing === null) void this.#tryMain(nowMs);
  }

  /** Downloads something short before it disturbs the picture; a return that fails makes the next wait twice as long. */
  async #tryMain(nowMs: number): Promise<void> {
    const probing = new AbortController();
    this.#probing = probing;
    const kbps = await this.#setting.probe(probing.signal);
    if (probing.signal.aborted) return;
    this.#probing = null;
    this.#goodSinceMs = nowMs;
    const neededKbps = (this.#mainKbps ?? this.#setting.toldKbps() ?? 0) * MARGIN;
    if (kbps !== null && kbps < neededKbps) return;
    this.#limited = false;
    this.#holdMs = Math.min(MOST_HOLD_MS, this.#holdMs * 2);
    this.#setting.onChange();
  }
}
