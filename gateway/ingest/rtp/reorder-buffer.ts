import type { CancelTimer, Clock } from '../../base/clock.ts';

/** A packet this far behind is a repeat or too late, nearer ones than a jump are ahead of their turn. */
const LATE_WINDOW = 1024;
/** A packet this far ahead belongs to a new numbering, or is a stray. */
const JUMP = 3000;
const MAX_HELD = 1024;
const MAX_WAIT_MS = 200;
const FIXED_BYTES = 12;

interface HeldPacket {
  packet: Buffer;
  /** Monotonic time of its arrival. */
  atMs: number;
}

/**
 * Puts the datagrams of one RTP stream back into the order of their sequence numbers. A gap is waited for 200 ms or 1024
 * packets at most, then given up: the numbers that are missing in what comes out are the losses. One for each track and run.
 */
export class ReorderBuffer {
  readonly #clock: Clock;
  readonly #emit: (packet: Buffer) => void;
  /** By sequence number, in the order of arrival. */
  readonly #held = new Map<number, HeldPacket>();
  #expected: number | undefined;
  #ssrc = 0;
  #cancelWait: CancelTimer | undefined;
  /** A packet with a number out of all order; believed when its successor follows (RFC 3550 appendix A.1). */
  #suspect: { sequence: number; packet: Buffer } | undefined;

  constructor(clock: Clock, emit: (packet: Buffer) => void) {
    this.#clock = clock;
    this.#emit = emit;
  }

  /** Takes the next datagram as it came; what is no RTP packet is left out. */
  push(packet: Buffer): void {
    if (packet.length < FIXED_BYTES || (packet[0] ?? 0) >> 6 !== 2) return;
    const sequence = packet.readUInt16BE(2);
    const ssrc = packet.readUInt32BE(8);
    if (this.#expected === undefined || ssrc !== this.#ssrc) this.#restart(ssrc, sequence);
    const ahead = (sequence - (this.#expected ?? sequence)) & 0xffff;
    if (ahead >= 0x10000 - LATE_WINDOW) return;
    if (ahead > JUMP) {
      this.#consider(sequence, packet);
      return;
    }
    this.#suspect = undefined;
    if (ahead === 0) this.#release(sequence, packet);
    else this.#hold(sequence, packet);
  }

  /** Forgets what is held; nothing is emitted any more until the next push. */
  close(): void {
    this.#cancelWait?.();
    this.#cancelWait = undefined;
    this.#held.clear();
  }

  #restart(ssrc: number, sequence: number): void {
    while (this.#held.size > 0) this.#giveUpGap();
    this.#ssrc = ssrc;
    this.#expected = sequence;
    this.#suspect = undefined;
  }

  #consider(sequence: number, packet: Buffer): void {
    const before = this.#suspect;
    this.#suspect = { sequence, packet };
    if (!before || ((before.sequence + 1) & 0xffff) !== sequence) return;
    this.#restart(this.#ssrc, before.sequence);
    this.#release(before.sequence, before.packet);
    this.#release(sequence, packet);
  }

  #hold(sequence: number, packet: Buffer): void {
    if (!this.#held.has(sequence)) this.#held.set(sequence, { packet, atMs: this.#clock.monotonicMs() });
    if (this.#held.size >= MAX_HELD) this.#giveUpGap();
    this.#wait();
  }

  /** Hands on a packet whose turn it is, and those that waited for it alone. */
  #release(sequence: number, packet: Buffer): void {
    let next = (sequence + 1) & 0xffff;
    this.#expected = next;
    this.#emit(packet);
    if (this.#held.size === 0) return;
    for (let held = this.#held.get(next); held; held = this.#held.get(next)) {
      this.#held.delete(next);
      next = (next + 1) & 0xffff;
      this.#expected = next;
      this.#emit(held.packet);
    }
    this.#wait();
  }

  /** Goes on behind the first gap. */
  #giveUpGap(): void {
    const expected = this.#expected ?? 0;
    let nearest = 0x10000;
    for (const sequence of this.#held.keys()) {
      nearest = Math.min(nearest, (sequence - expected) & 0xffff);
    }
    const sequence = (expected + nearest) & 0xffff;
    const held = this.#held.get(sequence);
    if (!held) return;
    this.#held.delete(sequence);
    this.#release(sequence, held.packet);
  }

  /** Sees to it that nothing waits longer than it may: the packet that came first of those held sets the time. */
  #wait(): void {
    const oldest = this.#first();
    if (!oldest) {
      this.#cancelWait?.();
      this.#cancelWait = undefined;
    } else if (!this.#cancelWait) {
      const leftMs = oldest.atMs + MAX_WAIT_MS - this.#clock.monotonicMs();
      this.#cancelWait = this.#clock.after(leftMs, () => this.#onWaitOver());
    }
  }

  #onWaitOver(): void {
    this.#cancelWait = undefined;
    const dueMs = this.#clock.monotonicMs() - MAX_WAIT_MS;
    for (let oldest = this.#first(); oldest && oldest.atMs <= dueMs; oldest = this.#first())
      this.#giveUpGap();
    this.#wait();
  }

  #first(): HeldPacket | undefined {
    return this.#held.values().next().value;
  }
}
