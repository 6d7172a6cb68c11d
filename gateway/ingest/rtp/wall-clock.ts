import type { SenderReport } from './rtcp.ts';

/** A capture time may lie this far before the arrival: pictures that waited in the camera or on a slow link. */
const MAX_LATENCY_MS = 5000;
/** A camera clock that is this little ahead is taken for right, and the arrival time for the capture. */
const MAX_AHEAD_MS = 250;
/** Reports older than this say nothing any more about a clock that drifts. */
const MAX_REPORT_AGE_MS = 120_000;

/** Maps RTP timestamps of one stream to the camera's wall clock through its sender reports (RFC 3550 section 6.4.1). */
export class WallClock {
  readonly #clockRate: number;
  #report: SenderReport | undefined;
  #reportedAtMs = 0;

  constructor(clockRate: number) {
    this.#clockRate = clockRate;
  }

  take(report: SenderReport, arrivalMs: number): void {
    this.#report = report;
    this.#reportedAtMs = arrivalMs;
  }

  /** Time of the camera's own clock, ms since 1970, however wrong that clock is; null before the first report. */
  cameraMs(timestamp: number): number | null {
    if (!this.#report) return null;
    return this.#report.ntpMs + (((timestamp - this.#report.rtpTimestamp) | 0) * 1000) / this.#clockRate;
  }

  /** When the frame was captured: by the camera's clock where it agrees with the arrival, else the arrival. */
  capturedAtMs(timestamp: number, arrivalMs: number): number {
    const cameraMs = this.cameraMs(timestamp);
    if (cameraMs === null || arrivalMs - this.#reportedAtMs > MAX_REPORT_AGE_MS) return arrivalMs;
    const latencyMs = arrivalMs - cameraMs;
    if (latencyMs < -MAX_AHEAD_MS || latencyMs > MAX_LATENCY_MS) return arrivalMs;
    return Math.round(Math.min(cameraMs, arrivalMs));
  }
}
