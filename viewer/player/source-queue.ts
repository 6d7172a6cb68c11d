/** Something to do to the source buffer, in order. */
type Step =
  | { do: 'append'; bytes: Uint8Array<ArrayBuffer> }
  | { do: 'change'; mime: string }
  | { do: 'clear' };

/** Why the queue gave up. */
export type QueueFault = 'overflow' | 'decode';

const MOST_WAITING_BYTES = 12_000_000;
const KEEP_BEHIND_SEC = 8;
const TRIM_AT_SEC = 20;

/** Hands steps to a SourceBuffer one at a time, trims what was played, and never holds more than 12 MB. */
export class SourceQueue {
  readonly #buffer: SourceBuffer;
  readonly #video: HTMLVideoElement;
  readonly #onFault: (fault: QueueFault) => void;
  readonly #steps: Step[] = [];
  #waitingBytes = 0;
  #closed = false;

  constructor(buffer: SourceBuffer, video: HTMLVideoElement, onFault: (fault: QueueFault) => void) {
    this.#buffer = buffer;
    this.#video = video;
    this.#onFault = onFault;
  }

  start(): void {
    this.#buffer.mode = 'segments';
    this.#buffer.addEventListener('updateend', this.#pump);
  }

  stop(): void {
    this.#closed = true;
    this.#steps.length = 0;
    this.#buffer.removeEventListener('updateend', this.#pump);
  }

  append(bytes: Uint8Array<ArrayBuffer>): void {
    this.#waitingBytes += bytes.byteLength;
    if (this.#waitingBytes > MOST_WAITING_BYTES) return this.#onFault('overflow');
    this.#add({ do: 'append', bytes });
  }

  /** The stream begins anew, perhaps in another format: forget what is buffered. */
  restart(mime: string): void {
    this.#add({ do: 'clear' });
    this.#add({ do: 'change', mime });
  }

  #add(step: Step): void {
    this.#steps.push(step);
    this.#pump();
  }

  readonly #pump = (): void => {
    while (!this.#closed && !this.#buffer.updating) {
      if (this.#trim()) return;
      const step = this.#steps.shift();
      if (step === undefined) return;
      try {
        this.#run(step);
      } catch (error) {
        this.#failed(step, error);
        return;
      }
    }
  };

  #run(step: Step): void {
    if (step.do === 'append') {
      this.#waitingBytes -= step.bytes.byteLength;
      this.#buffer.appendBuffer(step.bytes);
    } else if (step.do === 'change') {
      this.#buffer.changeType(step.mime);
    } else if (this.#buffer.buffered.length > 0) {
      this.#buffer.remove(0, Infinity);
    }
  }

  #failed(step: Step, error: unknown): void {
    const full = error instanceof DOMException && error.name === 'QuotaExceededError';
    const playedSec = this.#video.currentTime - 1;
    if (!full || step.do !== 'append' || playedSec <= 0) return this.#onFault(full ? 'overflow' : 'decode');
    this.#waitingBytes += step.bytes.byteLength;
    this.#steps.unshift(step);
    this.#buffer.remove(0, playedSec);
  }

  /** Removes what lies far behind the picture; true when a removal began. */
  #trim(): boolean {
    const { buffered } = this.#buffer;
    if (buffered.length === 0) return false;
    const behindSec = this.#video.currentTime - buffered.start(0);
    if (behindSec < TRIM_AT_SEC) return false;
    this.#buffer.remove(0, this.#video.currentTime - KEEP_BEHIND_SEC);
    return true;
  }
}
