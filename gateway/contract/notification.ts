import { z } from 'zod';
import { id, page, pageQuery, timestamp } from './common.ts';
import { reasonCode } from './health.ts';

/** Group robots of WeCom (企业微信), DingTalk (钉钉) and Feishu (飞书), and any HTTP receiver such as an SMS gateway. */
export const channelKind = z.enum(['wecom', 'dingtalk', 'feishu', 'http']);
export type ChannelKind = z.infer<typeof channelKind>;

/** Stars or dots in place of a secret: what a page shows must never be saved as the secret itself. */
const isMask = (value: string): boolean => /[*•●·…]{3,}|\.{4,}/u.test(value);
const notMasked = { message: 'this is a mask, not the value itself: enter it anew, or leave it out' };

const webhookUrl = z
  .url({ protocol: /^https?$/ })
  .max(2000)
  .refine((value) => !isMask(value), notMasked)
  .refine((value) => !URL.canParse(value) || new URL(value).username === '', {
    message: 'no user name before the host: use a header',
  })
  .describe('The whole webhook address, as the robot shows it; a private host is as good. Never comes back');
const secretText = z
  .string()
  .min(1)
  .max(500)
  .refine((value) => !isMask(value), notMasked);

const headerName = z.string().regex(/^[A-Za-z0-9-]{1,64}$/, 'letters, digits and -');
const headers = z
  .record(
    headerName,
    z
      .string()
      .max(2000)
      .regex(/^[^\r\n\0]*$/, 'one line')
      .refine((value) => !isMask(value), notMasked),
  )
  .refine((value) => Object.keys(value).length <= 20, '20 headers at most')
  .describe('Sent with each message; {secret} stands for the secret. Values never come back');

const httpShape = {
  method: z.enum(['POST', 'PUT', 'GET']),
  bodyType: z.enum(['json', 'form', 'none']).describe('How the values in the template are escaped'),
  template: z
    .string()
    .max(8000)
    .describe(
      'The body with {placeholders}: id, at, title, text, light, project, count, link, to, secret. In JSON write them inside quotes. Put keys into the secret, for the template can be read',
    ),
};

/** A message of the generic kind. */
export const httpTemplate = z.strictObject({
  method: httpShape.method.default('POST'),
  bodyType: httpShape.bodyType.default('json'),
  template: httpShape.template.default('{"id":"{id}","title":"{title}","text":"{text}","link":"{link}"}'),
  headers: headers.default({}),
});

const name = z.string().trim().min(1).max(120);
const language = z.enum(['zh-CN', 'en']).describe('Language of the messages');
const messageType = z.enum(['markdown', 'text']).describe('Form of WeCom and DingTalk messages');

/** Body of POST /api/v1/notification-channels. */
export const channelCreate = z.strictObject({
  name,
  kind: channelKind,
  language: language.default('zh-CN'),
  messageType: messageType.default('markdown'),
  enabled: z.boolean().default(true),
  url: webhookUrl,
  secret: secretText
    .optional()
    .describe('Signing secret (加签) of DingTalk and Feishu; {secret} of the generic kind'),
  http: httpTemplate.optional().describe('For the generic kind alone'),
});
export type ChannelCreate = z.infer<typeof channelCreate>;

/** Body of PATCH /api/v1/notification-channels/{id}; what is left out stays. Another host asks for the secrets again. */
export const channelPatch = z.strictObject({
  name: name.optional(),
  language: language.optional(),
  messageType: messageType.optional(),
  enabled: z.boolean().optional(),
  url: webhookUrl.optional(),
  secret: secretText.nullable().optional().describe('null takes it away'),
  http: z
    .strictObject({
      method: httpShape.method.optional(),
      bodyType: httpShape.bodyType.optional(),
      template: httpShape.template.optional(),
      headers: headers.optional(),
    })
    .optional(),
});
export type ChannelPatch = z.infer<typeof channelPatch>;

/** Why a message did not arrive. */
export const deliveryFaultCode = z.enum([
  'unreachable',
  'too-slow',
  'certificate',
  'address-not-allowed',
  'redirected',
  'refused-token',
  'refused-sign',
  'refused-keyword',
  'refused-address',
  'rate-limited',
  'refused',
  'receiver-error',
  'not-understood',
  'bad-template',
  'secret-unreadable',
  'too-old',
]);
export type DeliveryFaultCode = z.infer<typeof deliveryFaultCode>;

export const deliveryFault = z.strictObject({
  code: deliveryFaultCode,
  message: z.string().describe('Plain sentence: what happened and what to do'),
});
export type DeliveryFault = z.infer<typeof deliveryFault>;

