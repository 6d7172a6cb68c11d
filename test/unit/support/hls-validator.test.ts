import { describe, expect, it } from 'vitest';
import { HlsValidator } from '../../support/hls-validator.ts';

const startMs = Date.parse('2026-11-23T06:00:00.000Z');

/** Lines of a good segment of two seconds in five parts. */
function segment(msn: number, withParts = false): string[] {
  const parts = [0, 1, 2, 3, 4].map(
    (index) =>
      `#EXT-X-PART:DURATION=0.40000,URI="part-${msn}-${index}.m4s"${index === 0 ? ',INDEPENDENT=YES' : ''}`,
  );
  return [
    `#EXT-X-PROGRAM-DATE-TIME:${new Date(startMs + msn * 2000).toISOString()}`,
    ...(withParts ? parts : []),
    '#EXTINF:2.00000,',
    `seg-${msn}.m4s`,
  ];
}

/** A good playlist of six segments from `msn` on, with two parts of the next. */
function good(msn = 10): string[] {
  const open = segment(msn + 6, true).slice(0, 3);
  return [
    '#EXTM3U',
    '#EXT-X-VERSION:9',
    '#EXT-X-TARGETDURATION:2',
    '#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.2,CAN-SKIP-UNTIL=12',
    '#EXT-X-PART-INF:PART-TARGET=0.4',
    `#EXT-X-MEDIA-SEQUENCE:${msn}`,
    '#EXT-X-DISCONTINUITY-SEQUENCE:3',
    '#EXT-X-MAP:URI="init-1.mp4"',
    ...[0, 1, 2, 3, 4, 5].flatMap((index) => segment(msn + index, index > 3)),
    ...open,
    `#EXT-X-PRELOAD-HINT:TYPE=PART,URI="part-${msn + 6}-2.m4s"`,
    '#EXT-X-RENDITION-REPORT:URI="../sub/stream.m3u8",LAST-MSN=7,LAST-PART=1',
  ];
}

function judge(...versions: string[][]): string[] {
  const validator = new HlsValidator();
  for (const [index, lines] of versions.entries())
    validator.see(`${lines.join('\n')}\n`, startMs + index * 2000);
  return validator.violations.map(({ section, rule }) => `${section} ${rule}`);
}

/** The lines with one replaced or, without `by`, left out. */
function change(lines: string[], what: RegExp, ...by: string[]): string[] {
  const at = lines.findIndex((line) => what.test(line));
  if (at < 0) throw new Error(`no line like ${what}`);
  const line = lines[at] ?? '';
  return lines.toSpliced(at, 1, ...by.map((text) => line.replace(what, text)));
}

/** The delta update of `good(10)` seen earlier as `good(11)` with so many segments skipped. */
function delta(skipped: number): string[] {
  const lines = good(11);
  const from = lines.findIndex((line) => line.startsWith('#EXT-X-MAP'));
  const to = lines.findIndex((line) => line === `seg-${10 + skipped}.m4s`);
  return lines.toSpliced(from, to - from + 1, `#EXT-X-SKIP:SKIPPED-SEGMENTS=${skipped}`);
}

