import type { Clock } from '../../base/clock.ts';
import type { SenderReport } from './rtcp.ts';
import type { RtpPacket } from './rtp-packet.ts';

/** What a receiver report says of one sender (RFC 3550 section 6.4.1); numbers as they stand in the packet. */
export interface ReceptionBlock {
  ssrc: number;
  /** 1/256 of the packets since the last report. */
  fractionLost: number;
  /** Since the start; negative when packets came twice. */
  packetsLost: number;
  highestSequence: number;
  /** Ticks of the RTP clock. */
  jitter: number;
  lastReport: number;
  /** 1/65536 s since the last sender report. */
  sinceLastReport: number;
}

const JUMP = 3000;
const LATE_WINDOW = 1024;
const MOST_LOST = 0x7fffff;

/** Counts what arrives of one RTP stream (RFC 3550 appendices A.1, A.3 and A.8); lives for one run. */
export class Reception {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #clockRate: number;
  #ssrc: number | undefined;
  #base = 0;
  /** Highest sequence number, with the wraps in the upper bits. */
  #highest = 0;
  #received = 0;
  #before = { expected: 0, received: 0 };
  #jitter = 0;
  /** The last picture's; -1 before the first. */
  #lastTimestamp = -1;
  #lastArrivalTicks = 0;
  #report: { middle: number; arrivalMs: number } | undefined;

  constructor(clock: Pick<Clock, 'monotonicMs'>, clockRate: number) {
    this.#clock = clock;
    this.#clockRate = clockRate;
  }

  /** Takes the head of a packet that just came. */
  take({ ssrc, sequence, timestamp }: RtpPacket): void {
    if (ssrc !== this.#ssrc) this.#restart(ssrc, sequence);
    const ahead = (sequence - this.#highest) & 0xffff;
    if (ahead > JUMP && ahead < 0x10000 - LATE_WINDOW) this.#restart(ssrc, sequence);
    else if (ahead <= JUMP) this.#highest += ahead;
    this.#received += 1;
    // The packets of one picture leave the camera one after another: only its first one tells of the network.
    if (timestamp !== this.#lastTimestamp) this.#measureJitter(timestamp);
  }

  /** How unevenly packets come, ms (RFC 3550 appendix A.8); null before two pictures. */
  get jitterMs(): number | null {
    return this.#jitter === 0 ? null : (this.#jitter * 1000) / this.#clockRate;
  }

  takeReport(report: SenderReport): void {
    this.#report = { middle: report.ntpMiddle, arrivalMs: this.#clock.monotonicMs() };
  }

  /** What to report now; undefined before the first packet. Each call ends the interval that `fractionLost` is of. */
  block(): ReceptionBlock | undefined {
    if (this.#ssrc === undefined) return undefined;
    const expected = this.#highest - this.#base + 1;
    const expectedSince = expected - this.#before.expected;
    const lostSince = expectedSince - (this.#received - this.#before.received);
    this.#before = { expected, received: this.#received };
    const fraction = expectedSince > 0 && lostSince > 0 ? Math.floor((lostSince * 256) / expectedSince) : 0;
    const report = this.#report;
    return {
      ssrc: this.#ssrc,
      fractionLost: Math.min(255, fraction),
      packetsLost: Math.max(-MOST_LOST, Math.min(MOST_LOST, expected - this.#received)),
      highestSequence: this.#highest % 2 ** 32,
      jitter: Math.floor(this.#jitter) % 2 ** 32,
      lastReport: report?.middle ?? 0,
      sinceLastReport: report
        ? Math.round(((this.#clock.monotonicMs() - report.arrivalMs) * 65_536) / 1000) % 2 ** 32
        : 0,
    };
  }

  #restart(ssrc: number, sequence: number): void {
    this.#ssrc = ssrc;
    this.#base = sequence;
    this.#highest = sequence;
    this.#received = 0;
    this.#before = { expected: 0, received: 0 };
    this.#jitter = 0;
    this.#lastTimestamp = -1;
  }

  #measureJitter(timestamp: number): void {
    const arrivalTicks = (this.#clock.monotonicMs() * this.#clockRate) / 1000;
    if (this.#lastTimestamp >= 0) {
      const between = arrivalTicks - this.#lastArrivalTicks - ((timestamp - this.#lastTimestamp) | 0);
      // A camera whose clock jumps says nothing about the network.
      if (Math.abs(between) < 10 * this.#clockRate) this.#jitter += (Math.abs(between) - this.#jitter) / 16;
    }
    this.#lastTimestamp = timestamp;
    this.#lastArrivalTicks = arrivalTicks;
  }
}
