import type { RosterColumn } from './columns.ts';
import type { RosterContext } from './roster-context.ts';
import { faultOf } from './row-reader.ts';
import type { ReadRow } from './row-reader.ts';

/** Enters into the rows which of them say the same device or name twice, among themselves or against the fleet. */
export function findDoubles(
  rows: readonly ReadRow[],
  { cameras, projects }: Pick<RosterContext, 'cameras' | 'projects'>,
): void {
  const visible = new Set(projects.map(({ id }) => id));
  const byAddress = new Map<string, string>();
  const byName = new Map<string, string>();
  for (const { name, projectId, onvif, rtsp } of cameras) {
    // The names of others' cameras are not for everyone.
    const told = visible.has(projectId) ? name : 'a camera of another project';
    for (const address of [onvif?.xaddr, onvif ? undefined : rtsp.main])
      if (address) byAddress.set(addressKey(address), told);
    byName.set(nameKey(projectId, name), told);
  }
  const rowOfAddress = new Map<string, number>();
  const rowOfName = new Map<string, number>();
  for (const row of rows) {
    if (row.address !== null) checkAddress(row, addressKey(row.address), byAddress, rowOfAddress);
    if (row.body !== null) checkName(row, nameKey(row.body.projectId, row.name), byName, rowOfName);
    if (row.errors.length > 0) row.body = null;
  }
}

function checkAddress(
  row: ReadRow,
  key: string,
  registered: ReadonlyMap<string, string>,
  seen: Map<string, number>,
): void {
  const column: RosterColumn = /^rtsps?:/.test(row.address ?? '') ? 'rtspMain' : 'onvif';
  const fault = faultOf(row.sheet, row.errors);
  const camera = registered.get(key);
  const before = seen.get(key);
  if (camera !== undefined)
    fault(column, 'already-registered', `this address is registered as ${camera}`, { camera });
  else if (before !== undefined)
    fault(column, 'duplicate-in-file', `row ${before} has the same address`, { row: String(before) });
  else seen.set(key, row.row);
}

function checkName(
  row: ReadRow,
  key: string,
  registered: ReadonlyMap<string, string>,
  seen: Map<string, number>,
): void {
  const fault = faultOf(row.sheet, row.errors);
  const before = seen.get(key);
  if (registered.has(key))
    fault('name', 'duplicate-name', `the project has a camera named ${row.name} already`, { name: row.name });
  else if (before !== undefined)
    fault('name', 'duplicate-in-file', `row ${before} has the same name in the same project`, {
      row: String(before),
    });
  else seen.set(key, row.row);
}

function addressKey(address: string): string {
  const { protocol, host, pathname, search } = new URL(address);
  return `${protocol}//${host.replace(/:554$/, '')}${pathname}${search}`;
}

function nameKey(projectId: string, name: string): string {
  return `${projectId}\n${name.normalize('NFKC').trim().toLowerCase()}`;
}
