import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RobotReceiver } from '../../support/robot-receiver.ts';
import { WarningsBench } from '../../support/warnings-bench.ts';

let bench: WarningsBench;
let wecom: RobotReceiver;
let channelId: string;
const receivers: RobotReceiver[] = [];

async function receiver(...args: ConstructorParameters<typeof RobotReceiver>): Promise<RobotReceiver> {
  const made = await new RobotReceiver(args[0], { now: () => bench.clock.now(), ...args[1] }).start();
  receivers.push(made);
  return made;
}

beforeEach(async () => {
  bench = await new WarningsBench().start();
  bench.addProject('p1', '赣江三桥', 32, { district: '红谷滩区', unit: '市城投' });
  bench.addProject('p2', '地铁 5 号线', 2, { district: '东湖区' });
  wecom = await receiver('wecom');
  channelId = await bench.addChannel(wecom, { kind: 'wecom' });
});

afterEach(async () => {
  await bench.stop();
  for (const made of receivers.splice(0)) await made.stop();
});

describe('one camera', () => {
  it('is told once, with what, where, since when, what to do and the page', async () => {
    await bench.addRule({ channelIds: [channelId] });
    bench.light('p1-3', 'red');
    await bench.advance(30);
    expect(wecom.texts).toHaveLength(1);
    expect(wecom.texts[0]).toContain('红灯：赣江三桥');
    expect(wecom.texts[0]).toContain(
      '机位 3：连不上，可能断电或断网，11-23 14:00 起。请检查现场供电、网线和 4G 信号。',
    );
    expect(wecom.texts[0]).toContain('(https://gantry.example.gov.cn/cameras/p1-3)');
    await bench.advanceMin(60);
    expect(wecom.texts).toHaveLength(1);
  });

  it('is told of again when it is over, and not before it has been calm for a minute', async () => {
    await bench.addRule({ channelIds: [channelId] });
    bench.light('p1-3', 'red');
    await bench.advanceMin(5);
    bench.light('p1-3', 'green');
    await bench.advance(55);
    expect(wecom.texts).toHaveLength(1);
    await bench.advance(40);
    expect(wecom.texts).toHaveLength(2);
    expect(wecom.texts[1]).toContain('已恢复，11-23 14:00 起，历时 5 分钟');
  });

  it('is not told of when nobody wants recoveries', async () => {
    await bench.addRule({ channelIds: [channelId], recovery: false });
    bench.light('p1-3', 'red');
    await bench.advanceMin(5);
    bench.light('p1-3', 'green');
    await bench.advanceMin(10);
    expect(wecom.texts).toHaveLength(1);
  });

  it('is told only when it has lasted', async () => {
    await bench.addRule({ channelIds: [channelId], afterMin: 10 });
    bench.light('p1-3', 'red');
    await bench.advanceMin(9);
    bench.light('p1-4', 'red');
    expect(wecom.texts).toHaveLength(0);
    await bench.advanceMin(2);
    expect(wecom.texts).toHaveLength(1);
    expect(wecom.texts[0]).not.toContain('机位 4');
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
    await bench.addRule({ channelIds: [channelId], ...rule });
    bench.light('p1-3', 'red');
    await bench.advanceMin(3);
    expect(wecom.received).toHaveLength(0);
  });

  it('that flaps for an hour and a half makes few messages, then one long incident', async () => {
    await bench.addRule({ channelIds: [channelId] });
    for (let round = 0; round < 60; round += 1) {
      bench.light('p1-3', round % 2 === 0 ? 'red' : 'green');
      await bench.advance(100);
    }
    expect(wecom.texts.length).toBeLessThanOrEqual(4);
    const { items } = await bench.warnings.incidents.list({ limit: 100 }, null);
    expect(items.length).toBeLessThanOrEqual(3);
    expect(items[0]?.relapses).toBeGreaterThan(20);
  });

  it.each(['maintenance', 'disabled'] as const)(
    'never tells of %s, and closes what was open',
    async (code) => {
      await bench.addRule({ channelIds: [channelId] });
      bench.light('p1-3', 'red');
      bench.light('p1-3', 'grey', code);
      bench.light('p1-4', 'grey', code);
      await bench.advanceMin(10);
      expect(wecom.received).toHaveLength(0);
      const { items } = await bench.warnings.incidents.list({ limit: 10 }, null);
      expect(items).toMatchObject([{ subjectId: 'p1-3', closedBy: 'withdrawn' }]);
    },
  );

  it('that was removed is withdrawn', async () => {
    bench.light('p1-3', 'red');
    await bench.advance(5);
    bench.cameras.delete('p1-3');
    await bench.advance(5);
    const { items } = await bench.warnings.incidents.list({ limit: 10 }, null);
    expect(items).toMatchObject([{ closedBy: 'withdrawn' }]);
  });

  it('that gets worse is told again', async () => {
    await bench.addRule({ channelIds: [channelId] });
    bench.light('p1-3', 'yellow', 'snapshot-missed');
    await bench.advanceMin(2);
    bench.light('p1-3', 'red');
    await bench.advanceMin(2);
    bench.light('p1-3', 'yellow', 'snapshot-missed');
    await bench.advanceMin(2);
    bench.light('p1-3', 'red');
    await bench.advanceMin(2);
    expect(wecom.texts.map((text) => text.slice(0, 60))).toEqual([
      expect.stringContaining('黄灯'),
      expect.stringContaining('红灯'),
    ]);
  });
});

