import { defineTexts } from '../i18n/define-texts.ts';

/** Words in times and measures. */
export const formatTexts = defineTexts({
  'time.justNow': { zh: '刚刚', en: 'just now' },
  'time.secondsAgo': { zh: '{{count}} 秒前', en: '{{count}} s ago' },
  'time.minutesAgo': { zh: '{{count}} 分钟前', en: '{{count}} min ago' },
  'time.hoursAgo': { zh: '{{count}} 小时前', en: '{{count}} h ago' },
  'time.lessThanMinute': { zh: '不到 1 分钟', en: 'under a minute' },
  'time.minutes': { zh: '{{count}} 分钟', en: '{{count}} min' },
  'time.hours': { zh: '{{hours}} 小时 {{minutes}} 分', en: '{{hours}} h {{minutes}} min' },
  'time.days': { zh: '{{days}} 天 {{hours}} 小时', en: '{{days}} d {{hours}} h' },
  'time.seconds': { zh: '{{seconds}} 秒', en: '{{seconds}} s' },
  'time.month': { zh: '{{year}} 年 {{month}} 月', en: '{{month}}/{{year}}' },
  'time.weekday1': { zh: '周一', en: 'Mon' },
  'time.weekday2': { zh: '周二', en: 'Tue' },
  'time.weekday3': { zh: '周三', en: 'Wed' },
  'time.weekday4': { zh: '周四', en: 'Thu' },
  'time.weekday5': { zh: '周五', en: 'Fri' },
  'time.weekday6': { zh: '周六', en: 'Sat' },
  'time.weekday7': { zh: '周日', en: 'Sun' },
  'time.day1': { zh: '一', en: 'M' },
  'time.day2': { zh: '二', en: 'T' },
  'time.day3': { zh: '三', en: 'W' },
  'time.day4': { zh: '四', en: 'T' },
  'time.day5': { zh: '五', en: 'F' },
  'time.day6': { zh: '六', en: 'S' },
  'time.day7': { zh: '日', en: 'S' },
});
