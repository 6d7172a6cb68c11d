import { afterEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../gateway/base/database.ts';
import { silentLogger } from '../../../gateway/base/logger.ts';
import { migrate } from '../../../gateway/base/migrations.ts';
import { projectHealth } from '../../../gateway/contract/health.ts';
import type { Light, ProjectHealth } from '../../../gateway/contract/health.ts';
import { fleetMigrations } from '../../../gateway/fleet/fleet-migrations.ts';
import { ProjectStore } from '../../../gateway/fleet/project-store.ts';
import { Projects } from '../../../gateway/fleet/projects.ts';
import { ProjectLights } from '../../../gateway/summaries/project-lights.ts';
import { StatePublisher } from '../../../gateway/telemetry/state-publisher.ts';
import { Topics } from '../../../gateway/telemetry/topics.ts';
import { TrackerInbox } from '../../../gateway/telemetry/tracker-inbox.ts';
import { generateProjects } from '../../../gateway/telemetry/tracker-sim/generate-projects.ts';
import type { ToldProject } from '../../../gateway/telemetry/tracker-sim/generate-projects.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { GatewayParts, healthOf } from '../telemetry/gateway-parts.ts';

const WARN_DAYS = 7;
const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** The real way of a tracker's project to the retained roll-up, over a clock that the test owns; no cameras but `parts`'. */
async function aTracker(startsAt: string, timeZone: string) {
  const clock = new FakeClock(startsAt);
  const database = openDatabase('sqlite::memory:');
  ends.push(() => database.destroy());
  await migrate(database, fleetMigrations);
  const store = new ProjectStore(database);
  const projects = new Projects({ clock, store, logger: silentLogger, hasCameras: () => false });
  const { cameras, health, ...parts } = new GatewayParts();
  const lights = new ProjectLights({
    clock,
    logger: silentLogger,
    timeZone,
    warnDays: WARN_DAYS,
    projects,
    cameras,
    health,
  });
  lights.start();
  ends.push(() => lights.stop());
  const retained = new Map<string, ProjectHealth>();
  const published: ProjectHealth[] = [];
  const publisher = new StatePublisher({
    clock,
    topics: new Topics('gantry/g1'),
    session: 1,
    version: '0',
    health,
    cameras,
    projects,
    projectLights: lights,
    retained: {
      set(topic, payload) {
        if (!topic.startsWith('gantry/g1/projects/')) return;
        const told = projectHealth.parse(JSON.parse(payload));
        retained.set(topic, told);
        published.push(told);
      },
      clear: (topic) => retained.delete(topic),
    },
  });
  publisher.start();
  ends.push(() => publisher.stop());
  const errors: unknown[] = [];
  const inbox = new TrackerInbox({ clock, projects, answer: (error) => errors.push(error) });
  const told: string[] = [];
  lights.onChange((projectId) => told.push(projectId));
  return { clock, projects, lights, retained, published, inbox, errors, told, parts };
}

function send(inbox: TrackerInbox, { externalId, body }: ToldProject): Promise<void> {
  return inbox.receive(`tracker/projects/${externalId}`, externalId, Buffer.from(JSON.stringify(body)));
}

/** Days since 1 March of the year 0, counted by hand: shares no code with the gateway. */
function dayNumber(date: string): number {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  const y = month < 3 ? year - 1 : year;
  const m = (month + 9) % 12;
  const leaps = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400);
  return 365 * y + leaps + Math.floor((m * 306 + 5) / 10) + day;
}

function recomputed({ body }: ToldProject, atMs: number, timeZone: string): { light: Light; steps: Light[] } {
  const today = dayNumber(new Intl.DateTimeFormat('sv-SE', { timeZone }).format(atMs));
  const steps = (body.milestones ?? []).map(({ dueOn, doneOn }): Light => {
    if (typeof doneOn === 'string') return 'green';
    if (typeof dueOn !== 'string') return 'grey';
    const left = dayNumber(dueOn) - today;
    if (left < 0) return 'red';
    return left <= WARN_DAYS ? 'yellow' : 'green';
  });
  const worst = (['red', 'yellow', 'green'] as const).find((light) => steps.includes(light));
  return { light: worst ?? 'grey', steps };
}

