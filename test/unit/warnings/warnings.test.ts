import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toldGroup } from '../../support/told-group.ts';
import type { ToldGroup } from '../../support/told-group.ts';

let group: ToldGroup;
beforeEach(async () => {
  group = await toldGroup();
});
afterEach(() => group.stop());

describe('one camera', () => {
  it('is told once, with what, where, since when, what to do and the page', async () => {
    await group.bench.addRule({ channelIds: [group.channelId] });
    group.bench.light('p1-3', 'red');
    await group.bench.advance(30);
    expect(group.wecom.texts).toHaveLength(1);
    expect(group.wecom.texts[0]).toContain('红灯：赣江三桥');
    expect(group.wecom.texts[0]).toContain(
      '机位 3：连不上，可能断电或断网，11-23 14:00 起。请检查现场供电、网线和 4G 信号。',
    );
    expect(group.wecom.texts[0]).toContain('(https://gantry.example.gov.cn/cameras/p1-3)');
    await group.bench.advanceMin(60);
    expect(group.wecom.texts).toHaveLength(1);
  });

  it('is told of again when it is over, and not before it has been calm for a minute', async () => {
    await group.bench.addRule({ channelIds: [group.channelId] });
    group.bench.light('p1-3', 'red');
    await group.bench.advanceMin(5);
    group.bench.light('p1-3', 'green');
    await group.bench.advance(55);
    expect(group.wecom.texts).toHaveLength(1);
    await group.bench.advance(40);
    expect(group.wecom.texts).toHaveLength(2);
    expect(group.wecom.texts[1]).toContain('已恢复，11-23 14:00 起，历时 5 分钟');
  });

  it('is not told of when nobody wants recoveries', async () => {
    await group.bench.addRule({ channelIds: [group.channelId], recovery: false });
    group.bench.light('p1-3', 'red');
    await group.bench.advanceMin(5);
    group.bench.light('p1-3', 'green');
    await group.bench.advanceMin(10);
    expect(group.wecom.texts).toHaveLength(1);
  });

  it('is told only when it has lasted', async () => {
    await group.bench.addRule({ channelIds: [group.channelId], afterMin: 10 });
    group.bench.light('p1-3', 'red');
    await group.bench.advanceMin(9);
    group.bench.light('p1-4', 'red');
    expect(group.wecom.texts).toHaveLength(0);
    await group.bench.advanceMin(2);
    expect(group.wecom.texts).toHaveLength(1);
    expect(group.wecom.texts[0]).not.toContain('机位 4');
  });

  it.each([
    ['another project', { scope: { projectIds: ['p2'] } }],
    ['another district', { scope: { districts: ['东湖区'] } }],
    ['another unit', { scope: { units: ['市交投'] } }],
    ['the right district and another unit', { scope: { districts: ['红谷滩区'], units: ['市交投'] } }],
    ['another light', { lights: ['yellow'] }],
    ['another reason', { reasons: ['frozen'] }],
    ['steps', { sources: ['step'] }],
    ['nothing now', { enabled: false }],
  ])('is not told by a rule for %s', async (_, rule) => {
    await group.bench.addRule({ channelIds: [group.channelId], ...rule });
    group.bench.light('p1-3', 'red');
    await group.bench.advanceMin(3);
    expect(group.wecom.received).toHaveLength(0);
  });

  it('that flaps for an hour makes few messages, then one long incident', async () => {
    await group.bench.addRule({ channelIds: [group.channelId] });
    for (let round = 0; round < 30; round += 1) {
      group.bench.light('p1-3', round % 2 === 0 ? 'red' : 'green');
      await group.bench.advance(100);
    }
    expect(group.wecom.texts.length).toBeLessThanOrEqual(4);
    const { items } = await group.bench.warnings.incidents.list({ limit: 100 }, null);
    expect(items.length).toBeLessThanOrEqual(3);
    expect(items[0]?.relapses).toBeGreaterThan(10);
  });

  it.each(['maintenance', 'disabled'] as const)(
    'never tells of %s, and closes what was open',
    async (code) => {
      await group.bench.addRule({ channelIds: [group.channelId] });
      group.bench.light('p1-3', 'red');
      group.bench.light('p1-3', 'grey', code);
      group.bench.light('p1-4', 'grey', code);
      await group.bench.advanceMin(10);
      expect(group.wecom.received).toHaveLength(0);
      const { items } = await group.bench.warnings.incidents.list({ limit: 10 }, null);
      expect(items).toMatchObject([{ subjectId: 'p1-3', closedBy: 'withdrawn' }]);
    },
  );

  it('that was removed is withdrawn', async () => {
    group.bench.light('p1-3', 'red');
    await group.bench.advance(5);
    group.bench.cameras.delete('p1-3');
    await group.bench.advance(5);
    const { items } = await group.bench.warnings.incidents.list({ limit: 10 }, null);
    expect(items).toMatchObject([{ closedBy: 'withdrawn' }]);
  });

  it('that gets worse is told again', async () => {
    await group.bench.addRule({ channelIds: [group.channelId] });
    group.bench.light('p1-3', 'yellow', 'snapshot-missed');
    await group.bench.advanceMin(2);
    group.bench.light('p1-3', 'red');
    await group.bench.advanceMin(2);
    group.bench.light('p1-3', 'yellow', 'snapshot-missed');
    await group.bench.advanceMin(2);
    group.bench.light('p1-3', 'red');
    await group.bench.advanceMin(2);
    expect(group.wecom.texts.map((text) => text.slice(0, 60))).toEqual([
      expect.stringContaining('黄灯'),
      expect.stringContaining('红灯'),
    ]);
  });
});

