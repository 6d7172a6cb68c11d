import { RobotReceiver } from './robot-receiver.ts';
import { WarningsBench } from './warnings-bench.ts';

/** Two projects and a group whose WeCom robot hears of them; `stop` after the test. */
export interface ToldGroup {
  bench: WarningsBench;
  wecom: RobotReceiver;
  channelId: string;
  /** One more receiver by the bench's clock. */
  receiver(...args: ConstructorParameters<typeof RobotReceiver>): Promise<RobotReceiver>;
  stop(): Promise<void>;
}

/** Starts it; 14:00 in Shanghai unless another instant is given. */
export async function toldGroup(startsAt?: string): Promise<ToldGroup> {
  const bench = await new WarningsBench(startsAt).start();
  const receivers: RobotReceiver[] = [];
  const receiver: ToldGroup['receiver'] = async (kind, options) => {
    const made = await new RobotReceiver(kind, { now: () => bench.clock.now(), ...options }).start();
    receivers.push(made);
    return made;
  };
  bench.addProject('p1', '赣江三桥', 32, { district: '红谷滩区', unit: '市城投' });
  bench.addProject('p2', '地铁 5 号线', 2, { district: '东湖区' });
  const wecom = await receiver('wecom');
  const channelId = await bench.addChannel(wecom, { kind: 'wecom' });
  return {
    bench,
    wecom,
    channelId,
    receiver,
    async stop() {
      await bench.stop();
      for (const made of receivers) await made.stop();
    },
  };
}
