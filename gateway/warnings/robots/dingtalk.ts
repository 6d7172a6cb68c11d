import { createHmac } from 'node:crypto';
import type { Message } from '../message.ts';
import { jsonOrder, judgeRobot, linesWithin, oneLine, plainInMarkdown } from './order.ts';
import type { Robot, RobotFaults } from './order.ts';

/** DingTalk takes 20 KB a message, escapes included: open.dingtalk.com/document/robots/custom-robot-access. */
const MAX_BYTES = 9500;

/** Past its 20 messages a minute DingTalk shuts a robot out for ten. */
const SHUT_OUT_MS = 600_000;

const faults: RobotFaults = {
  [-1]: { code: 'receiver-error', message: 'DingTalk is busy', retryMs: 0 },
  130101: {
    code: 'rate-limited',
    message: 'DingTalk takes 20 messages a minute from a robot',
    retryMs: SHUT_OUT_MS,
  },
  410100: {
    code: 'rate-limited',
    message: 'DingTalk takes 20 messages a minute from a robot',
    retryMs: SHUT_OUT_MS,
  },
  90030: {
    code: 'rate-limited',
    message: 'DingTalk takes no more messages from this robot for now',
    retryMs: SHUT_OUT_MS,
  },
  300001: {
    code: 'refused-token',
    message: 'DingTalk does not know this robot: copy its webhook address anew',
  },
  400101: {
    code: 'refused-token',
    message: 'DingTalk does not know this robot: copy its webhook address anew',
  },
  400102: { code: 'refused-token', message: 'the robot was disabled' },
  310000: {
    code: 'refused-sign',
    message:
      'DingTalk refuses the message by the robot’s security settings: check the signing secret (加签) and the gateway’s clock, or whether a keyword or an address list is set',
  },
  430101: { code: 'refused-keyword', message: 'DingTalk does not like a link in the message' },
  430102: { code: 'refused-keyword', message: 'DingTalk does not like a word in the message' },
  430104: { code: 'refused-keyword', message: 'DingTalk does not like a word in the message' },
};

/** A custom robot of DingTalk (钉钉自定义机器人), signed where it has a secret. */
export const dingtalk: Robot = {
  order(message, channel, { url, secret }, nowMs) {
    const signed = secret === null ? url : signedUrl(url, secret, nowMs);
    if (channel.messageType === 'text') {
      const lines = [message.title, ...message.lines, message.link ?? []].flat().map(oneLine);
      return jsonOrder(signed, { msgtype: 'text', text: { content: linesWithin(lines, MAX_BYTES) } });
    }
    const markdown = { title: message.title, text: markdownOf(message) };
    return jsonOrder(signed, { msgtype: 'markdown', markdown });
  },
  judge: (answer) => judgeRobot(answer, ['errcode'], faults),
};

/** HMAC-SHA256 over `timestamp\nsecret` with the secret as its key, base64, in the query. */
function signedUrl(url: string, secret: string, nowMs: number): string {
  const signed = new URL(url);
  const sign = createHmac('sha256', secret).update(`${nowMs}\n${secret}`).digest('base64');
  signed.searchParams.set('timestamp', String(nowMs));
  signed.searchParams.set('sign', sign);
  return signed.href;
}

function markdownOf({ title, lines, link, linkWord }: Message): string {
  const head = `#### ${plainInMarkdown(title)}`;
  const foot = link === null ? '' : `\n\n[${plainInMarkdown(linkWord)}](${link})`;
  const items = lines.map((line) => `- ${plainInMarkdown(line)}`);
  return `${head}\n\n${linesWithin(items, MAX_BYTES - Buffer.byteLength(head + foot))}${foot}`;
}
