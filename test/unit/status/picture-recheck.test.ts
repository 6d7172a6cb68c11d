import { expect, it } from 'vitest';
import { PictureRecheck } from '../../../gateway/status/picture-recheck.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const MINUTE_MS = 60_000;

function bench() {
  const clock = new FakeClock();
  const startMs = clock.monotonicMs();
  const takenAtSec: number[] = [];
  const made = { clock, takenAtSec, showsFault: false, recheck: new PictureRecheck({ clock, take }) };
  async function take(cameraId: string): Promise<void> {
    takenAtSec.push((clock.monotonicMs() - startMs) / 1000);
    if (made.showsFault) made.recheck.after(cameraId, 'recheck');
  }
  return made;
}

it('takes one picture for a suspicion, and none for ten minutes after one that did not come true', async () => {
  const { clock, recheck, takenAtSec } = bench();
  recheck.after('a', 'confirm');
  await clock.advance(30_000);
  recheck.after('a', 'none');
  await clock.advance(MINUTE_MS);
  recheck.after('a', 'confirm');
  await clock.advance(5 * MINUTE_MS);
  recheck.after('b', 'confirm');
  await clock.advance(5 * MINUTE_MS);
  recheck.after('a', 'confirm');
  await clock.advance(MINUTE_MS);
  expect(takenAtSec).toEqual([30, 420, 720]);
});

it('looks whether a fault is over after 10, 20, 40 and then each 60 minutes, whether a picture comes or not', async () => {
  const made = bench();
  made.showsFault = true;
  const { clock, recheck, takenAtSec } = made;
  recheck.after('a', 'recheck');
  await clock.advance(130 * MINUTE_MS);
  made.showsFault = false;
  await clock.advance(60 * MINUTE_MS);
  expect(takenAtSec.map((sec) => sec / 60)).toEqual([10, 30, 70, 130, 190]);
  recheck.forget('a');
  await clock.advance(120 * MINUTE_MS);
  expect(takenAtSec).toHaveLength(5);
});
