import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { Clock } from '../base/clock.ts';
import { pictureEnvironment } from './picture-environment.ts';

/** One run of FFmpeg from standard input to standard output. */
export interface FfmpegRun {
  path: string;
  arguments: readonly string[];
  input: readonly Uint8Array[];
  clock: Clock;
  deadlineMs: number;
  maxOutputBytes: number;
  signal?: AbortSignal;
}

/** How a run ended; `stderr` is the last 2 KiB of what FFmpeg said. */
export type FfmpegEnd =
  | { ok: true; stdout: Buffer; stderr: string }
  | { ok: false; reason: 'spawn' | 'exit' | 'deadline' | 'too-large' | 'aborted'; stderr: string };

const STDERR_TAIL_BYTES = 2048;

type KillReason = 'deadline' | 'too-large' | 'aborted';

/** Runs FFmpeg once and waits for its end; on deadline, abort or too much output the child is killed (SIGKILL). */
export async function runFfmpeg(run: FfmpegRun): Promise<FfmpegEnd> {
  if (run.signal?.aborted) return { ok: false, reason: 'aborted', stderr: '' };
  const child = spawn(run.path, run.arguments, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: pictureEnvironment,
    cwd: '/',
  });
  let killedFor: KillReason | undefined;
  const kill = (reason: KillReason): void => {
    killedFor ??= reason;
    child.kill('SIGKILL');
  };
  const cancelDeadline = run.clock.after(run.deadlineMs, () => kill('deadline'));
  const onAbort = (): void => kill('aborted');
  run.signal?.addEventListener('abort', onAbort, { once: true });
  const output = collect(child.stdout, run.maxOutputBytes, () => kill('too-large'));
  const errors = tailOf(child.stderr);
  feed(child.stdin, run.input);
  const end = await endOf(child);
  cancelDeadline();
  run.signal?.removeEventListener('abort', onAbort);
  if (end.spawnFault !== undefined) return { ok: false, reason: 'spawn', stderr: end.spawnFault };
  if (killedFor) return { ok: false, reason: killedFor, stderr: errors() };
  if (end.exitCode !== 0) return { ok: false, reason: 'exit', stderr: errors() };
  return { ok: true, stdout: output(), stderr: errors() };
}

function endOf(child: ChildProcess): Promise<{ exitCode: number | null; spawnFault?: string }> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ exitCode: null, spawnFault: error.message }));
    child.once('close', (exitCode) => resolve({ exitCode }));
  });
}

function collect(stream: Readable, mostBytes: number, onTooMuch: () => void): () => Buffer {
  const chunks: Buffer[] = [];
  let byteLength = 0;
  stream.on('data', (chunk: Buffer) => {
    byteLength += chunk.byteLength;
    if (byteLength > mostBytes) onTooMuch();
    else chunks.push(chunk);
  });
  return () => Buffer.concat(chunks);
}

function tailOf(stream: Readable): () => string {
  let tail = '';
  stream.on('data', (chunk: Buffer) => {
    tail = (tail + chunk.toString('utf8')).slice(-STDERR_TAIL_BYTES);
  });
  return () => tail;
}

/** Writes the input; FFmpeg may close its end early (EPIPE), which its exit code tells better. */
function feed(stdin: Writable, input: readonly Uint8Array[]): void {
  stdin.on('error', () => undefined);
  for (const bytes of input) stdin.write(bytes);
  stdin.end();
}
