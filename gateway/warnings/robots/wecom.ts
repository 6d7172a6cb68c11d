import type { Message } from '../message.ts';
import { jsonOrder, judgeRobot, linesWithin, oneLine, plainInMarkdown } from './order.ts';
import type { Robot, RobotFaults } from './order.ts';

/** Limits of WeCom: developer.work.weixin.qq.com/document/path/91770. */
const MARKDOWN_BYTES = 4096;
const TEXT_BYTES = 2048;

/** WeCom's codes: developer.work.weixin.qq.com/document/path/90313. */
const faults: RobotFaults = {
  [-1]: { code: 'receiver-error', message: 'WeCom is busy', retryMs: 0 },
  45009: { code: 'rate-limited', message: 'WeCom takes 20 messages a minute from a robot', retryMs: 60_000 },
  45033: { code: 'rate-limited', message: 'WeCom has too many calls at once', retryMs: 10_000 },
  93000: { code: 'refused-token', message: 'WeCom does not know this robot: copy its webhook address anew' },
  93004: { code: 'refused-token', message: 'the robot was disabled or removed from the group' },
  93008: { code: 'refused-token', message: 'the robot is not in the group any more' },
  60020: {
    code: 'refused-address',
    message: 'WeCom does not accept the address of this gateway: add it to the robot’s list',
  },
};

/** A group robot of WeCom (企业微信群机器人). */
export const wecom: Robot = {
  order(message, channel, { url }) {
    if (channel.messageType === 'text') {
      const lines = [message.title, ...message.lines, message.link ?? []].flat().map(oneLine);
      return jsonOrder(url, { msgtype: 'text', text: { content: linesWithin(lines, TEXT_BYTES) } });
    }
    return jsonOrder(url, { msgtype: 'markdown', markdown: { content: markdownOf(message) } });
  },
  judge: (answer) => judgeRobot(answer, ['errcode'], faults),
};

const COLOURS = { red: 'warning', yellow: 'warning', green: 'info' } as const;

function markdownOf({ title, lines, light, link, linkWord }: Message): string {
  const head = `**<font color="${COLOURS[light]}">${plainInMarkdown(title)}</font>**`;
  const foot = link === null ? '' : `\n[${plainInMarkdown(linkWord)}](${link})`;
  const room = MARKDOWN_BYTES - Buffer.byteLength(head + foot) - 1;
  return `${head}\n${linesWithin(
    lines.map((line) => `> ${plainInMarkdown(line)}`),
    room,
  )}${foot}`;
}
