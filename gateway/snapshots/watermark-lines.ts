import { localTime } from '../base/local-time.ts';
import type { SnapshotRow } from './snapshot-row.ts';

/** Project, camera and position, local time with zone, and the beginning of the chain hash: what a print must bear. */
export function watermarkLines(
  row: Pick<SnapshotRow, 'taken_at_ms' | 'chain_hash' | 'camera_id'>,
  known: { project?: string; camera?: { name: string; position: string }; timeZone: string },
): string[] {
  const at = localTime(row.taken_at_ms, known.timeZone);
  const two = (value: number): string => String(value).padStart(2, '0');
  const time = `${at.year}-${two(at.month)}-${two(at.day)} ${two(at.hour)}:${two(at.minute)}:${two(at.second)}`;
  const place = [known.camera?.name ?? row.camera_id, known.camera?.position].filter(Boolean).join(' · ');
  const lines = [place, `${time} ${known.timeZone}  #${row.chain_hash.slice(0, 12)}`];
  return known.project ? [known.project, ...lines] : lines;
}
