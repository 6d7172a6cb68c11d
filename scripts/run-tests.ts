import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';

/** The part of vitest's JSON report that is read here. */
interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
}

/** What one run of vitest came to. */
interface Outcome {
  passed: number;
  failed: number;
  skipped: number;
}

const root = join(import.meta.dirname, '..');
/** Each fuzzer of what cameras send runs this long, at a low priority, while the other share waits for servers and browsers. */
const FUZZ_SECONDS = '60';
const LOW_PRIORITY = 10;

/**
 * Runs vitest: with arguments as they are, without in two shares side by side (vitest.config.ts). Prints
 * `N passed, N failed` as the last line; skipped tests count as failed.
 */
async function main(args: string[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'gantry-test-'));
  const outcomes = await (args.length > 0 ? wholeRun(folder, args) : twoShares(folder));
  await rm(folder, { recursive: true, force: true });
  const sum = (pick: (outcome: Outcome) => number): number =>
    outcomes.reduce((total, outcome) => total + pick(outcome), 0);
  const skipped = sum((outcome) => outcome.skipped);
  const [passed, failed] = [sum((outcome) => outcome.passed), sum((outcome) => outcome.failed) + skipped];
  if (skipped > 0) console.log(`${skipped} skipped tests count as failed`);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
}

async function wholeRun(folder: string, args: readonly string[]): Promise<Outcome[]> {
  const report = join(folder, 'report.json');
  return [await outcomeOf(vitest(report, args, {}, 'inherit'), report)];
}

async function twoShares(folder: string): Promise<Outcome[]> {
  const reports = [join(folder, 'main.json'), join(folder, 'long.json')] as const;
  const environment = { GANTRY_TEST_SHARE: 'long', GANTRY_FUZZ_SECONDS: FUZZ_SECONDS };
  const long = vitest(reports[1], [], environment, 'pipe');
  if (long.pid !== undefined) setPriority(long.pid, LOW_PRIORITY);
  let said = '';
  for (const stream of [long.stdout, long.stderr])
    stream?.on('data', (chunk: Buffer) => (said += String(chunk)));
  const longOutcome = outcomeOf(long, reports[1]);
  const mainOutcome = await outcomeOf(
    vitest(reports[0], [], { GANTRY_TEST_SHARE: 'main' }, 'inherit'),
    reports[0],
  );
  const outcomes = [mainOutcome, await longOutcome];
  console.log(said);
  return outcomes;
}

function vitest(
  reportFile: string,
  args: readonly string[],
  environment: Record<string, string>,
  stdio: 'inherit' | 'pipe',
): ChildProcess {
  const program = join(root, 'node_modules/vitest/vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
  return spawn(process.execPath, [program, 'run', ...reporters, ...args], {
    cwd: root,
    stdio: ['ignore', stdio, stdio],
    env: { ...process.env, ...environment },
  });
}

/** A run that ended badly without a failed test counts as one that failed. */
async function outcomeOf(child: ChildProcess, reportFile: string): Promise<Outcome> {
  const code = await new Promise<number>((resolve) => child.once('close', (status) => resolve(status ?? 1)));
  const report = await readFile(reportFile, 'utf8')
    .then((text) => JSON.parse(text) as Report)
    .catch(() => undefined);
  const failed = report?.numFailedTests ?? 0;
  return {
    passed: report?.numPassedTests ?? 0,
    failed: code !== 0 && failed === 0 ? 1 : failed,
    skipped: (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0),
  };
}

await main(process.argv.slice(2));