const nights: [timeZone: string, startsAt: string, midnights: string[]][] = [
  [
    'Asia/Shanghai',
    '2026-12-30T09:12:13.456Z',
    ['2026-12-30T16:00:00Z', '2026-12-31T16:00:00Z', '2027-01-01T16:00:00Z', '2027-01-02T16:00:00Z'],
  ],
  // Summer time ends on 25 October 2026: that day has 25 hours.
  [
    'Europe/Berlin',
    '2026-10-23T20:00:00Z',
    ['2026-10-23T22:00:00Z', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z', '2026-10-26T23:00:00Z'],
  ],
  // Summer time begins on 28 March 2027: that day has 23 hours.
  [
    'Europe/Berlin',
    '2027-03-26T22:59:00Z',
    ['2027-03-26T23:00:00Z', '2027-03-27T23:00:00Z', '2027-03-28T22:00:00Z', '2027-03-29T22:00:00Z'],
  ],
  // Here midnight itself is left out on 24 April 2026: the day begins at one o'clock.
  ['Africa/Cairo', '2026-04-23T12:00:00Z', ['2026-04-23T22:00:00Z', '2026-04-24T21:00:00Z']],
];

describe('300 projects with 12 steps each', () => {
  it.each(nights)(
    'in %s from %s change at the site’s midnight by themselves',
    async (timeZone, startsAt, midnights) => {
      const { clock, projects, lights, retained, published, inbox, errors, told } = await aTracker(
        startsAt,
        timeZone,
      );
      const city = generateProjects({ projects: 300, steps: 12, seed: 7, today: startsAt.slice(0, 10) });
      for (const project of city) await send(inbox, project);
      expect(errors).toEqual([]);
      const records = new Map(projects.all().map((one) => [one.externalId, one]));
      const record = (externalId: string) => records.get(externalId)!;
      // Compared as text: a deep comparison of all this, time and again, would take most of the test's time.
      const agrees = () => {
        const byExternalId = new Map([...retained.values()].map((one) => [one.externalProjectId, one]));
        const wanted = city.map((project) => recomputed(project, clock.now(), timeZone));
        const shown = city.map(({ externalId }) => {
          const { steps, light } = lights.lightOf(record(externalId));
          return { light, steps: steps.map((step) => step.light) };
        });
        const onMqtt = city.map(({ externalId }) => [
          byExternalId.get(externalId)?.light,
          byExternalId.get(externalId)?.steps.red,
        ]);
        expect(JSON.stringify(shown)).toBe(JSON.stringify(wanted));
        expect(JSON.stringify(onMqtt)).toBe(
          JSON.stringify(
            wanted.map(({ light, steps }) => [light, steps.filter((one) => one === 'red').length]),
          ),
        );
        expect(retained.size).toBe(300);
      };
      agrees();
      let turned = 0;
      for (const midnight of midnights) {
        published.length = 0;
        told.length = 0;
        const midnightMs = Date.parse(midnight);
        const before = city.map((project) => recomputed(project, clock.now(), timeZone));
        clock.advanceNow(midnightMs - clock.now() - 1);
        expect(published).toEqual([]);
        expect(told).toEqual([]);
        agrees();
        clock.advanceNow(1);
        agrees();
        expect([...new Set(published.map(({ at }) => at))]).toEqual([new Date(midnightMs).toISOString()]);
        const changed = city.filter(
          (project, index) =>
            JSON.stringify(recomputed(project, midnightMs, timeZone)) !== JSON.stringify(before[index]),
        );
        turned += changed.length;
        const ids = new Set(told);
        for (const { externalId } of changed) expect(ids).toContain(record(externalId).id);
        expect(told.length).toBe(ids.size);
      }
      // The city is large enough that something turns each night: else nothing would have been tested.
      expect(turned).toBeGreaterThan(midnights.length * 5);
    },
  );
});

it('a wall clock that is set over midnight is noticed within a minute', async () => {
  const { clock, retained, inbox } = await aTracker('2026-11-23T06:00:00Z', 'Asia/Shanghai');
  const milestones = [{ name: '封顶', dueOn: '2026-11-30' }];
  await send(inbox, { externalId: 'K', body: { name: 'Bridge', milestones } });
  expect([...retained.values()][0]?.light).toBe('yellow');
  clock.setWallClock('2026-12-01T06:00:00Z');
  clock.advanceNow(60_000);
  expect([...retained.values()][0]).toMatchObject({
    light: 'red',
    reasons: ['封顶: overdue by 1 day (due 2026-11-30)'],
  });
});

it('a camera’s light counts at once, and no more when it is removed or its project archived', async () => {
  const clock = new FakeClock();
  const parts = new GatewayParts();
  const told: string[] = [];
  const lights = new ProjectLights({
    clock,
    logger: silentLogger,
    timeZone: 'Asia/Shanghai',
    warnDays: WARN_DAYS,
    projects: parts.projects,
    cameras: parts.cameras,
    health: parts.health,
  });
  lights.start();
  lights.onChange((projectId) => told.push(projectId));
  const now = () => lights.lightOf(parts.projectRecords[0]!);
  parts.tellHealth(healthOf('a', 'green'));
  parts.tellHealth(healthOf('a', 'green'));
  expect(told).toEqual(['prj_1']);
  parts.tellHealth(healthOf('b', 'red'));
  expect(now()).toMatchObject({ light: 'red', reasons: ['Camera b: It does not answer.'] });
  parts.removeCamera('b');
  expect(now()).toMatchObject({ light: 'green', cameras: { total: 1 } });
  expect(told).toEqual(['prj_1', 'prj_1', 'prj_1']);
  parts.projectRecords[0]!.archivedAtMs = clock.now();
  parts.changeProjects();
  expect(now().light).toBe('grey');
  expect(told).toHaveLength(4);
  lights.stop();
  expect(clock.pending).toBe(0);
});
