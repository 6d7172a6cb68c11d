import type { PictureQuality } from '../../gateway/contract/snapshot.ts';
import { measurePicture } from '../../gateway/snapshots/picture-measure.ts';
import { judgePicture } from '../../gateway/snapshots/quality/judge-picture.ts';
import { noMemory, rememberPicture } from '../../gateway/snapshots/quality/picture-memory.ts';
import type { PictureMemory } from '../../gateway/snapshots/quality/picture-memory.ts';
import type { Sample } from './played-life.ts';

type Verdict = PictureQuality['verdict'];

/** Between the pictures of a run. */
const HALF_HOUR_MS = 1_800_000;

/** A sample that was called something else than its label. */
export interface Mistake {
  camera: string;
  kind: string;
  expected: Verdict;
  got: Verdict;
  part: string;
  weather: string;
}

/** How often each label was called what. */
export class ConfusionTable {
  readonly mistakes: Mistake[] = [];
  readonly #counts = new Map<string, number>();

  /** Judges a camera's life as the gateway would, from the first picture on. */
  async judgeLife(camera: string, life: AsyncIterable<Sample>): Promise<void> {
    let now: PictureMemory = noMemory;
    let before: PictureMemory = noMemory;
    for await (const sample of life) {
      if (sample.real) before = now;
      const picture = { snapshotId: `snap_${sample.nth}`, takenAtMs: sample.moment.hour * 3_600_000 };
      let memory = before;
      for (const [nth, jpeg] of sample.leadUp.entries()) {
        const { facts } = await measurePicture(jpeg);
        const takenAtMs = picture.takenAtMs - (sample.leadUp.length - nth) * HALF_HOUR_MS;
        memory = rememberPicture(memory, facts, judgePicture(facts, memory), { ...picture, takenAtMs });
      }
      const { facts } = await measurePicture(sample.jpeg);
      const judgement = judgePicture(facts, memory);
      if (sample.real) now = rememberPicture(before, facts, judgement, picture);
      this.#count(camera, sample, judgement.verdict);
    }
  }

  count(expected: Verdict, got: Verdict): number {
    return this.#counts.get(`${expected} ${got}`) ?? 0;
  }

  labelled(expected: Verdict): number {
    return verdicts.reduce((sum, got) => sum + this.count(expected, got), 0);
  }

  /** Share of the pictures with this fault that were called so. */
  recall(fault: Verdict): number {
    return this.count(fault, fault) / Math.max(1, this.labelled(fault));
  }

  /** Share of the good pictures that were said to have this fault. */
  falseAlarms(fault: Verdict): number {
    return this.count('ok', fault) / Math.max(1, this.labelled('ok'));
  }

  /** As Markdown: one row a label, one column a verdict. */
  text(): string {
    const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
    const rows = verdicts.map((expected) => [
      expected,
      ...verdicts.map((got) => String(this.count(expected, got))),
      percent(this.recall(expected)),
      expected === 'ok' ? '–' : percent(this.falseAlarms(expected)),
    ]);
    const head = ['label ↓ called →', ...verdicts, 'recall', 'false alarms'];
    return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
  }

  #count(camera: string, { kind, expected, moment }: Sample, got: Verdict): void {
    const key = `${expected} ${got}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    if (expected !== got)
      this.mistakes.push({ camera, kind, expected, got, part: moment.part, weather: moment.weather });
  }
}

const verdicts: readonly Verdict[] = ['ok', 'black', 'overexposed', 'blurred', 'frozen', 'covered', 'moved'];
