import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../gateway/base/database.ts';
import type { Database } from '../../../gateway/base/database.ts';
import { toRfc3339 } from '../../../gateway/base/clock.ts';
import { silentLogger } from '../../../gateway/base/logger.ts';
import { migrate } from '../../../gateway/base/migrations.ts';
import { cameraHealth, healthOverview, lightChange } from '../../../gateway/contract/health.ts';
import type { CameraHealth, LightChange } from '../../../gateway/contract/health.ts';
import { GatewaySessions } from '../../../gateway/status/gateway-sessions.ts';
import type { HealthBoard } from '../../../gateway/status/health-board.ts';
import { LightChangeStore } from '../../../gateway/status/light-change-store.ts';
import { statusMigrations } from '../../../gateway/status/status-migrations.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeFeeds } from './fake-feeds.ts';
import { StatusSite, camera, snapshotOf, stagedBoard } from './status-site.ts';

let clock: FakeClock;
let feeds: FakeFeeds;
let site: StatusSite;
let database: Database;
let board: HealthBoard;
let sessions: GatewaySessions;
let sent: CameraHealth[];
let changes: LightChange[];

async function startBoard(mode: 'onDemand' | 'always' = 'onDemand'): Promise<void> {
  sessions = new GatewaySessions({ database, clock, logger: silentLogger });
  const session = await sessions.start();
  board = stagedBoard({ clock, feeds, site, database, sessions, session, mode });
  sent = [];
  changes = [];
  board.onHealth((health) => sent.push(cameraHealth.parse(health)));
  board.onLightChange((change) => changes.push(lightChange.parse(change)));
  await board.start();
}

async function stopBoard(): Promise<void> {
  await board.stop();
  await sessions.stop();
}

beforeEach(async () => {
  clock = new FakeClock();
  feeds = new FakeFeeds();
  site = new StatusSite();
  database = openDatabase('sqlite::memory:');
  await migrate(database, statusMigrations);
});

afterEach(async () => {
  await stopBoard();
  await database.destroy();
});

describe('an idle camera', () => {
  it('is probed at once on its sub stream, found green, and let go after the key frame', async () => {
    site.cameras.push(camera('a'));
    await startBoard();
    expect(board.health('a')?.reasons.map(({ code }) => code)).toEqual(['starting']);
    expect(feeds.asked).toEqual(['a/sub']);
    feeds.runs('a', 'sub', clock.now());
    await clock.advance(10);
    expect(feeds.subscribers('a', 'sub')).toBe(0);
    expect(board.health('a')).toMatchObject({ light: 'green', network: { reachable: true, rttMs: 4 } });
    expect(changes).toMatchObject([{ cameraId: 'a', from: 'grey', to: 'green' }]);
    expect(board.probeBytes()).toBe(50_000);
    await clock.advance(360_000);
    expect(feeds.asked.length).toBe(2);
  });

  it('is probed on main when it has no sub stream, and eight at most at the same time', async () => {
    for (let index = 0; index < 12; index += 1) site.cameras.push(camera(`c${index}`, ['main']));
    await startBoard();
    expect(feeds.asked).toHaveLength(8);
    feeds.runs('c0', 'main', clock.now());
    await clock.advance(1000);
    expect(feeds.asked).toHaveLength(9);
    expect(feeds.asked.at(-1)).toBe('c8/main');
  });

  it('is tried again each 30 s while it is red, and told green as soon as frames come', async () => {
    site.cameras.push(camera('a'));
    await startBoard();
    feeds.fails('a', 'sub', 'unreachable');
    expect(board.health('a')?.light).toBe('grey');
    for (let tries = 1; tries < 4; tries += 1) feeds.fails('a', 'sub', 'unreachable');
    expect(board.health('a')).toMatchObject({ light: 'red', network: { reachable: false } });
    await clock.advance(31_000);
    expect(feeds.asked).toHaveLength(2);
    feeds.runs('a', 'sub', clock.now());
    await clock.advance(10);
    expect(changes.map(({ to }) => to)).toEqual(['red', 'green']);
    expect(sent.at(-1)?.light).toBe('green');
  });

  it('is not tried again for five minutes after it refused the password', async () => {
    site.cameras.push(camera('a'));
    await startBoard();
    feeds.fails('a', 'sub', 'auth-failed', clock.now() + 300_000);
    await clock.advance(290_000);
    expect(feeds.asked).toHaveLength(1);
    expect(board.health('a')?.reasons.map(({ code }) => code)).toEqual(['auth-failed']);
    await clock.advance(20_000);
    expect(feeds.asked).toHaveLength(2);
  });

  it('is tried at once when its address or password changes', async () => {
    site.cameras.push(camera('a'));
    await startBoard();
    feeds.fails('a', 'sub', 'auth-failed');
    await clock.advance(5000);
    site.news.emit({ kind: 'changed', camera: camera('a') });
    await clock.advance(1000);
    expect(feeds.asked).toHaveLength(2);
  });

  it('is not probed again when only its name or project changes', async () => {
    const revision = {};
    site.cameras.push({ ...camera('a'), revision });
    await startBoard();
    feeds.runs('a', 'sub', clock.now());
    await clock.advance(5000);
    site.news.emit({ kind: 'changed', camera: { ...camera('a'), name: 'Crane', revision } });
    await clock.advance(1000);
    expect(feeds.asked).toHaveLength(1);
    expect(sent.at(-1)?.name).toBe('Crane');
    site.news.emit({ kind: 'changed', camera: { ...camera('a'), name: 'Crane', revision: {} } });
    await clock.advance(1000);
    expect(feeds.asked).toHaveLength(2);
  });

  it('is left alone while disabled', async () => {
    site.cameras.push({ ...camera('a'), enabled: false });
    await startBoard();
    await clock.advance(600_000);
    expect(feeds.asked).toEqual([]);
    expect(board.totals()).toEqual({ total: 1, green: 0, yellow: 0, red: 0, grey: 1 });
  });
});

