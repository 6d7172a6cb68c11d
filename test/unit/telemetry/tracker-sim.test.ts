import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ProjectHealth } from '../../../gateway/contract/health.ts';
import { Conformance } from '../../../gateway/telemetry/tracker-sim/conformance.ts';
import { generateProjects } from '../../../gateway/telemetry/tracker-sim/generate-projects.ts';
import { PayloadSchemas } from '../../../gateway/telemetry/tracker-sim/payload-schemas.ts';
import { readProjects } from '../../../gateway/telemetry/tracker-sim/read-projects.ts';
import { simReport } from '../../../gateway/telemetry/tracker-sim/sim-report.ts';
import { simScreen, simSummary } from '../../../gateway/telemetry/tracker-sim/sim-screen.ts';
import { changeOf, healthOf, snapshotOf } from './gateway-parts.ts';

const ROOT = 'gantry/g1';
const NOW = Date.parse('2026-11-23T06:00:10.000Z');
const at = '2026-11-23T06:00:00.000Z';
const counts = { total: 0, green: 0, yellow: 0, red: 0, grey: 0 };
let schemas: PayloadSchemas;
let seen: Conformance;

beforeAll(async () => {
  schemas = await PayloadSchemas.load(join(import.meta.dirname, '../../../config/mqtt'));
});

beforeEach(() => {
  const rules = { timeZone: 'Asia/Shanghai', warnDays: 7 };
  seen = new Conformance({ schemas, root: ROOT, rules, now: () => NOW });
});

function tell(below: string, value: unknown, retained = false): void {
  const payload = value === null ? Buffer.alloc(0) : Buffer.from(JSON.stringify(value));
  const extra = { dup: false, responseTopic: null, correlationData: null };
  seen.take({ topic: `${ROOT}/${below}`, payload, retained, ...extra });
}

/** The n-th picture of camera a, chained to the one before. */
function picture(n: number, more: object = {}): object {
  const url = `/api/v1/snapshots/${n}/image`;
  const chain = { chainHash: `${n}`.padStart(64, '0'), prevHash: `${n - 1}`.padStart(64, '0') };
  return { schema: 1, at, ...snapshotOf('a', n), ...chain, url, ...more };
}

function status(session: number, state = 'online', total = 0): object {
  return { schema: 1, at, state, session, version: '1', cameras: { ...counts, total, green: total } };
}

function rollUp(more: Partial<ProjectHealth> = {}): ProjectHealth {
  const ids = { projectId: 'prj_1', externalProjectId: 'K-1', name: 'Bridge' };
  return {
    schema: 1,
    at,
    session: 1,
    ...ids,
    light: 'grey',
    reasons: [],
    cameras: counts,
    steps: counts,
    ...more,
  };
}

const kinds = () => seen.violations.map(({ kind }) => kind);

