import { describe, expect, it } from 'vitest';
import type { ReasonCode } from '../../../gateway/contract/health.ts';
import { reasonCode } from '../../../gateway/contract/health.ts';
import { composeMessage } from '../../../gateway/warnings/compose-message.ts';
import type { ComposeContext, Item } from '../../../gateway/warnings/compose-message.ts';
import type { IncidentRecord } from '../../../gateway/warnings/incident.ts';

const at = Date.parse('2026-11-23T06:00:00.000Z');
const context: ComposeContext = {
  language: 'zh-CN',
  timeZone: 'Asia/Shanghai',
  publicUrl: 'https://g.example',
  nowMs: at + 3_600_000,
  projectName: (id) => `项目${id}`,
  cameraCount: () => 8,
};

function item(n: number, fields: Partial<IncidentRecord> = {}, code: ReasonCode = 'unreachable'): Item {
  return {
    escalatedTo: null,
    incident: {
      id: `inc_${n}`,
      kind: 'camera',
      subjectId: `c${n}`,
      subjectName: `机位${n}`,
      projectId: 'A',
      light: 'red',
      reasons: [{ code, since: '2026-11-23T06:00:00.000Z', message: 'm' }],
      step: null,
      openedAtMs: at,
      redSinceMs: at,
      calmSinceMs: null,
      settleMs: 60_000,
      relapses: 0,
      closedAtMs: null,
      closedBy: null,
      acknowledged: null,
      escalatedTo: null,
      ...fields,
    },
  };
}

describe.each(['zh-CN', 'en'] as const)('messages in %s', (language) => {
  const compose = (...items: Item[]) => composeMessage(items, { ...context, language });

  it('say every reason in that language, with what to do', () => {
    for (const code of reasonCode.options) {
      const [line = ''] = compose(item(1, {}, code)).lines;
      expect(/\p{Script=Han}{4}/u.test(line)).toBe(language === 'zh-CN');
      expect(line).not.toContain(code === 'no-frames' ? 'no-frames' : 'undefined');
      expect(line).toContain('11-23 14:00');
    }
  });

  it('speak of a whole site only when half of it is gone', () => {
    const three = compose(item(1), item(2), item(3)).lines;
    const four = compose(item(1), item(2), item(3), item(4)).lines;
    expect(three).toHaveLength(1);
    expect(three[0]).toContain('机位1, 机位2, 机位3');
    expect(four).toHaveLength(1);
    expect(four[0]).toMatch(/整个现场|whole site/);
  });

  it('lead to the camera, or to the first page', () => {
    expect(compose(item(1)).link).toBe('https://g.example/cameras/c1');
    expect(compose(item(1), item(2)).link).toBe('https://g.example/');
    expect(composeMessage([item(1)], { ...context, publicUrl: null }).link).toBeNull();
  });

  it('put the worst first, and what is over last', () => {
    const { lines, light, title } = compose(
      item(1, { closedAtMs: at + 90 * 60_000, closedBy: 'recovered' }),
      item(2, { light: 'yellow' }, 'blurred'),
      item(3, { projectId: 'B' }),
    );
    expect(lines.map((line) => line.slice(0, 1))).toEqual(['■', '▲', '✓']);
    expect([light, title.includes('3')]).toEqual(['red', true]);
    expect(lines[2]).toMatch(/1 (?:小时|h) 30/);
  });

  it('stay short, and count what they leave out', () => {
    const many = Array.from({ length: 50 }, (_, n) => item(n, { projectId: `P${n}` }));
    const { lines, count } = compose(...many);
    expect([lines.length, count]).toEqual([21, 50]);
    expect(lines.at(-1)).toContain('30');
  });
});
