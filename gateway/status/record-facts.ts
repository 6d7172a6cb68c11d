import type { PictureQuality, Snapshot, SnapshotGap } from '../contract/snapshot.ts';
import type { HealthSnapshots } from './health-camera.ts';

/** What a camera's health tells of its record of pictures. */
export interface RecordFacts {
  picture: ({ takenAt: string } & PictureQuality) | null;
  lastSnapshotAt: string | null;
  missedSnapshots24h: number;
  /** The last picture could not be decoded. */
  undecoded: boolean;
}

/** The facts of a camera without any picture. */
export const noRecord: RecordFacts = {
  picture: null,
  lastSnapshotAt: null,
  missedSnapshots24h: 0,
  undecoded: false,
};

const DAY_MS = 86_400_000;

/** Reads a camera's facts; `lastSlotMissed` is true when a slot was missed after the last picture (or in the last day). */
export async function readRecordFacts(
  snapshots: Pick<HealthSnapshots, 'latest' | 'missed'>,
  cameraId: string,
  nowMs: number,
): Promise<{ facts: RecordFacts; lastSlotMissed: boolean }> {
  const latest = await snapshots.latest(cameraId);
  const missedSnapshots24h = await snapshots.missed(cameraId, nowMs - DAY_MS);
  const sinceMs = latest ? Date.parse(latest.takenAt) : nowMs - DAY_MS;
  const lastSlotMissed = (await snapshots.missed(cameraId, sinceMs)) > 0;
  const facts = latest ? withSnapshot(noRecord, latest) : noRecord;
  return { facts: { ...facts, missedSnapshots24h }, lastSlotMissed };
}

/** The facts after a picture was taken. */
export function withSnapshot(facts: RecordFacts, snapshot: Snapshot): RecordFacts {
  const { luma, sharpness, verdict } = snapshot.quality;
  return {
    ...facts,
    picture: { takenAt: snapshot.takenAt, luma, sharpness, verdict },
    lastSnapshotAt: snapshot.takenAt,
    undecoded: false,
  };
}

/** The facts after a slot ended without a picture. */
export function withGap(facts: RecordFacts, gap: SnapshotGap): RecordFacts {
  return {
    ...facts,
    missedSnapshots24h: facts.missedSnapshots24h + 1,
    undecoded: UNDECODED.has(gap.reason),
  };
}

/** Reasons of gaps that tell of a picture that came and could not be read. */
const UNDECODED: ReadonlySet<string> = new Set(['damaged', 'ffmpeg-failed', 'unsupported-codec']);
