import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toldGroup } from '../../support/told-group.ts';
import type { ToldGroup } from '../../support/told-group.ts';

let group: ToldGroup;
beforeEach(async () => {
  group = await toldGroup();
});
afterEach(() => group.stop());

describe('the chain', () => {
  it('goes on to district and city while nobody takes it on', async () => {
    const district = await group.receiver('dingtalk', { secret: 's1' });
    const city = await group.receiver('feishu', { secret: 's2' });
    const districtId = await group.bench.addChannel(district, { kind: 'dingtalk', secret: 's1' });
    const cityId = await group.bench.addChannel(city, { kind: 'feishu', secret: 's2' });
    await group.bench.addRule({
      channelIds: [group.channelId],
      escalation: [
        { name: '红谷滩区', afterMin: 30, channelIds: [districtId] },
        { name: '市重点办', afterMin: 60, channelIds: [cityId] },
      ],
    });
    group.bench.light('p1-3', 'red');
    group.bench.light('p1-4', 'red');
    await group.bench.advanceMin(29);
    expect(district.texts).toHaveLength(0);
    await group.bench.advanceMin(3);
    expect(district.texts).toHaveLength(1);
    expect(district.texts[0]).toContain('升级至红谷滩区');
    const { items } = await group.bench.warnings.incidents.list({ limit: 10, state: 'escalated' }, null);
    expect(items).toHaveLength(2);
    const third = items.find(({ subjectId }) => subjectId === 'p1-3');
    await group.bench.warnings.incidents.acknowledge(
      third?.id ?? '',
      { kind: 'user', id: 'u1', name: '王工' },
      '已派人',
    );
    await group.bench.advanceMin(60);
    expect(city.texts).toHaveLength(1);
    expect(city.texts[0]).toContain('机位 4');
    expect(city.texts[0]).not.toContain('机位 3');
    expect(group.wecom.texts).toHaveLength(1);
  });

  it('opens again for what was taken on as yellow and became red', async () => {
    group.bench.light('p1-3', 'yellow', 'snapshot-missed');
    await group.bench.advance(2);
    const [first] = (await group.bench.warnings.incidents.list({ limit: 1 }, null)).items;
    const by = { kind: 'user', id: 'u1', name: '王工' } as const;
    await group.bench.warnings.incidents.acknowledge(first?.id ?? '', by, '');
    await expect(group.bench.warnings.incidents.acknowledge(first?.id ?? '', by, '')).rejects.toThrow(/王工/);
    group.bench.light('p1-3', 'red');
    await group.bench.advance(2);
    expect(
      (await group.bench.warnings.incidents.list({ limit: 10, state: 'open' }, null)).items,
    ).toHaveLength(1);
  });
});

describe('quiet hours and digests', () => {
  const quietHours = { from: '22:00', to: '07:00', redBreaksThrough: false };

  it('hold messages back until the morning; what is over by then is told as over', async () => {
    group.bench.clock.setWallClock('2026-11-23T15:00:00.000Z');
    await group.bench.addRule({ channelIds: [group.channelId], quietHours });
    group.bench.light('p1-1', 'red');
    group.bench.light('p1-2', 'red');
    await group.bench.advanceMin(20);
    group.bench.light('p1-1', 'green');
    await group.bench.advanceMin(2);
    group.bench.clock.setWallClock('2026-11-23T22:59:00.000Z');
    await group.bench.advance(55);
    expect(group.wecom.texts).toHaveLength(0);
    await group.bench.advanceMin(1);
    expect(group.wecom.texts).toHaveLength(1);
    expect(group.wecom.texts[0]).toContain('机位 2：连不上');
    expect(group.wecom.texts[0]).toContain('✓ 赣江三桥 · 机位 1：已恢复');
  });

  it('let red through where the rule says so', async () => {
    group.bench.clock.setWallClock('2026-11-23T15:00:00.000Z');
    await group.bench.addRule({
      channelIds: [group.channelId],
      quietHours: { ...quietHours, redBreaksThrough: true },
    });
    group.bench.light('p1-1', 'red');
    group.bench.light('p1-2', 'yellow', 'blurred');
    await group.bench.advanceMin(2);
    expect(group.wecom.texts).toHaveLength(1);
    expect(group.wecom.texts[0]).not.toContain('机位 2');
  });

  it('gather half an hour into one message', async () => {
    await group.bench.addRule({ channelIds: [group.channelId], digest: { kind: 'every', minutes: 30 } });
    await group.bench.advanceMin(1);
    group.bench.light('p1-1', 'red');
    await group.bench.advanceMin(10);
    group.bench.light('p2-1', 'yellow', 'blurred');
    await group.bench.advanceMin(18);
    expect(group.wecom.texts).toHaveLength(0);
    await group.bench.advanceMin(2);
    expect(group.wecom.texts).toHaveLength(1);
    expect(group.wecom.texts[0]).toContain('2 个项目（2 项）');
  });
});

describe('steps', () => {
  const step = (light: 'yellow' | 'red' | 'green', dueOn: string) => ({
    subjectId: 's1',
    subjectName: '桩基',
    projectId: 'p1',
    light,
    reasons: [
      {
        code: null,
        since: '2026-11-23T00:00:00.000Z',
        message: 'due',
      },
    ],
    step: {
      dueOn,
      unit: '市城投',
      owner: '张工',
    },
  });

  it('are reminded of before their date, when overdue, and told when done', async () => {
    await group.bench.addRule({ channelIds: [group.channelId], sources: ['step'] });
    group.bench.setSteps([step('yellow', '2026-11-30')]);
    await group.bench.advanceMin(2);
    group.bench.setSteps([step('red', '2026-11-20')]);
    await group.bench.advanceMin(2);
    group.bench.setSteps([step('green', '2026-11-20')]);
    await group.bench.advanceMin(2);
    expect(group.wecom.texts).toHaveLength(3);
    expect(group.wecom.texts[0]).toContain('环节“桩基”还剩 7 天（2026-11-30 到期），市城投 张工');
    expect(group.wecom.texts[1]).toContain('环节“桩基”逾期 3 天');
    expect(group.wecom.texts[2]).toContain('不再预警');
  });
});
