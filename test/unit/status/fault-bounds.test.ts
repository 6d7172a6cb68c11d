import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../gateway/base/database.ts';
import type { Database } from '../../../gateway/base/database.ts';
import { silentLogger } from '../../../gateway/base/logger.ts';
import { migrate } from '../../../gateway/base/migrations.ts';
import type { LightChange } from '../../../gateway/contract/health.ts';
import { pictureFaults } from '../../../gateway/status/condition-rules.ts';
import { GatewaySessions } from '../../../gateway/status/gateway-sessions.ts';
import type { HealthBoard } from '../../../gateway/status/health-board.ts';
import { statusMigrations } from '../../../gateway/status/status-migrations.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeFeeds } from './fake-feeds.ts';
import type { Flow } from './fake-feeds.ts';
import { StatusSite, camera, snapshotOf, stagedBoard } from './status-site.ts';

/** Each fault comes and goes this often; the documented bounds hold each time. */
const ROUNDS = process.env['GANTRY_SOAK'] ? 20 : 3;

let clock: FakeClock;
let feeds: FakeFeeds;
let site: StatusSite;
let database: Database;
let sessions: GatewaySessions;
let board: HealthBoard;
let changes: LightChange[];

async function startBoard(): Promise<void> {
  sessions = new GatewaySessions({ database, clock, logger: silentLogger });
  const session = await sessions.start();
  board = stagedBoard({ clock, feeds, site, database, sessions, session });
  changes = [];
  board.onLightChange((change) => changes.push(change));
  await board.start();
}

beforeEach(async () => {
  clock = new FakeClock();
  feeds = new FakeFeeds();
  site = new StatusSite();
  database = openDatabase('sqlite::memory:');
  await migrate(database, statusMigrations);
  site.cameras.push({ ...camera('a', ['main']), hasOnvif: true });
  site.drifts.set('a', 0);
  await startBoard();
});

afterEach(async () => {
  await board.stop();
  await sessions.stop();
  await database.destroy();
});

const fine: Flow = { frames: 25, packets: 300 };
const reasons = () => board.health('a')?.reasons.map(({ code }) => code);

/** Someone watches. */
function watch(): void {
  feeds.subscribe('a', 'main', { onTracks: () => undefined, onSample: () => undefined });
  feeds.runs('a', 'main', clock.now());
}

/** Seconds until the reasons are these, a stream flowing meanwhile; fails after `withinSec`. */
async function until(wanted: string[], withinSec: number, flow: (second: number) => Flow = () => fine) {
  for (let second = 0; second <= withinSec; second += 1) {
    if (JSON.stringify(reasons()) === JSON.stringify(wanted)) return second;
    feeds.flows('a', 'main', flow(second));
    await clock.advance(1000);
  }
  throw new Error(`still ${reasons()?.join()} after ${withinSec} s, wanted ${wanted.join() || 'none'}`);
}

async function pass(sec: number, flow: Flow): Promise<void> {
  for (let second = 0; second < sec; second += 1) {
    feeds.flows('a', 'main', flow);
    await clock.advance(1000);
  }
}

const steady = (flow: Flow) => () => flow;

describe(`a fault that comes and goes ${ROUNDS} times is told within its bound, and each time as one change each way`, () => {
  afterEach(async () => {
    // What is told is on disk first.
    await clock.advance(1000);
    const told = changes.slice(1).map(({ from, to }) => `${from} ${to}`);
    const [down, up] = [told[0], told[1]];
    expect(told).toHaveLength(ROUNDS * 2);
    expect(new Set(told)).toEqual(new Set([down, up]));
  });

  it.each([
    ['low-fps', steady({ frames: 8, packets: 100 }), 40, 35],
    ['packet-loss', steady({ frames: 9, packets: 285, lost: 15 }), 45, 45],
    ['packet-loss', steady({ frames: 24, packets: 295, lost: 5 }), 45, 45],
  ] as const)('%s of a stream that runs', async (code, bad, downSec, upSec) => {
    watch();
    for (let round = 0; round < ROUNDS; round += 1) {
      await until([], 60);
      await pass(30, fine);
      await until([code], downSec, bad);
      await until([], upSec);
    }
  });

  it('a clock that is off: with the interval and half a minute, back within five minutes', async () => {
    watch();
    for (let round = 0; round < ROUNDS; round += 1) {
      await until([], 60);
      site.drifts.set('a', 900);
      await until(['clock-drift'], 3600 + 32);
      expect(board.health('a')?.clockDriftSec).toBe(900);
      site.drifts.set('a', 1);
      await until([], 302);
    }
  });

  it.each(pictureFaults)(
    '%s: with the second picture, which is asked for after 30 s, and back with the next fine one',
    async (code) => {
      watch();
      for (let round = 0; round < ROUNDS; round += 1) {
        await until([], 60);
        site.extra.length = 0;
        site.takenNews.emit(snapshotOf('a', clock.now(), code));
        await clock.advance(29_000);
        expect([reasons(), site.extra]).toEqual([[], []]);
        await clock.advance(2000);
        expect(site.extra).toEqual(['a']);
        site.takenNews.emit(snapshotOf('a', clock.now(), code));
        expect(reasons()).toEqual([code]);
        await clock.advance(601_000);
        expect(site.extra).toHaveLength(2);
        site.takenNews.emit(snapshotOf('a', clock.now()));
        expect(reasons()).toEqual([]);
      }
    },
  );

  it('a camera that is off: 10 s after the first failed try, and back with its first frame', async () => {
    watch();
    for (let round = 0; round < ROUNDS; round += 1) {
      await until([], 60);
      feeds.fails('a', 'main', 'unreachable');
      await until(['unreachable'], 11);
      feeds.runs('a', 'main', clock.now());
      expect(reasons()).toEqual([]);
    }
  });

  it.each(['no-frames', 'auth-failed', 'unsupported-codec'] as const)('%s: at once', async (code) => {
    watch();
    for (let round = 0; round < ROUNDS; round += 1) {
      await until([], 60);
      feeds.fails('a', 'main', code);
      expect(reasons()).toEqual([code]);
      feeds.runs('a', 'main', clock.now());
      expect(reasons()).toEqual([]);
    }
  });
});

