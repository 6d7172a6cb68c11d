import { defineTexts } from '../i18n/define-texts.ts';

/** The page of saved sign-ins. */
export const credentialsTexts = defineTexts({
  'credentials.title': { zh: '密码本', en: 'Saved sign-ins' },
  'credentials.lead': {
    zh: '同一批摄像机常用同一组用户名和密码。存在网关上，接入时直接选；密码加密保存，任何人都看不到。',
    en: 'Cameras of one batch mostly share a sign-in. Kept on the gateway for registration; passwords are encrypted and shown to nobody.',
  },
  'credentials.back': { zh: '回到设备接入', en: 'Back to registration' },
  'credentials.name': { zh: '名称', en: 'Name' },
  'credentials.namePlaceholder': { zh: '如：东院区 2026 批次', en: 'As in: East wing, batch 2026' },
  'credentials.username': { zh: '用户名', en: 'User name' },
  'credentials.password': { zh: '密码', en: 'Password' },
  'credentials.keepPassword': { zh: '不填则不变', en: 'Left empty, it stays' },
  'credentials.createdAt': { zh: '建立', en: 'Since' },
  'credentials.add': { zh: '新建一组', en: 'Add one' },
  'credentials.save': { zh: '保存', en: 'Save' },
  'credentials.cancel': { zh: '取消', en: 'Cancel' },
  'credentials.edit': { zh: '修改', en: 'Change' },
  'credentials.editNamed': { zh: '修改 {{name}}', en: 'Change {{name}}' },
  'credentials.remove': { zh: '删除', en: 'Delete' },
  'credentials.removeNamed': { zh: '删除 {{name}}', en: 'Delete {{name}}' },
  'credentials.removeAsk': {
    zh: '删除“{{name}}”？已接入的摄像机各自存有密码，不受影响。',
    en: 'Delete “{{name}}”? Registered cameras keep their own copy of the sign-in.',
  },
  'credentials.saved': { zh: '已保存', en: 'Saved' },
  'credentials.removed': { zh: '已删除“{{name}}”', en: '“{{name}}” is deleted' },
  'credentials.none': { zh: '密码本还是空的', en: 'No sign-in is saved yet' },
  'credentials.noneWhy': {
    zh: '存一组常用的用户名和密码，下次接入只要点选。',
    en: 'Save a user name and password that you use often; next time you only pick it.',
  },
});
