import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** An entry of package-lock.json, as far as it is read here. */
interface LockEntry {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  optionalDependencies?: Record<string, string>;
}

interface Lock {
  packages: Record<string, LockEntry>;
}

const SYSTEMS = [
  'darwin',
  'linux',
  'win32',
  'freebsd',
  'android',
  'openharmony',
  'netbsd',
  'openbsd',
  'sunos',
  'aix',
];
const MACHINES = [
  'arm64',
  'x64',
  'arm',
  'ia32',
  'ppc64',
  's390x',
  'riscv64',
  'loong64',
  'mips64el',
  'wasm32',
];

/**
 * Adds to package-lock.json the builds for other platforms that the registry at hand does not carry. npm leaves them out
 * of the lock, and then refuses `npm ci`, and on those platforms would install without them. Returns the names added.
 */
export function completeLock(lock: Lock): string[] {
  const added: string[] = [];
  for (const parent of Object.values(lock.packages)) {
    for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
      const path = `node_modules/${name}`;
      const platform = platformOf(name);
      if (lock.packages[path] || !platform || !/^\d/.test(version)) continue;
      lock.packages[path] = {
        version,
        ...platform,
        ...(parent.dev === true ? { dev: true } : {}),
        optional: true,
      };
      added.push(name);
    }
  }
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
  return added;
}

function platformOf(name: string): { os: string[]; cpu: string[] } | undefined {
  const words = name.replace(/^@[^/]*\//, '').split(/[-/]/);
  const os = SYSTEMS.find((system) => name.includes(system));
  const cpu =
    MACHINES.find((machine) => words.includes(machine)) ??
    (words.some((word) => word.startsWith('arm')) ? 'arm' : undefined);
  return os === undefined || cpu === undefined ? undefined : { os: [os], cpu: [cpu] };
}

if (import.meta.main) {
  const file = join(import.meta.dirname, '../package-lock.json');
  const lock = JSON.parse(await readFile(file, 'utf8')) as Lock;
  const added = completeLock(lock);
  await writeFile(file, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(added.length === 0 ? 'the lock file is complete' : `added ${added.join(', ')}`);
}
