import { createHmac } from 'node:crypto';
import { jsonOrder, judgeRobot, linesWithin, oneLine } from './order.ts';
import type { Robot, RobotFaults } from './order.ts';

/** Feishu takes 20 KB a message, escapes included: open.feishu.cn/document/client-docs/bot-v3/add-custom-bot. */
const MAX_BYTES = 9500;
/** What a line costs beside its text: its tags, and escapes. */
const LINE_BYTES = 60;

const faults: RobotFaults = {
  9499: { code: 'refused', message: 'Feishu does not understand the message' },
  11232: {
    code: 'rate-limited',
    message: 'Feishu takes 100 messages a minute and 5 a second from a robot',
    retryMs: 60_000,
  },
  19001: { code: 'refused-token', message: 'Feishu does not know this robot: copy its webhook address anew' },
  19002: { code: 'refused', message: 'Feishu does not understand the message' },
  19021: {
    code: 'refused-sign',
    message: 'Feishu refuses the signature: check the signing secret (签名校验) and the gateway’s clock',
  },
  19022: {
    code: 'refused-address',
    message: 'Feishu does not accept the address of this gateway: add it to the robot’s list',
  },
  19024: {
    code: 'refused-keyword',
    message: 'the message has none of the robot’s keywords: add 龙门 to them',
  },
  19036: { code: 'refused', message: 'the group does not exist any more' },
};

/** A custom robot of Feishu (飞书自定义机器人), signed where it has a secret; its rich text needs no escapes. */
export const feishu: Robot = {
  order({ title, lines, link, linkWord }, channel, { url, secret }, nowMs) {
    const text = linesWithin(lines.map(oneLine), MAX_BYTES, LINE_BYTES).split('\n');
    const content = [
      ...text.map((line) => [{ tag: 'text', text: line }]),
      ...(link === null ? [] : [[{ tag: 'a', text: linkWord, href: link }]]),
    ];
    const language = channel.language === 'en' ? 'en_us' : 'zh_cn';
    const body = { msg_type: 'post', content: { post: { [language]: { title, content } } } };
    return jsonOrder(url, secret === null ? body : { ...signOf(secret, nowMs), ...body });
  },
  judge: (answer) => judgeRobot(answer, ['code', 'StatusCode'], faults),
};

/** HMAC-SHA256 over nothing with `timestamp\nsecret` as its key, base64; the timestamp in seconds. */
function signOf(secret: string, nowMs: number): { timestamp: string; sign: string } {
  const timestamp = String(Math.floor(nowMs / 1000));
  return { timestamp, sign: createHmac('sha256', `${timestamp}\n${secret}`).update('').digest('base64') };
}
