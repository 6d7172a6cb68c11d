/** A packet this far behind is a restart of the numbering, nearer ones are repeats or late. */
const LATE_WINDOW = 128;
/** A gap this wide is a restart of the numbering too; what was lost cannot be told, so it counts as one. */
const JUMP = 3000;

/** Follows the 16-bit RTP sequence numbers of one stream (RFC 3550 appendix A.1, for a transport that keeps order). */
export class SequenceTracker {
  #expected: number | undefined;

  /** Packets lost before this one: 0 when it follows, -1 when it is a repeat or late and must be dropped. */
  accept(sequence: number): number {
    const expected = this.#expected;
    const ahead = expected === undefined ? 0 : (sequence - expected) & 0xffff;
    if (ahead >= 0x10000 - LATE_WINDOW) return -1;
    this.#expected = (sequence + 1) & 0xffff;
    return ahead > JUMP ? 1 : ahead;
  }

  reset(): void {
    this.#expected = undefined;
  }
}
