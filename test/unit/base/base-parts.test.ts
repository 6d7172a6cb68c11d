import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { Backoff } from '../../../gateway/base/backoff.ts';
import { delay } from '../../../gateway/base/clock.ts';
import { Emitter } from '../../../gateway/base/emitter.ts';
import { errorCodes } from '../../../gateway/base/error-codes.ts';
import { ErrorTally } from '../../../gateway/base/error-tally.ts';
import { newId } from '../../../gateway/base/new-id.ts';
import { FakeClock } from '../../support/fake-clock.ts';

describe('Backoff', () => {
  it('doubles up to its limit, spreads by its jitter and starts over after a success', () => {
    const backoff = new Backoff({ firstMs: 1000, maxMs: 6000, jitter: 0.5, random: () => 0.75 });
    expect([backoff.nextMs(), backoff.nextMs(), backoff.nextMs(), backoff.nextMs()]).toEqual([
      1250, 2500, 5000, 7500,
    ]);
    expect(backoff.tries).toBe(4);
    backoff.reset();
    expect(backoff.nextMs()).toBe(1250);
  });
});

describe('ErrorTally', () => {
  it('reports the first fault at once and the rest as one count a period', async () => {
    const clock = new FakeClock();
    const lines: string[] = [];
    const tally = new ErrorTally(
      clock,
      (key, count, message) => lines.push(`${key} ${count} ${message}`),
      1000,
    );
    for (let n = 0; n < 500; n += 1) tally.add('cam_1', `bad ${n}`);
    tally.add('cam_2', 'other');
    expect(lines).toEqual(['cam_1 1 bad 0', 'cam_2 1 other']);
    await clock.advance(1000);
    expect(lines.slice(2)).toEqual(['cam_1 499 bad 499']);
    await clock.advance(5000);
    tally.add('cam_1', 'again');
    expect(lines.slice(3)).toEqual(['cam_1 1 again']);
  });
});

describe('Emitter', () => {
  it('goes on to the other listeners when one throws', () => {
    const faults: unknown[] = [];
    const heard: number[] = [];
    const emitter = new Emitter<number>((error) => faults.push(error));
    emitter.subscribe(() => {
      throw new Error('mine');
    });
    const stop = emitter.subscribe((event) => heard.push(event));
    emitter.emit(1);
    stop();
    emitter.emit(2);
    expect(heard).toEqual([1]);
    expect(faults).toHaveLength(2);
  });
});

describe('delay', () => {
  it('ends with the clock, or at once when it is aborted', async () => {
    const clock = new FakeClock();
    let done = 0;
    const first = delay(clock, 1000).then(() => (done += 1));
    await clock.advance(1000);
    await first;
    const abort = new AbortController();
    const second = delay(clock, 1_000_000, abort.signal).then(() => (done += 1));
    abort.abort();
    await second;
    expect(done).toBe(2);
  });
});

describe('error codes', () => {
  it('are all in ERRORS.md, and nothing else is', async () => {
    const text = await readFile(new URL('../../../gateway/base/ERRORS.md', import.meta.url), 'utf8');
    const documented = Array.from(text.matchAll(/^\| `([a-z-]+)` \| (.+) \|$/gm), ([, code, meaning]) => [
      code,
      meaning,
    ]);
    expect(documented).toEqual(Object.entries(errorCodes));
  });
});

describe('newId', () => {
  it('gives ids of one form that do not repeat', () => {
    const ids = new Set(Array.from({ length: 10_000 }, () => newId('cam')));
    expect(ids.size).toBe(10_000);
    for (const id of ids) expect(id).toMatch(/^cam_[0-9a-z]{12}$/);
  });
});
