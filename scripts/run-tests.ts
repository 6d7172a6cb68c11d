import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
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
/** A loopback of its own, with multicast as on the machine's: searches of the two shares do not find one another's cameras. */
const OWN_LOOPBACK =
  'ip link set lo up && ip link set lo multicast on && ip route add 224.0.0.0/4 dev lo && exec "$@"';

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
  return [await outcomeOf(vitest(report, args, {}), report)];
}

async function twoShares(folder: string): Promise<Outcome[]> {
  const reports = [join(folder, 'main.json'), join(folder, 'long.json')] as const;
  const apart = hasNamespaces();
  const shared: Record<string, string> = apart ? { GANTRY_TESTS_APART: '1' } : {};
  const long = vitest(reports[1], [], {
    environment: { ...shared, GANTRY_TEST_SHARE: 'long', GANTRY_FUZZ_SECONDS: FUZZ_SECONDS },
    stdio: 'pipe',
    apart,
  });
  let said = '';
  for (const stream of [long.stdout, long.stderr])
    stream?.on('data', (chunk: Buffer) => (said += String(chunk)));
  const longOutcome = outcomeOf(long, reports[1]);
  const environment = { ...shared, GANTRY_TEST_SHARE: 'main' };
  const mainOutcome = await outcomeOf(vitest(reports[0], [], { environment }), reports[0]);
  const outcomes = [mainOutcome, await longOutcome];
  console.log(said);
  return outcomes;
}

/** True where this user may make network namespaces (root on Linux); elsewhere the second share holds less. */
function hasNamespaces(): boolean {
  return spawnSync('unshare', ['--net', 'sh', '-c', OWN_LOOPBACK, 'sh', 'true']).status === 0;
}

function vitest(
  reportFile: string,
  args: readonly string[],
  how: { environment?: Record<string, string>; stdio?: 'inherit' | 'pipe'; apart?: boolean },
): ChildProcess {
  const { environment = {}, stdio = 'inherit', apart = false } = how;
  const program = join(root, 'node_modules/vitest/vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
  const command = [process.execPath, program, 'run', ...reporters, ...args];
  const [name = '', ...rest] = apart
    ? ['unshare', '--net', 'sh', '-c', OWN_LOOPBACK, 'sh', ...command]
    : command;
  return spawn(name, rest, {
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
