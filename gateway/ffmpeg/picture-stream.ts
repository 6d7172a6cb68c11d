import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { Clock } from '../base/clock.ts';
import { matroskaPacket } from './matroska-packets.ts';
import { oneJpeg } from './one-jpeg.ts';
import { pictureEnvironment } from './picture-environment.ts';
import { readNotes } from './picture-notes.ts';

export interface PictureStreamOptions {
  clock: Clock;
  path: string;
  arguments: readonly string[];
  /** What the input begins with. */
  head: Uint8Array;
  /** Decoded after each picture and dropped: see `wipingPicture`. */
  wiper: Uint8Array;
  mostOutputBytes: number;
}

/** The one picture that is being decoded. */
interface Turn {
  atMs: number;
  jpeg: Buffer[];
  byteLength: number;
  /** What FFmpeg has said meanwhile. */
  said: string;
  settle: (jpeg: Buffer | undefined) => void;
}

/** Pictures stand at even seconds, wipers at odd ones; `pictureStreamArguments` rely on it. */
const PICTURE_MS = 2000;
const WIPER_MS = 1000;
const MOST_SAID = 1024;
const JPEG_LAST_BYTE = 0xd9;

/**
 * One FFmpeg that decodes one picture after the other. A picture counts only when FFmpeg gave exactly one JPEG, told
 * exactly of this picture and of the wiper behind it, in this order, and said nothing else: then nothing of it is left
 * inside. Anything else ends the process (SIGKILL), and what came is thrown away.
 */
export class PictureStream {
  readonly #options: PictureStreamOptions;
  #child: ChildProcessByStdio<Writable, Readable, Readable> | undefined;
  #turn: Turn | undefined;
  #taken = 0;
  #ended = false;

  constructor(options: PictureStreamOptions) {
    this.#options = options;
  }

  start(): void {
    const { path, arguments: args, head } = this.#options;
    const child = spawn(path, args, { stdio: ['pipe', 'pipe', 'pipe'], env: pictureEnvironment, cwd: '/' });
    this.#child = child;
    child.once('error', () => this.stop());
    child.once('close', () => this.stop());
    // FFmpeg may close its end early (EPIPE), which its end tells better.
    child.stdin.on('error', () => undefined);
    child.stdout.on('data', (bytes: Buffer) => this.#onOutput(bytes));
    child.stderr.on('data', (bytes: Buffer) => this.#onSaid(bytes.toString('latin1')));
    child.stdin.write(head);
  }

  /** True once it is of no use any more. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Pictures that it has given so far. */
  get taken(): number {
    return this.#taken;
  }

  /** One picture (Annex B, with its parameter sets) as a JPEG; undefined when it has ended over it. One at a time. */
  async decode(unit: readonly Uint8Array[], deadlineMs: number): Promise<Buffer | undefined> {
    const child = this.#child;
    if (this.#ended || !child) return undefined;
    if (this.#turn) return this.stop();
    const cancel = this.#options.clock.after(deadlineMs, () => this.stop());
    const jpeg = await new Promise<Buffer | undefined>((settle) => {
      const atMs = (this.#taken + 1) * PICTURE_MS;
      this.#turn = { atMs, jpeg: [], byteLength: 0, said: '', settle };
      child.stdin.cork();
      const packets = [matroskaPacket(atMs, unit), matroskaPacket(atMs + WIPER_MS, [this.#options.wiper])];
      for (const part of packets.flat()) child.stdin.write(part);
      child.stdin.uncork();
    });
    cancel();
    return jpeg;
  }

  /** Kills it; a picture in progress is given up. */
  stop(): undefined {
    this.#ended = true;
    this.#child?.kill('SIGKILL');
    const turn = this.#turn;
    this.#turn = undefined;
    turn?.settle(undefined);
  }

  #onOutput(bytes: Buffer): void {
    const turn = this.#turn;
    if (!turn) return this.stop();
    turn.jpeg.push(bytes);
    turn.byteLength += bytes.byteLength;
    if (turn.byteLength > this.#options.mostOutputBytes) return this.stop();
    this.#look(turn);
  }

  #onSaid(text: string): void {
    const turn = this.#turn;
    if (!turn || turn.said.length > MOST_SAID) return this.stop();
    turn.said += text;
    this.#look(turn);
  }

  /** Ends the turn when picture and notes are there, and the process when they cannot become what they must be. */
  #look(turn: Turn): void {
    const state = stateOf(turn);
    if (state === 'other') return this.stop();
    if (state === 'part') return;
    // What FFmpeg wrote before is in the pipes by now: two rounds of the event loop read both to their end.
    setImmediate(() => setImmediate(() => this.#end(turn)));
  }

  #end(turn: Turn): void {
    if (this.#turn !== turn) return;
    const [jpeg] = turn.jpeg;
    if (!jpeg || stateOf(turn) !== 'whole') return this.stop();
    this.#turn = undefined;
    this.#taken += 1;
    turn.settle(jpeg);
  }
}

/** `whole`: one JPEG and the notes of picture and wiper, and not a byte more. */
function stateOf(turn: Turn): 'whole' | 'part' | 'other' {
  const states = [jpegState(turn), readNotes(turn.said, [turn.atMs, turn.atMs + WIPER_MS])];
  if (states.includes('other')) return 'other';
  return states.includes('part') ? 'part' : 'whole';
}

/** Puts the pieces together only when the last one can be the end. */
function jpegState(turn: Turn): 'whole' | 'part' | 'other' {
  if (turn.jpeg.at(-1)?.at(-1) !== JPEG_LAST_BYTE) return 'part';
  if (turn.jpeg.length > 1) turn.jpeg = [Buffer.concat(turn.jpeg)];
  return oneJpeg(turn.jpeg[0] ?? Buffer.alloc(0));
}