describe('many at once', () => {
  it('a site whose uplink is gone is one message with name and count, and one when it is back', async () => {
    await bench.addRule({ channelIds: [channelId] });
    for (let n = 1; n <= 20; n += 1) bench.light(`p1-${n}`, 'red');
    await bench.advance(10);
    for (let n = 21; n <= 30; n += 1) bench.light(`p1-${n}`, 'red');
    await bench.advance(40);
    expect(wecom.texts).toHaveLength(1);
    expect(wecom.texts[0]).toContain('赣江三桥：32 路摄像机中 30 路连不上');
    bench.light('p1-31', 'red');
    await bench.advanceMin(10);
    expect(wecom.texts).toHaveLength(1);
    for (let n = 1; n <= 31; n += 1) bench.light(`p1-${n}`, 'green');
    await bench.advanceMin(5);
    expect(wecom.texts).toHaveLength(2);
    expect(wecom.texts[1]).toContain('31 路摄像机已恢复');
  });

  it('60 projects within two minutes stay below 20 messages a minute, and none is lost', async () => {
    const dingtalk = await receiver('dingtalk', { secret: 'SEC-canary' });
    const other = await bench.addChannel(dingtalk, { kind: 'dingtalk', secret: 'SEC-canary' });
    for (let n = 0; n < 60; n += 1) bench.addProject(`q${n}`, `项目 ${n}`, 1);
    await bench.addRule({ channelIds: [channelId, other] });
    for (let n = 0; n < 60; n += 1) {
      bench.light(`q${n}-1`, 'red');
      await bench.advance(2);
    }
    await bench.advanceMin(3);
    for (const robot of [wecom, dingtalk]) {
      expect(robot.received.every(({ accepted }) => accepted)).toBe(true);
      const { items } = await bench.warnings.deliveries({ limit: 100, state: 'sent' });
      expect(
        items
          .filter((each) => each.channelId === channelId)
          .reduce((sum, { message }) => sum + message.count, 0),
      ).toBe(60);
    }
  });
});

