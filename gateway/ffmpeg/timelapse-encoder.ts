import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import type { Clock } from '../base/clock.ts';
import { timelapseArguments } from './timelapse-arguments.ts';
import type { TimelapseFormat } from './timelapse-arguments.ts';

/** One film: frames of width × height × 3 bytes (RGB), made one at a time as FFmpeg takes them. */
export interface TimelapseRun {
  path: string;
  /** Absolute; FFmpeg writes TIMELAPSE_FILE there. */
  folder: string;
  format: TimelapseFormat;
  frames: AsyncIterable<Uint8Array>;
  clock: Clock;
  signal: AbortSignal;
}

/** How it ended; `stderr` is the last 2 KiB of what FFmpeg said. What `frames` throws is thrown on. */
export type TimelapseEnd =
  | { ok: true }
  | { ok: false; reason: 'spawn' | 'exit' | 'stalled' | 'aborted'; stderr: string };

/** A frame takes far less; after the last one the whole file is rewritten. */
const STALL_MS = 180_000;
const STDERR_TAIL_CHARACTERS = 2048;

/** Encodes a film with less priority than live pictures; kills the child (SIGKILL) when aborted or stuck. */
export async function encodeTimelapse(run: TimelapseRun): Promise<TimelapseEnd> {
  if (run.signal.aborted) return { ok: false, reason: 'aborted', stderr: '' };
  const child = spawn(run.path, timelapseArguments(run.format), {
    stdio: ['pipe', 'ignore', 'pipe'],
    env: { LC_ALL: 'C' },
    cwd: run.folder,
  });
  const ending = endOf(child);
  const errors = tailOf(child.stderr);
  lowerPriority(child);
  let killedFor: 'stalled' | 'aborted' | undefined;
  const kill = (reason: 'stalled' | 'aborted'): void => {
    killedFor ??= reason;
    child.kill('SIGKILL');
  };
  const stall = new StallTimer(run.clock, () => kill('stalled'));
  const onAbort = (): void => kill('aborted');
  run.signal.addEventListener('abort', onAbort, { once: true });
  let fault: FrameFault | undefined;
  try {
    await pipeline(watched(run.frames, stall), child.stdin);
  } catch (error) {
    // Anything else is FFmpeg closing its end, which its exit code tells better.
    if (error instanceof FrameFault) {
      fault = error;
      child.kill('SIGKILL');
    }
  }
  stall.touch();
  const end = await ending;
  stall.stop();
  run.signal.removeEventListener('abort', onAbort);
  if (killedFor) return { ok: false, reason: killedFor, stderr: errors() };
  if (fault) throw fault.cause;
  if (end.spawnFault !== undefined) return { ok: false, reason: 'spawn', stderr: end.spawnFault };
  return end.exitCode === 0 ? { ok: true } : { ok: false, reason: 'exit', stderr: errors() };
}

/** What went wrong while a frame was made, apart from what went wrong in FFmpeg. */
class FrameFault extends Error {
  constructor(cause: unknown) {
    super('a frame could not be made', { cause });
  }
}

async function* watched(frames: AsyncIterable<Uint8Array>, stall: StallTimer): AsyncGenerator<Uint8Array> {
  try {
    for await (const frame of frames) {
      yield frame;
      stall.touch();
    }
  } catch (error) {
    throw new FrameFault(error);
  }
}

/** Calls `onStall` once nothing has moved for STALL_MS; begins at once. */
class StallTimer {
  readonly #clock: Clock;
  readonly #onStall: () => void;
  #cancel: () => void;

  constructor(clock: Clock, onStall: () => void) {
    this.#clock = clock;
    this.#onStall = onStall;
    this.#cancel = clock.after(STALL_MS, onStall);
  }

  touch(): void {
    this.#cancel();
    this.#cancel = this.#clock.after(STALL_MS, this.#onStall);
  }

  stop(): void {
    this.#cancel();
  }
}

function endOf(child: ChildProcess): Promise<{ exitCode: number | null; spawnFault?: string }> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ exitCode: null, spawnFault: error.message }));
    child.once('close', (exitCode) => resolve({ exitCode }));
  });
}

function tailOf(stream: Readable): () => string {
  let tail = '';
  stream.on('data', (chunk: Buffer) => {
    tail = (tail + chunk.toString('utf8')).slice(-STDERR_TAIL_CHARACTERS);
  });
  return () => tail;
}

/** Live pictures go first. */
function lowerPriority(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It has ended already, which its exit code tells.
  }
}