/** A channel as listed: where it leads is told by host name alone, its secrets not at all. */
export const notificationChannel = z.strictObject({
  id,
  name: z.string(),
  kind: channelKind,
  language,
  messageType,
  enabled: z.boolean(),
  hostName: z.string(),
  hasSecret: z.boolean(),
  http: z.strictObject({ ...httpShape, headerNames: z.array(z.string()) }).nullable(),
  waiting: z.number().int().describe('Messages not sent yet'),
  lastSentAt: timestamp.nullable(),
  fault: z
    .strictObject({ ...deliveryFault.shape, at: timestamp })
    .nullable()
    .describe('Of the last try'),
  createdAt: timestamp,
});
export type NotificationChannel = z.infer<typeof notificationChannel>;
export const channelPage = page(notificationChannel);

/** Reply of POST /api/v1/notification-channels/{id}/test. */
export const channelTest = z.strictObject({
  ok: z.boolean(),
  code: deliveryFaultCode.nullable(),
  message: z.string(),
  ms: z.number().int(),
});
export type ChannelTest = z.infer<typeof channelTest>;

const clockTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'HH:MM')
  .describe('HH:MM in the site’s time zone');
const minutes = z.number().int().min(0).max(43_200);
const channelIds = z.array(id).min(1).max(20);
const words = z.array(z.string().trim().min(1).max(200)).max(200);

const ruleShape = {
  name,
  enabled: z.boolean(),
  scope: z
    .strictObject({
      projectIds: z.array(id).max(1000).default([]),
      units: words.default([]),
      districts: words.default([]),
    })
    .describe('A project must be in each list that is not empty; all empty: every project'),
  sources: z
    .array(z.enum(['camera', 'step']))
    .min(1)
    .max(2),
  lights: z
    .array(z.enum(['yellow', 'red']))
    .min(1)
    .max(2),
  afterMin: minutes.describe('Only what has lasted this long'),
  reasons: z.array(reasonCode).max(30).describe('Only cameras with one of these; empty: any, and steps'),
  channelIds,
  quietHours: z
    .strictObject({
      from: clockTime,
      to: clockTime,
      redBreaksThrough: z.boolean().default(true),
    })
    .nullable(),
  digest: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('immediate') }),
    z.strictObject({ kind: z.literal('every'), minutes: z.number().int().min(5).max(1440) }),
    z.strictObject({ kind: z.literal('daily'), at: clockTime }),
  ]),
  escalation: z
    .array(
      z.strictObject({
        name: name.describe('Who hears now, such as 区县 or 市重点办'),
        afterMin: z
          .number()
          .int()
          .min(1)
          .max(43_200)
          .describe('Minutes after the first message without an acknowledgement'),
        channelIds,
      }),
    )
    .max(5)
    .refine(
      (steps) => steps.every(({ afterMin }, at) => at === 0 || afterMin > (steps[at - 1]?.afterMin ?? 0)),
      {
        message: 'each step must come later than the one before',
      },
    ),
  recovery: z.boolean().describe('Tell when it is over'),
};

/** Body of POST /api/v1/notification-rules. */
export const ruleCreate = z.strictObject({
  ...ruleShape,
  enabled: ruleShape.enabled.default(true),
  scope: ruleShape.scope.prefault({}),
  sources: ruleShape.sources.default(['camera', 'step']),
  lights: ruleShape.lights.default(['yellow', 'red']),
  afterMin: ruleShape.afterMin.default(0),
  reasons: ruleShape.reasons.default([]),
  quietHours: ruleShape.quietHours.default(null),
  digest: ruleShape.digest.default({ kind: 'immediate' }),
  escalation: ruleShape.escalation.default([]),
  recovery: ruleShape.recovery.default(true),
});
export type RuleCreate = z.infer<typeof ruleCreate>;

/** Body of PATCH /api/v1/notification-rules/{id}; what is left out stays. */
export const rulePatch = z.strictObject(ruleShape).partial();
export type RulePatch = z.infer<typeof rulePatch>;

/** Who hears of what, when. */
export const notificationRule = z.strictObject({ id, ...ruleShape, createdAt: timestamp });
export type NotificationRule = z.infer<typeof notificationRule>;
export const rulePage = page(notificationRule);

/** One message on its way to a channel, or arrived, or given up. */
export const notificationDelivery = z.strictObject({
  id,
  channelId: id,
  channelName: z.string(),
  title: z.string(),
  count: z.number().int().describe('Things told in it'),
  state: z.enum(['waiting', 'sent', 'failed']),
  attempts: z.number().int(),
  createdAt: timestamp,
  nextTryAt: timestamp.nullable(),
  sentAt: timestamp.nullable(),
  fault: deliveryFault.nullable().describe('Of the last try'),
});
export type NotificationDelivery = z.infer<typeof notificationDelivery>;
export const deliveryPage = page(notificationDelivery);

/** Query of GET /api/v1/notification-deliveries; newest first. */
export const deliveryQuery = z.strictObject({
  ...pageQuery.shape,
  channelId: id.optional(),
  state: notificationDelivery.shape.state.optional(),
});
export type DeliveryQuery = z.infer<typeof deliveryQuery>;
