import { createHash } from 'node:crypto';

/** A message of a lane (one camera's snapshots, or its events) by what it says. */
export interface LaneMessage {
  /** What makes it this message and no other: the same in a repetition. */
  id: string;
  /** The whole payload: a repetition is the same to the byte. */
  payload: Uint8Array;
  /** Its own place in the chain, and the place that it says comes before it; null: the lane has no chain. */
  link: { own: string; before: string } | null;
  /** RFC 3339 time that does not go back from one message to the next. */
  time: string;
}

/** What a message is to its lane. */
export type LaneVerdict =
  | { kind: 'new' }
  | { kind: 'again' }
  | { kind: 'duplicate' | 'order' | 'missing'; message: string };

/** Repetitions are known this far back: more than any client may have under way. */
const REMEMBERED = 1000;

/**
 * Follows one lane: each message once, in order, without a gap; a repetition (QoS 1) is the same to the byte. What came before
 * the first message is not judged.
 */
export class LaneWatch {
  readonly #digests = new Map<string, string>();
  #newest: LaneMessage | undefined;

  take(message: LaneMessage): LaneVerdict {
    const digest = createHash('sha256').update(message.payload).digest('base64');
    const known = this.#digests.get(message.id);
    if (known === digest) return { kind: 'again' };
    if (known !== undefined)
      return { kind: 'duplicate', message: `${message.id} came again with other contents` };
    const before = this.#newest;
    this.#newest = message;
    this.#digests.set(message.id, digest);
    if (this.#digests.size > REMEMBERED) this.#digests.delete(this.#digests.keys().next().value ?? '');
    return before ? this.#judge(before, message) : { kind: 'new' };
  }

  #judge(before: LaneMessage, message: LaneMessage): LaneVerdict {
    if (message.time < before.time)
      return { kind: 'order', message: `${message.id} of ${message.time} came after ${before.time}` };
    if (message.link !== null && before.link !== null && message.link.before !== before.link.own)
      return {
        kind: 'missing',
        message: `what lies between ${before.id} and ${message.id} has not come: it follows ${message.link.before}, not ${before.link.own}`,
      };
    return { kind: 'new' };
  }
}
