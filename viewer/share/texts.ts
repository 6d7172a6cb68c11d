import { defineTexts } from '../i18n/define-texts.ts';

/** The page behind a share link. */
export const shareTexts = defineTexts({
  'share.left': { zh: '链接还有 {{time}} 到期', en: 'Link ends in {{time}}' },
  'share.endedHead': { zh: '这个链接已经打不开', en: 'This link no longer opens' },
  'share.endedWhy': {
    zh: '它可能已到期或被收回。请向发给您的人再要一个。',
    en: 'It may have ended or been withdrawn. Ask whoever sent it for a new one.',
  },
  'share.notice': {
    zh: '画面含施工现场人员，请勿转发；每次查看均留痕。',
    en: 'Pictures show people at work. Do not pass them on; every viewing is logged.',
  },
  'share.then': { zh: '之前', en: 'Before' },
  'share.now': { zh: '之后', en: 'After' },
  'share.slider': { zh: '左右拖动，对比两张画面', en: 'Drag left and right to compare the two pictures' },
  'share.pictureOf': { zh: '{{camera}}，{{time}}', en: '{{camera}}, {{time}}' },
  'share.sound': { zh: '打开声音', en: 'Sound on' },
  'share.mute': { zh: '静音', en: 'Sound off' },
  'share.full': { zh: '全屏', en: 'Full screen' },
  'share.brand': { zh: '龙门', en: 'Gantry' },
});
