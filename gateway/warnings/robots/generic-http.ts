import { GatewayError } from '../../base/gateway-error.ts';
import type { Message } from '../message.ts';
import { decodedBraces } from '../decoded-braces.ts';
import { fillTemplate, parseTemplate } from '../template.ts';
import type { Escaping, Placeholder } from '../template.ts';
import { judgeStatus } from './order.ts';
import type { Robot } from './order.ts';

const CONTENT_TYPES = {
  json: 'application/json; charset=utf-8',
  form: 'application/x-www-form-urlencoded; charset=utf-8',
} as const;

/** Any HTTP receiver: address, headers and body from templates. The delivery's id stays the same at each try. */
export const genericHttp: Robot = {
  order(message, { http }, { url, secret, headers }) {
    if (!http) throw new GatewayError('internal', 'a generic channel has its template');
    const values = valuesOf(message, secret ?? '');
    const { method, bodyType, template } = http;
    const own = Object.entries(headers).map(([name, text]) => [name, fill(text, values, 'none')] as const);
    return {
      method,
      url: fill(decodedBraces(url), values, 'url'),
      headers: {
        'idempotency-key': message.id,
        ...(bodyType === 'none' ? {} : { 'content-type': CONTENT_TYPES[bodyType] }),
        ...Object.fromEntries(own),
      },
      body:
        bodyType === 'none' || method === 'GET'
          ? null
          : fill(template, values, bodyType === 'json' ? 'json' : 'url'),
    };
  },
  judge: judgeStatus,
};

function fill(text: string, values: Record<Placeholder, string>, escaping: Escaping): string {
  const parsed = parseTemplate(text);
  if (!parsed.ok) throw new GatewayError('bad-request', parsed.message);
  return fillTemplate(parsed.parts, values, escaping);
}

function valuesOf(message: Message, secret: string): Record<Placeholder, string> {
  const { id, at, title, lines, light, project, count, link, to } = message;
  return {
    id,
    at,
    title,
    text: lines.join('\n'),
    light,
    project,
    count: String(count),
    link: link ?? '',
    to,
    secret,
  };
}