describe('what a gateway says', () => {
  it('passes when it is valid, in order and complete, repetitions included', () => {
    tell('status', status(1, 'online', 1), true);
    tell('cameras/a/health', healthOf('a'), true);
    for (const n of [1, 2, 3, 2, 3, 4]) tell('cameras/a/snapshots', picture(n));
    tell('cameras/a/events', changeOf('a', 'green'));
    tell('cameras/a/events', changeOf('a', 'green'));
    tell('cameras/a/events', { ...changeOf('a', 'red'), from: 'green', at: '2026-11-23T06:00:01.000Z' });
    tell('projects/prj_1/health', rollUp(), true);
    tell('status', status(1, 'offline', 1));
    tell('status', status(2, 'online', 1));
    seen.finish();
    expect(seen.violations).toEqual([]);
    expect(seen.duplicates).toBe(3);
    expect(seen.cameras.get('a')).toMatchObject({ snapshots: 4, events: 2, lagMs: 9000 });
  });

  it('is invalid when it breaks its schema, names the field, or lies on a topic that is not', () => {
    tell('cameras/a/health', { ...healthOf('a'), light: 'purple', extra: 1 });
    tell('cameras/a/status', {});
    tell('cameras/a/snapshots', picture(1), true);
    tell('status', null);
    expect(kinds()).toEqual(['invalid', 'invalid', 'invalid', 'invalid']);
    expect(seen.violations[0]?.message).toContain('/light must be equal to one of the allowed values');
    expect(seen.violations[0]?.message).toContain('(extra)');
    expect(seen.violations[2]?.message).toBe('it is retained; only states are');
    const payload = Buffer.from([0xff, 0x7b]);
    const extra = { dup: false, responseTopic: null, correlationData: null };
    seen.take({ topic: `${ROOT}/status`, payload, retained: false, ...extra });
    expect(seen.violations[4]?.message).toBe('it is not JSON in UTF-8');
  });

  it('misses a picture when the chain has a gap, and an event when the lights do not join', () => {
    tell('cameras/a/snapshots', picture(1));
    tell('cameras/a/snapshots', picture(3));
    tell('cameras/a/events', changeOf('a', 'green'));
    tell('cameras/a/events', { ...changeOf('a', 'yellow'), from: 'red', at: '2026-11-23T06:00:05.000Z' });
    expect(kinds()).toEqual(['missing', 'missing']);
    expect(seen.violations[0]?.message).toContain('what lies between snp_a_1 and snp_a_3 has not come');
  });

  it('is out of order when a picture is older than one before, or a session ended long ago', () => {
    tell('cameras/a/snapshots', picture(2));
    tell('cameras/a/snapshots', picture(1));
    tell('status', status(3));
    tell('status', status(2, 'offline'));
    expect(kinds()).toEqual(['order', 'order']);
  });

  it('may be of an earlier session when the broker had kept it, or brings it once more', () => {
    tell('status', status(2));
    tell('status', status(3));
    tell('status', status(2));
    tell('status', status(1), true);
    expect(seen.violations).toEqual([]);
    tell('status', status(2, 'offline'));
    expect(kinds()).toEqual(['order']);
  });

  it('may not come twice under one id with other contents', () => {
    tell('cameras/a/snapshots', picture(1));
    tell('cameras/a/snapshots', picture(1, { note: 'changed' }));
    expect(seen.violations).toMatchObject([{ kind: 'duplicate', topic: `${ROOT}/cameras/a/snapshots` }]);
    expect(seen.cameras.get('a')?.violations).toBe(1);
  });

  it('is wrong when it is of another camera, or a light is not the worst of its parts', () => {
    tell('cameras/b/health', healthOf('a'));
    tell('projects/prj_1/health', rollUp({ light: 'green', steps: { ...counts, total: 1, red: 1 } }));
    tell('projects/prj_1/health', rollUp({ light: 'red', steps: { ...counts, total: 1, red: 1 } }));
    tell('status', { ...status(1), cameras: { ...counts, total: 2, green: 1 } });
    expect(kinds()).toEqual(['wrong', 'wrong', 'wrong', 'wrong']);
  });

  it('is missing at the end: no status, a camera without health, a project that did not come back', () => {
    seen.finish();
    expect(kinds()).toEqual(['missing']);
    tell('status', status(1, 'online', 2));
    tell('cameras/a/health', healthOf('a'));
    seen.projects.published({ externalId: 'K-1', body: { name: 'Bridge' } });
    seen.finish();
    expect(seen.violations.slice(1).map(({ message }) => message)).toEqual([
      'the health of 1 of 2 cameras has not come',
      'project K-1: its roll-up has not come back',
    ]);
  });

  it('is judged by the steps that were published, in the site’s time zone', () => {
    const milestones = [
      { name: 'late', dueOn: '2026-11-22' },
      { name: 'soon', dueOn: '2026-11-30' },
      { name: 'later', dueOn: '2026-12-01' },
      { name: 'done', dueOn: '2026-11-01', doneOn: '2026-11-09' },
      { name: 'open' },
    ];
    seen.projects.published({ externalId: 'K-1', body: { name: 'Bridge', milestones } });
    const steps = { total: 5, green: 2, yellow: 1, red: 1, grey: 1 };
    const reasons = ['late', 'soon'];
    tell('projects/prj_1/health', rollUp({ light: 'red', reasons, steps }));
    expect(seen.projects.faults(NOW)).toEqual([]);
    // 16:00 UTC is midnight in Shanghai: the step of the first of December is due in seven days then.
    const midnightMs = Date.parse('2026-11-23T16:00:00Z');
    expect(seen.projects.faults(midnightMs - 1)).toEqual([]);
    expect(seen.projects.faults(midnightMs + 5000)).toEqual([]);
    expect(seen.projects.faults(midnightMs + 11_000)).toMatchObject([
      { kind: 'wrong', message: expect.stringContaining('1 green, 2 yellow, 1 red, 1 grey') as string },
    ]);
    tell('projects/prj_1/health', rollUp({ light: 'red', reasons, steps, name: 'Tower' }));
    expect(seen.projects.faults(NOW)).toMatchObject([{ message: 'its name is Tower, not Bridge' }]);
    tell('projects/prj_1/health', null);
    expect(seen.projects.faults(NOW)).toMatchObject([{ kind: 'missing' }]);
  });

  it('and a refusal of a published project count', () => {
    const topic = `${ROOT}/tracker/projects/K-1`;
    tell('tracker/errors', { schema: 1, at, topic, code: 'bad-request', message: 'name: too small' });
    expect(seen.violations).toMatchObject([{ kind: 'refused', topic }]);
  });
});