describe('the chain', () => {
  it('goes on to district and city while nobody takes it on', async () => {
    const district = await receiver('dingtalk', { secret: 's1' });
    const city = await receiver('feishu', { secret: 's2' });
    const districtId = await bench.addChannel(district, { kind: 'dingtalk', secret: 's1' });
    const cityId = await bench.addChannel(city, { kind: 'feishu', secret: 's2' });
    await bench.addRule({
      channelIds: [channelId],
      escalation: [
        { name: '红谷滩区', afterMin: 30, channelIds: [districtId] },
        { name: '市重点办', afterMin: 60, channelIds: [cityId] },
      ],
    });
    bench.light('p1-3', 'red');
    bench.light('p1-4', 'red');
    await bench.advanceMin(29);
    expect(district.texts).toHaveLength(0);
    await bench.advanceMin(3);
    expect(district.texts).toHaveLength(1);
    expect(district.texts[0]).toContain('升级至红谷滩区');
    const { items } = await bench.warnings.incidents.list({ limit: 10, state: 'escalated' }, null);
    expect(items).toHaveLength(2);
    const third = items.find(({ subjectId }) => subjectId === 'p1-3');
    await bench.warnings.incidents.acknowledge(
      third?.id ?? '',
      { kind: 'user', id: 'u1', name: '王工' },
      '已派人',
    );
    await bench.advanceMin(60);
    expect(city.texts).toHaveLength(1);
    expect(city.texts[0]).toContain('机位 4');
    expect(city.texts[0]).not.toContain('机位 3');
    expect(wecom.texts).toHaveLength(1);
  });

  it('opens again for what was taken on as yellow and became red', async () => {
    bench.light('p1-3', 'yellow', 'snapshot-missed');
    await bench.advance(2);
    const [first] = (await bench.warnings.incidents.list({ limit: 1 }, null)).items;
    const by = { kind: 'user', id: 'u1', name: '王工' } as const;
    await bench.warnings.incidents.acknowledge(first?.id ?? '', by, '');
    await expect(bench.warnings.incidents.acknowledge(first?.id ?? '', by, '')).rejects.toThrow(/王工/);
    bench.light('p1-3', 'red');
    await bench.advance(2);
    expect((await bench.warnings.incidents.list({ limit: 10, state: 'open' }, null)).items).toHaveLength(1);
  });
});

describe('quiet hours and digests', () => {
  const quietHours = { from: '22:00', to: '07:00', redBreaksThrough: false };

  it('hold messages back until the morning; what is over by then is told as over', async () => {
    await bench.stop();
    bench = await new WarningsBench('2026-11-23T15:00:00.000Z').start();
    bench.addProject('p1', '赣江三桥', 32);
    channelId = await bench.addChannel(wecom, { kind: 'wecom' });
    await bench.addRule({ channelIds: [channelId], quietHours });
    bench.light('p1-1', 'red');
    bench.light('p1-2', 'red');
    await bench.advanceMin(20);
    bench.light('p1-1', 'green');
    await bench.advanceMin(2);
    bench.clock.setWallClock('2026-11-23T22:59:00.000Z');
    await bench.advance(55);
    expect(wecom.texts).toHaveLength(0);
    await bench.advanceMin(1);
    expect(wecom.texts).toHaveLength(1);
    expect(wecom.texts[0]).toContain('机位 2：连不上');
    expect(wecom.texts[0]).toContain('✓ 赣江三桥 · 机位 1：已恢复');
  });

  it('let red through where the rule says so', async () => {
    bench.clock.setWallClock('2026-11-23T15:00:00.000Z');
    await bench.addRule({ channelIds: [channelId], quietHours: { ...quietHours, redBreaksThrough: true } });
    bench.light('p1-1', 'red');
    bench.light('p1-2', 'yellow', 'blurred');
    await bench.advanceMin(2);
    expect(wecom.texts).toHaveLength(1);
    expect(wecom.texts[0]).not.toContain('机位 2');
  });

  it('gather half an hour into one message', async () => {
    await bench.addRule({ channelIds: [channelId], digest: { kind: 'every', minutes: 30 } });
    await bench.advanceMin(1);
    bench.light('p1-1', 'red');
    await bench.advanceMin(10);
    bench.light('p2-1', 'yellow', 'blurred');
    await bench.advanceMin(18);
    expect(wecom.texts).toHaveLength(0);
    await bench.advanceMin(2);
    expect(wecom.texts).toHaveLength(1);
    expect(wecom.texts[0]).toContain('2 个项目（2 项）');
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
    await bench.addRule({ channelIds: [channelId], sources: ['step'] });
    bench.setSteps([step('yellow', '2026-11-30')]);
    await bench.advanceMin(2);
    bench.setSteps([step('red', '2026-11-20')]);
    await bench.advanceMin(2);
    bench.setSteps([step('green', '2026-11-20')]);
    await bench.advanceMin(2);
    expect(wecom.texts).toHaveLength(3);
    expect(wecom.texts[0]).toContain('环节“桩基”还剩 7 天（2026-11-30 到期），市城投 张工');
    expect(wecom.texts[1]).toContain('环节“桩基”逾期 3 天');
    expect(wecom.texts[2]).toContain('不再预警');
  });
});

