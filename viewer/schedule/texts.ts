import { defineTexts } from '../i18n/define-texts.ts';

/** When pictures are taken. */
export const scheduleTexts = defineTexts({
  'schedule.label': { zh: '快照计划', en: 'Snapshot schedule' },
  'schedule.site': { zh: '按网关的计划', en: 'As the gateway' },
  'schedule.every': {
    zh: '每 {{minutes}} 分钟，06:30 至 18:30',
    en: 'Every {{minutes}} min, 06:30 to 18:30',
  },
  'schedule.own': { zh: '自定…', en: 'Own…' },
  'schedule.everyMin': { zh: '间隔（分钟）', en: 'Every (minutes)' },
  'schedule.from': { zh: '从', en: 'From' },
  'schedule.to': { zh: '到', en: 'To' },
  'schedule.weekdays': { zh: '星期', en: 'Days' },
  'schedule.cron': {
    zh: '这台用的是 cron 表达式 {{cron}}，选别的计划即可替换。',
    en: 'This camera has the cron expression {{cron}}; choose another schedule to replace it.',
  },
  'schedule.plan': {
    zh: '这台用的是多段计划，选别的计划即可替换。',
    en: 'This camera has a plan of several parts; choose another schedule to replace it.',
  },
  'schedule.aDay': { zh: '每天 {{count}} 张', en: { one: '{{count}} a day', other: '{{count}} a day' } },
});
