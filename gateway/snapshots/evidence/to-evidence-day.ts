import { toRfc3339 } from '../../base/clock.ts';
import type { EvidenceDay } from '../../contract/evidence.ts';
import type { DayRow } from './evidence-rows.ts';

/** A closed day in the wire's form; what the statement says and the columns must agree, which the verifier checks. */
export function toEvidenceDay(row: DayRow): EvidenceDay {
  const fields = statementFields(row.statement);
  return {
    date: row.date,
    gatewayId: fields.get('gatewayId') ?? '',
    timeZone: fields.get('timeZone') ?? '',
    closedAt: toRfc3339(row.closed_at_ms),
    cameras: row.cameras,
    root: row.root,
    prevHash: row.prev_hash,
    keyId: fields.get('keyId') ?? '',
    statement: row.statement,
    signature: row.signature,
  };
}

/** The `name=value` lines of a signed text. */
export function statementFields(statement: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of statement.split('\n').slice(1)) {
    const at = line.indexOf('=');
    if (at > 0) fields.set(line.slice(0, at), line.slice(at + 1));
  }
  return fields;
}
