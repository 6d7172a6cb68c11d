import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { staleFiles } from './generate.ts';

const root = join(import.meta.dirname, '..');

/** The checks of `npm run check`, in the order in which their messages help most. */
const commands: readonly [name: string, program: string, ...args: string[]][] = [
  ['types', 'tsc', '-p', 'tsconfig.json'],
  ['types of the viewer', 'tsc', '-p', 'viewer/tsconfig.json'],
  ['types of the browser tests', 'tsc', '-p', 'test/e2e/browser/tsconfig.json'],
  ['lint', 'oxlint', '--deny-warnings', '.'],
  ['format', 'oxfmt', '--check', '.'],
  [
    'import rules',
    'depcruise',
    '--config',
    '.dependency-cruiser.cjs',
    'gateway',
    'viewer',
    'config',
    'scripts',
    'test',
  ],
];

function run(name: string, program: string, args: string[]): boolean {
  const { status, stdout, stderr } = spawnSync(join(root, 'node_modules/.bin', program), args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name}`);
  if (status !== 0) console.log(`${stdout}${stderr}`.trimEnd());
  return status === 0;
}

const results = commands.map(([name, program, ...args]) => run(name, program, args));
const stale = await staleFiles(root);
console.log(
  stale.length === 0
    ? 'ok     generated files are fresh'
    : `FAILED generated files: run "npm run generate" (${stale.join(', ')})`,
);
process.exitCode = results.every(Boolean) && stale.length === 0 ? 0 : 1;