describe('the HLS validator', () => {
  it('has nothing to say of a good playlist that moves on', () => {
    expect(judge(good(10), good(11), good(12), good(13))).toEqual([]);
  });

  it.each([
    ['a first line that is another', change(good(), /^#EXTM3U$/, '#EXTM3U8'), '4.4.1.1 EXTM3U is'],
    ['a version too low', change(good(), /VERSION:9/, 'VERSION:3'), '8 EXT-X-VERSION'],
    ['a segment longer than the target', change(good(), /TION:2$/, 'TION:1'), '4.4.3.1 EXTINF'],
    ['a part longer than PART-TARGET', change(good(), /TARGET=0.4/, 'TARGET=0.39'), '4.4.4.9 a part ≤'],
    ['parts far below PART-TARGET', change(good(), /TARGET=0.4/, 'TARGET=0.48'), '4.4.4.9 a part ≥'],
    ['a PART-HOLD-BACK too short', change(good(), /BACK=1.2/, 'BACK=1.1'), '4.4.3.8 PART-HOLD-BACK'],
    ['a HOLD-BACK too short', change(good(), /PART-HOLD/, 'HOLD-BACK=5,PART-HOLD'), '4.4.3.8 HOLD-BACK'],
    ['a CAN-SKIP-UNTIL too short', change(good(), /UNTIL=12/, 'UNTIL=11'), '4.4.3.8 CAN-SKIP-UNTIL'],
    ['parts without PART-INF', change(good(), /^#EXT-X-PART-INF.*/), '4.4.3.7 EXT-X-PART-INF'],
    ['no init segment', change(good(), /^#EXT-X-MAP.*/), '4.4.4.5 fragmented MP4'],
    [
      'another init segment without discontinuity',
      change(good(), /^(seg-12.m4s)$/, '$1', '#EXT-X-MAP:URI="init-2.mp4"'),
      '4.4.4.3 a new EXT-X-MAP',
    ],
    ['dates that go back', change(good(), /T06:00:26/, 'T05:00:26'), '6.2.1 program dates overlap'],
    ['dates that leap', change(good(), /T06:00:26/, 'T06:00:29'), '6.2.1 program dates go on'],
    ['a hint at a part that is there', change(good(), /-16-2.m4s/, '-16-1.m4s'), '4.4.5.3 the hint names'],
    ['two hints', [...good(), '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="x.m4s"'], '4.4 the tag stands once'],
    ['a tag of its own', change(good(), /^(#EXTINF.*)$/, '#EXT-X-OWN:1', '$1'), '4.1 the tag is known'],
    [
      'a playlist type',
      change(good(), /^(#EXT-X-VERSION.*)$/, '$1', '#EXT-X-PLAYLIST-TYPE:EVENT'),
      '6.2.2 a live',
    ],
    ['no hint', good().filter((line) => !line.includes('HINT')), '6.2.2 a list with parts hints'],
    [
      'a report without its part',
      change(good(), /,LAST-PART=1/, ''),
      '4.4.5.4 a report of a rendition with parts',
    ],
    [
      'a media sequence behind the segments',
      [...good().filter((line) => !line.includes('MEDIA-SEQ')), '#EXT-X-MEDIA-SEQUENCE:10'],
      '4.4.3 EXT-X-MEDIA-SEQUENCE comes before',
    ],
    ['a report to elsewhere', change(good(), /\.\.\/sub/, 'http://x/sub'), '4.4.5.4 a report has a relative'],
  ])('tells %s', (_name, lines, wanted) => {
    const found = judge(lines);
    expect(found.some((violation) => violation.startsWith(wanted))).toBe(true);
  });

  it('tells parts that do not add up to their segment', () => {
    const at = good().lastIndexOf('#EXTINF:2.00000,');
    expect(judge(good().toSpliced(at, 1, '#EXTINF:1.90000,'))).toContain(
      '4.4.4.9 parts last as long as their segment',
    );
  });

  it.each([
    ['a target duration that grows', change(good(11), /TION:2$/, 'TION:3'), '6.2.1 EXT-X-TARGETDURATION'],
    [
      'a claim that appears',
      change(good(11), /^(#EXT-X-VERSION.*)$/, '$1', '#EXT-X-INDEPENDENT-SEGMENTS'),
      '6.2.1 EXT-X-IND',
    ],
    ['a media sequence that goes back', good(9), '6.2.2 the media sequence'],
    [
      'a discontinuity sequence that goes back',
      change(good(11), /NCE:3$/, 'NCE:2'),
      '6.2.2 the discontinuity',
    ],
    ['a segment of another length', change(good(11), /^#EXTINF:2\.0.*$/, '#EXTINF:2.10000,'), '6.2.1 extinf'],
    ['a segment under another name', change(good(11), /^seg-12/, 'again-12'), '6.2.1 uri of a segment'],
    ['a name used for another segment', change(good(11), /^seg-16/, 'seg-10'), '6.2.1 a URI is used once'],
    ['another date', change(good(11), /T06:00:26.000/, 'T06:00:26.100'), '6.2.1 programDateMs'],
    [
      'a discontinuity that was not there',
      change(good(11), /^(seg-12.m4s)$/, '$1', '#EXT-X-DISCONTINUITY'),
      '6.2.1 discontinuity of a segment',
    ],
    ['a hinted part that is passed over', change(good(11), /part-16-2/, 'part-16-9'), '4.4.5.3 the hinted'],
    [
      'parts that go too early',
      good(11).filter((line) => !/part-15-/.test(line)),
      '6.2.2 parts stay for three target durations',
    ],
    ['a list that does not move', good(10), '6.2.1 a new segment within'],
  ])('tells %s from one version to the next', (name, lines, wanted) => {
    const between = name === 'a list that does not move' ? [good(10), good(10)] : [];
    expect(judge(good(10), ...between, lines).some((violation) => violation.startsWith(wanted))).toBe(true);
  });

  it('tells too few segments left', () => {
    const from = good(11).indexOf('seg-11.m4s') - 2;
    const to = good(11).indexOf('seg-14.m4s');
    const short = change(good(11).toSpliced(from, to - from + 1), /SEQUENCE:11/, 'SEQUENCE:15');
    expect(judge(good(10), short)).toContain('6.2.2 three target durations stay listed');
  });

  it('expands a delta update, and tells one that skips too much or what was never there', () => {
    const long = (lines: string[]) => change(lines, /CAN-SKIP-UNTIL=12/, 'CAN-SKIP-UNTIL=12');
    expect(judge(long(good(10)), delta(1))).toContain(
      '6.2.5.1 only what lies beyond the skip boundary is skipped',
    );
    const validator = new HlsValidator();
    validator.see(`${good(10).join('\n')}\n`, startMs);
    const list = validator.see(`${delta(2).join('\n')}\n`, startMs + 2000);
    expect(list.segments.map(({ msn }) => msn)).toEqual([11, 12, 13, 14, 15, 16]);
    expect(list.segments.map(({ map }) => map)).toEqual(list.segments.map(() => 'init-1.mp4'));
    expect(judge(delta(1))).toContain('6.2.5.1 what is skipped was in an earlier version');
  });
});
