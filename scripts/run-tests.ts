import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The part of vitest's JSON report that is read here. */
interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  numFailedTestSuites: number;
  success: boolean;
}

/** Runs vitest with the given arguments and prints `N passed, N failed` as the last line; skipped tests count as failed. */
async function main(args: string[]): Promise<void> {
  const root = join(import.meta.dirname, '..');
  const folder = await mkdtemp(join(tmpdir(), 'gantry-test-'));
  const reportFile = join(folder, 'report.json');
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const child = spawn(
    process.execPath,
    [vitest, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`, ...args],
    { cwd: root, stdio: 'inherit' },
  );
  const code = await new Promise<number>((resolve) => child.on('close', (status) => resolve(status ?? 1)));
  const report = await readFile(reportFile, 'utf8')
    .then((text) => JSON.parse(text) as Report)
    .catch(() => undefined);
  await rm(folder, { recursive: true, force: true });
  const passed = report?.numPassedTests ?? 0;
  const skipped = (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0);
  const broken = code !== 0 && (report?.numFailedTests ?? 0) === 0 ? 1 : 0;
  const failed = (report?.numFailedTests ?? 0) + skipped + broken;
  if (skipped > 0) console.log(`${skipped} skipped tests count as failed`);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
}

await main(process.argv.slice(2));