describe('many at once', () => {
  it('a site whose uplink is gone is one message with name and count, and one when it is back', async () => {
    await group.bench.addRule({ channelIds: [group.channelId] });
    for (let n = 1; n <= 20; n += 1) group.bench.light(`p1-${n}`, 'red');
    await group.bench.advance(10);
    for (let n = 21; n <= 30; n += 1) group.bench.light(`p1-${n}`, 'red');
    await group.bench.advance(40);
    expect(group.wecom.texts).toHaveLength(1);
    expect(group.wecom.texts[0]).toContain('赣江三桥：32 路摄像机中 30 路连不上');
    group.bench.light('p1-31', 'red');
    await group.bench.advanceMin(10);
    expect(group.wecom.texts).toHaveLength(1);
    for (let n = 1; n <= 31; n += 1) group.bench.light(`p1-${n}`, 'green');
    await group.bench.advanceMin(5);
    expect(group.wecom.texts).toHaveLength(2);
    expect(group.wecom.texts[1]).toContain('31 路摄像机已恢复');
  });

  it('60 projects within two minutes stay below 20 messages a minute, and none is lost', async () => {
    const dingtalk = await group.receiver('dingtalk', { secret: 'SEC-canary' });
    const other = await group.bench.addChannel(dingtalk, { kind: 'dingtalk', secret: 'SEC-canary' });
    for (let n = 0; n < 60; n += 1) group.bench.addProject(`q${n}`, `项目 ${n}`, 1);
    await group.bench.addRule({ channelIds: [group.channelId, other] });
    for (let n = 0; n < 60; n += 1) {
      group.bench.light(`q${n}-1`, 'red');
      await group.bench.advance(2);
    }
    await group.bench.advanceMin(3);
    for (const robot of [group.wecom, dingtalk]) {
      expect(robot.received.every(({ accepted }) => accepted)).toBe(true);
      const { items } = await group.bench.warnings.deliveries({ limit: 100, state: 'sent' });
      expect(
        items
          .filter((each) => each.channelId === group.channelId)
          .reduce((sum, { message }) => sum + message.count, 0),
      ).toBe(60);
    }
  });
});
