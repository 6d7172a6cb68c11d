import { readFile, readdir } from 'node:fs/promises';

/** What a group of processes has used so far and holds now. */
export interface ProcessUsage {
  /** User and system time, s. */
  cpuSec: number;
  rssMb: number;
}

/** USER_HZ, the same on all architectures that Node runs on. */
const TICKS_PER_SEC = 100;

/** CPU time (/proc/PID/stat) and resident memory (Rss of smaps_rollup) of processes; those that are gone count nothing. */
export async function processUsage(pids: readonly number[]): Promise<ProcessUsage> {
  const all = await Promise.all(pids.map((pid) => usageOf(pid)));
  return {
    cpuSec: all.reduce((sum, { cpuSec }) => sum + cpuSec, 0),
    rssMb: all.reduce((sum, { rssMb }) => sum + rssMb, 0),
  };
}

/** A process and all that it started, at any depth. */
export async function processTree(pid: number): Promise<number[]> {
  const tree = [pid];
  for (const known of tree) {
    const tasks = await readdir(`/proc/${known}/task`).catch(() => []);
    for (const task of tasks) {
      const children = await readFile(`/proc/${known}/task/${task}/children`, 'utf8').catch(() => '');
      tree.push(...children.trim().split(' ').filter(Boolean).map(Number));
    }
  }
  return tree;
}

async function usageOf(pid: number): Promise<ProcessUsage> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name in parentheses may hold blanks: fields are counted from behind it (proc(5)).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  return { cpuSec: ticks / TICKS_PER_SEC, rssMb: Number(/^Rss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) / 1024 };
}