describe('messages of health', () => {
  it('come at once with a new light and at most each ten seconds with new figures', async () => {
    site.cameras.push(camera('a'));
    await startBoard();
    feeds.subscribe('a', 'main', { onTracks: () => undefined, onSample: () => undefined });
    feeds.runs('a', 'main', clock.now());
    const first = sent.length;
    expect(sent.at(-1)).toMatchObject({
      light: 'green',
      stream: { state: 'running', fps: 25, codec: 'h264' },
    });
    for (let second = 0; second < 30; second += 1) {
      await clock.advance(1000);
      feeds.runs('a', 'main', clock.now(), 20 + (second % 5));
    }
    expect(sent.length - first).toBeGreaterThanOrEqual(2);
    expect(sent.length - first).toBeLessThanOrEqual(4);
  });

  it('stop when nothing changes', async () => {
    site.cameras.push({ ...camera('a'), enabled: false });
    await startBoard();
    await clock.advance(60_000);
    const quiet = sent.length;
    await clock.advance(600_000);
    expect(sent.length).toBe(quiet);
  });

  it('tell of pictures taken and missed', async () => {
    site.cameras.push(camera('a'));
    await startBoard();
    feeds.runs('a', 'sub', clock.now());
    await clock.advance(10);
    site.gapNews.emit({
      cameraId: 'a',
      scheduledFor: '2026-11-23T06:00:00.000Z',
      reason: 'unreachable',
      message: 'it did not answer',
    });
    expect(board.health('a')).toMatchObject({ light: 'yellow', missedSnapshots24h: 1 });
    site.takenNews.emit(snapshotOf('a', clock.now()));
    expect(board.health('a')).toMatchObject({ light: 'green', picture: { luma: 90, verdict: 'ok' } });
  });
});

describe('a restart', () => {
  it('makes no false event, keeps since, and leaves its downtime out of the uptime', async () => {
    site.cameras.push(camera('a'));
    await startBoard();
    feeds.runs('a', 'sub', clock.now());
    await clock.advance(3_600_000);
    const since = board.health('a')?.since;
    await stopBoard();
    await clock.advance(7_200_000);

    await startBoard();
    expect(board.health('a')?.reasons.map(({ code }) => code)).toEqual(['starting']);
    feeds.runs('a', 'sub', clock.now());
    await clock.advance(1000);
    expect(changes).toEqual([]);
    expect(board.health('a')).toMatchObject({ light: 'green', since, uptime24h: 1, session: 2 });

    feeds.fails('a', 'sub', 'no-frames');
    await clock.advance(3_600_000);
    expect(board.health('a')?.uptime24h).toBeCloseTo(0.5, 2);
    const history = await board.history('a', clock.now() - 86_400_000, clock.now());
    expect(history.changes.map(({ to }) => to)).toEqual(['green', 'red']);
    expect(history.uptime).toBeCloseTo(0.5, 2);
    expect(await board.changesAfter(1, 10)).toMatchObject([{ seq: 2, change: { from: 'green', to: 'red' } }]);
  });
});