describe('the screen', () => {
  it('shows what wants attention first, Chinese names in their columns, and no control characters', () => {
    tell('status', status(4), true);
    tell('cameras/b/health', { ...healthOf('b', 'green'), name: '一号塔吊 \u001b[2J' });
    tell('cameras/a/health', healthOf('a', 'red'));
    tell('cameras/a/snapshots', picture(1));
    tell('nonsense', {});
    const run = {
      url: 'mqtt://user:secret@h',
      root: ROOT,
      protocol: 5,
      connected: true,
      seconds: 3,
      at,
    } as const;
    const report = simReport(seen, run);
    const screen = simScreen(report, NOW, { columns: 100, rows: 30 });
    const lines = screen.split('\n');
    expect(screen).not.toContain('secret');
    expect(screen).not.toContain('\u001b[2J');
    expect(lines[1]).toBe('gateway online, session 4, version 1');
    const rows = lines.filter((line) => line.includes('●'));
    expect(rows[0]).toMatch(/^Camera a {14} \S+● red {3}\S+ unreachable {20}9 s ago/);
    // 4 Chinese characters take 8 columns.
    expect(rows[1]?.startsWith(`一号塔吊 ·[2J${' '.repeat(22 - 13)} `)).toBe(true);
    expect(simSummary(report)).toContain('1 violations');
    expect(report).toMatchObject({ ok: false, violationCount: 1, protocol: '5', gateway: { session: 4 } });
  });
});

describe('the projects to publish', () => {
  it('are the same for the same seed, others for another, and valid', () => {
    const options = { projects: 50, steps: 12, seed: 3, today: '2026-11-23' };
    const made = generateProjects(options);
    expect(generateProjects(options)).toEqual(made);
    expect(generateProjects({ ...options, seed: 4 })).not.toEqual(made);
    expect(made.every(({ body }) => body.milestones?.length === 12)).toBe(true);
    for (const { body } of made) expect(schemas.problemOf('tracker-project', body)).toBeNull();
    expect(() => generateProjects({ ...options, projects: -1 })).toThrow('from 0 to 10000');
  });

  it('come from a YAML or JSON file; a bad one is refused naming the place', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sim-'));
    const file = join(folder, 'projects.yaml');
    await writeFile(
      file,
      '- externalId: K-1\n  name: 大桥\n  milestones:\n    - { name: 封顶, dueOn: 2026-12-01 }\n',
    );
    expect(await readProjects(file)).toMatchObject([
      { externalId: 'K-1', body: { name: '大桥', milestones: [{ name: '封顶', dueOn: '2026-12-01' }] } },
    ]);
    await writeFile(file, '[{"externalId": "a/b", "name": "x"}, {"externalId": "K", "title": "x"}]');
    await expect(readProjects(file)).rejects.toThrow(/0\.externalId.*1\.name.*1/s);
    await expect(readProjects(join(folder, 'none'))).rejects.toMatchObject({ code: 'bad-request' });
    await rm(folder, { recursive: true });
  });
});