describe('what fails', () => {
  it('is tried again with longer waits, and arrives once', async () => {
    wecom.instead = (response) => response.writeHead(503).end();
    await bench.addRule({ channelIds: [channelId] });
    bench.light('p1-1', 'red');
    await bench.advanceMin(10);
    const tries = wecom.received.map(({ atMs }) => atMs);
    expect(tries.length).toBeGreaterThan(4);
    expect(tries.length).toBeLessThan(9);
    expect(bench.warnings.channelState(channelId)).toMatchObject({
      waiting: 1,
      fault: { code: 'receiver-error' },
    });
    wecom.instead = null;
    await bench.advanceMin(12);
    expect(wecom.texts).toHaveLength(1);
    expect(bench.warnings.channelState(channelId)).toMatchObject({ waiting: 0, fault: null });
  });

  it('for good is not tried again, is shown, and keeps nothing else from going', async () => {
    const bad = await bench.warnings.channels.patch(channelId, {
      url: wecom.url.replace(wecom.token, 'gone'),
    });
    await bench.addRule({ channelIds: [bad.id] });
    bench.light('p1-1', 'red');
    await bench.advanceMin(5);
    expect(wecom.received).toHaveLength(1);
    expect(bench.warnings.channelState(channelId).fault?.message).toMatch(/does not know this robot/);
    await bench.warnings.channels.patch(channelId, { url: wecom.url });
    bench.light('p2-1', 'red');
    await bench.advanceMin(2);
    expect(wecom.texts).toHaveLength(1);
  });

  it('by the robot’s limit rests the channel as long as the robot says', async () => {
    await bench.addRule({ channelIds: [channelId] });
    wecom.instead = (response) => response.end('{"errcode":45009,"errmsg":"api freq out of limit"}');
    bench.light('p1-1', 'red');
    await bench.advance(25);
    wecom.instead = null;
    await bench.advance(50);
    expect(wecom.received).toHaveLength(1);
    await bench.advance(30);
    expect(wecom.texts).toHaveLength(1);
  });
});

describe('a restart', () => {
  it('at any second loses nothing and doubles nothing', async () => {
    await bench.addRule({
      channelIds: [channelId],
      escalation: [{ name: '区', afterMin: 1, channelIds: [channelId] }],
    });
    bench.light('p1-1', 'red');
    for (let second = 0; second < 100; second += 1) {
      if (second === 40)
        bench.changes.record({
          schema: 1,
          at: new Date(bench.clock.now()).toISOString(),
          cameraId: 'p2-1',
          from: 'green',
          to: 'red',
          reasons: [],
        });
      await bench.advance(1);
      await bench.restart();
    }
    await bench.advanceMin(3);
    const texts = wecom.texts.join('\n---\n');
    expect(texts.match(/机位 1：连不上/g)).toHaveLength(4);
    expect(wecom.texts.filter((text) => text.includes('升级至区'))).toHaveLength(2);
    expect(wecom.texts).toHaveLength(4);
  });

  it('the very first tells only of what is wrong now', async () => {
    await bench.stop();
    bench = new WarningsBench();
    bench.addProject('p1', 'A', 2);
    bench.light('p1-1', 'red');
    bench.light('p1-1', 'green');
    bench.light('p1-2', 'red');
    await bench.start();
    const { items } = await bench.warnings.incidents.list({ limit: 10 }, null);
    expect(items).toMatchObject([{ subjectId: 'p1-2' }]);
  });
});

describe('announcements of other stages', () => {
  it('are sent once for each id, behind alarms', async () => {
    const sms = await receiver('http');
    const http = { template: '{"id":"{id}","to":"{to}","text":"{text}"}' };
    const smsId = await bench.addChannel(sms, { kind: 'http', http });
    const push = {
      id: 'push-2026-11-23-u1',
      channelId: smsId,
      title: '周一',
      lines: ['赣江三桥 "红灯"'],
      link: null,
      to: '13800000000',
    };
    expect(await bench.warnings.announce(push)).toBe(true);
    expect(await bench.warnings.announce(push)).toBe(false);
    await bench.restart();
    expect(await bench.warnings.announce(push)).toBe(false);
    await bench.advance(5);
    expect(sms.received.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
      { id: push.id, to: push.to, text: '赣江三桥 "红灯"' },
    ]);
    expect(sms.received[0]?.headers['idempotency-key']).toBe(push.id);
  });
});