describe('a healthy site with all its noise', () => {
  it('changes no light in two hours', async () => {
    watch();
    let seed = 7;
    const random = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
    await clock.advance(1000);
    const before = changes.length;
    for (let second = 0; second < 7200; second += 1) {
      // A rate that wavers, a burst of losses now and then, a short stall each ten minutes.
      const stalls = second % 600 < 4;
      const burst = random() < 0.01 ? 12 : 0;
      const frames = stalls ? 0 : 19 + Math.floor(random() * 8);
      feeds.flows('a', 'main', { frames, packets: frames * 12, lost: burst });
      if (second % 400 === 200) feeds.fails('a', 'main', 'unreachable');
      if (second % 400 === 206) feeds.runs('a', 'main', clock.now());
      // A lorry before the lens, a gust of dust: one bad picture at a time.
      if (second % 900 === 450)
        site.takenNews.emit(snapshotOf('a', clock.now(), second % 1800 < 900 ? 'covered' : 'blurred'));
      if (site.extra.length > 0) site.takenNews.emit(snapshotOf('a', clock.now()));
      site.extra.length = 0;
      if (second % 300 === 0) site.drifts.set('a', Math.round(random() * 8) - 4);
      await clock.advance(1000);
    }
    expect(changes.slice(before)).toEqual([]);
    expect(board.health('a')).toMatchObject({ light: 'green', uptime24h: 1, uptime30d: 1 });
  });
});

describe('an idle camera', () => {
  it('is watched for twelve seconds an hour, and longer and more often while its stream is bad', async () => {
    let seconds = 0;
    let watched = 0;
    const passIdle = async (sec: number, flow: Flow) => {
      for (const end = seconds + sec; seconds < end; seconds += 1) {
        const status = feeds.status('a', 'main');
        if (status.state === 'connecting') feeds.runs('a', 'main', clock.now());
        watched += status.state === 'running' ? 1 : 0;
        feeds.flows('a', 'main', flow);
        await clock.advance(1000);
      }
    };
    await passIdle(7200, fine);
    expect(watched).toBeGreaterThanOrEqual(20);
    expect(watched).toBeLessThan(80);
    await passIdle(5400, { frames: 6, packets: 80 });
    expect(reasons()).toEqual(['low-fps']);
    await passIdle(1500, fine);
    expect(reasons()).toEqual([]);
    const { probes } = board.health('a') ?? {};
    expect(probes?.count).toBeGreaterThan(40);
    expect(probes?.bytes).toBe(board.probeBytes());
  });

  it('has its clock read from its sender reports where it has no ONVIF', async () => {
    site.cameras.push(camera('b', ['main']));
    site.news.emit({ kind: 'added', camera: camera('b', ['main']) });
    await clock.advance(1000);
    feeds.subscribe('b', 'main', { onTracks: () => undefined, onSample: () => undefined });
    feeds.runs('b', 'main', clock.now());
    for (let second = 0; second < 70; second += 1) {
      feeds.flows('b', 'main', { ...fine, aheadMs: -3_600_000 });
      await clock.advance(1000);
    }
    expect(board.health('b')).toMatchObject({ light: 'yellow', clockDriftSec: -3600 });
  });
});

describe('a restart', () => {
  it('tells no change of a condition that goes on, and keeps its since', async () => {
    watch();
    site.takenNews.emit(snapshotOf('a', clock.now(), 'covered'));
    site.last = snapshotOf('a', clock.now(), 'covered');
    site.takenNews.emit(site.last);
    await clock.advance(1000);
    const before = board.health('a');
    expect(before?.reasons.map(({ code }) => code)).toEqual(['covered']);
    await board.stop();
    await sessions.stop();
    await clock.advance(60_000);
    feeds = new FakeFeeds();
    await startBoard();
    watch();
    await clock.advance(5000);
    expect(changes).toEqual([]);
    expect(board.health('a')).toMatchObject({
      light: 'yellow',
      since: before?.since,
      reasons: before?.reasons,
    });
  });
});
