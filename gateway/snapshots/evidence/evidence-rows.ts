/** A row of `snapshot_heads`: the signed end of a camera's chain. */
export interface HeadRow {
  camera_id: string;
  seq: number;
  id: string;
  chain_hash: string;
  signature: string;
}

/** A row of `evidence_days`: a closed day; `statement` is the signed text. */
export interface DayRow {
  date: string;
  statement: string;
  signature: string;
  root: string;
  cameras: number;
  closed_at_ms: number;
  prev_hash: string;
}

/** A row of `evidence_leaves`: where a camera's chain ended when the day was closed. */
export interface LeafRow {
  date: string;
  camera_id: string;
  seq: number;
  chain_hash: string;
}

/** A row of `snapshot_tombstones`: what is left of a picture that retention removed; `policy` says why. */
export interface TombstoneRow {
  id: string;
  camera_id: string;
  seq: number;
  taken_at_ms: number;
  scheduled_for_ms: number | null;
  width: number;
  height: number;
  bytes: number;
  sha256: string;
  prev_hash: string;
  chain_hash: string;
  source: string;
  blob_key: string;
  removed_at_ms: number;
  policy: string;
  signature: string;
  /** 1 while its files still lie there. */
  files_left: number;
}

/** A row of `snapshot_erasures`: a camera whose pictures were erased by order. */
export interface ErasureRow {
  camera_id: string;
  seq: number;
  chain_hash: string;
  erased_at_ms: number;
  signature: string;
}

/** The tables of the proofs as Kysely sees them. */
export type EvidenceTables = {
  snapshot_heads: HeadRow;
  evidence_days: DayRow;
  evidence_leaves: LeafRow;
  snapshot_tombstones: TombstoneRow;
  snapshot_erasures: ErasureRow;
};