describe('the fleet changes', () => {
  it('a new camera is watched, a removed one forgotten', async () => {
    await startBoard();
    site.cameras.push(camera('a'));
    site.news.emit({ kind: 'added', camera: camera('a') });
    await clock.advance(1000);
    expect(feeds.asked).toEqual(['a/sub']);
    site.cameras.pop();
    site.news.emit({ kind: 'removed', camera: camera('a') });
    expect(board.health('a')).toBeUndefined();
    expect(feeds.subscribers('a', 'sub')).toBe(0);
  });
});

it('holds every main stream when the mode is always', async () => {
  site.cameras.push(camera('a'), { ...camera('b'), enabled: false });
  await startBoard('always');
  expect(feeds.subscribers('a', 'main')).toBe(1);
  expect(feeds.subscribers('b', 'main')).toBe(0);
  site.news.emit({ kind: 'changed', camera: { ...camera('a'), enabled: false } });
  await clock.advance(1000);
  expect(feeds.subscribers('a', 'main')).toBe(0);
});

it('holds the main stream of a camera that is to be pulled always, and of no other', async () => {
  site.cameras.push({ ...camera('a'), ingestMode: 'always' }, camera('b'));
  await startBoard();
  expect(feeds.subscribers('a', 'main')).toBe(1);
  expect(feeds.subscribers('b', 'main')).toBe(0);
  site.news.emit({ kind: 'changed', camera: { ...camera('a'), ingestMode: 'onDemand' } });
  await clock.advance(1000);
  expect(feeds.subscribers('a', 'main')).toBe(0);
});

describe('the bars of all cameras', () => {
  it('have the worst light of each half hour, the share of each day, and nothing where nothing is known', async () => {
    // 14:00 at the site.
    site.cameras.push(camera('a'), { ...camera('b'), enabled: false });
    await startBoard();
    feeds.runs('a', 'sub', clock.now());
    await clock.advance(3_600_000);
    feeds.fails('a', 'sub', 'no-frames');
    await clock.advance(600_000);
    feeds.runs('a', 'sub', clock.now());
    await clock.advance(2_400_000);
    const { days, items } = healthOverview.parse(board.overview(3));
    expect(days).toEqual(['2026-11-21', '2026-11-22', '2026-11-23']);
    const [a, b] = items;
    // Up from 14:00 to 15:00, down until 15:10, up until now, 15:50.
    expect(a?.halfHours).toBe(`${'-'.repeat(44)}ggrg`);
    expect(a?.days.slice(0, 2)).toEqual([null, null]);
    expect(a?.days[2]).toBeCloseTo(100 / 110, 2);
    expect(a?.uptime).toBeCloseTo(100 / 110, 2);
    expect(b).toMatchObject({ halfHours: '-'.repeat(48), uptime: null });
  });
});

describe('changes of light', () => {
  it('are kept 430 days, and a camera’s last one always, so that what held then is still known', async () => {
    const store = new LightChangeStore(database);
    await store.open();
    const daysAgo = (days: number): string => toRfc3339(clock.now() - days * 86_400_000);
    const change = { schema: 1 as const, reasons: [] };
    await store.append({ ...change, cameraId: 'a', at: daysAgo(900), from: 'grey', to: 'green' });
    await store.append({ ...change, cameraId: 'a', at: daysAgo(800), from: 'green', to: 'red' });
    await store.append({ ...change, cameraId: 'b', at: daysAgo(800), from: 'grey', to: 'green' });
    await store.append({ ...change, cameraId: 'a', at: daysAgo(399), from: 'red', to: 'green' });
    await startBoard();
    await clock.advance(1000);
    const kept = await board.changesAfter(0, 10);
    expect(kept.map(({ seq }) => seq)).toEqual([2, 3, 4]);
    const history = await board.history('a', clock.now() - 400 * 86_400_000, clock.now());
    expect(history.uptime).toBeCloseTo(399 / 400, 3);
  });
});
