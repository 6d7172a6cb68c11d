import type { ChannelPatch, NotificationChannel } from '../../gateway/contract/notification.ts';
import type { NewChannel } from '../api/notification-gateway.ts';

/** The fields of the form; an empty secret stays as it is. */
export interface ChannelDraft {
  kind: NotificationChannel['kind'];
  name: string;
  url: string;
  secret: string;
  language: NotificationChannel['language'];
  enabled: boolean;
  method: 'POST' | 'PUT' | 'GET';
  bodyType: 'json' | 'form' | 'none';
  template: string;
  headers: string;
}

const TEMPLATE = '{"mobile":"{to}","content":"{title} {text} {link}","id":"{id}"}';

const fresh: ChannelDraft = {
  kind: 'wecom',
  name: '',
  url: '',
  secret: '',
  language: 'zh-CN',
  enabled: true,
  method: 'POST',
  bodyType: 'json',
  template: TEMPLATE,
  headers: '',
};

/** What the form begins with. */
export function draftOf(channel: NotificationChannel | null): ChannelDraft {
  if (channel === null) return fresh;
  const { kind, name, language, enabled, http } = channel;
  const { method, bodyType, template } = http ?? fresh;
  return { ...fresh, kind, name, language, enabled, method, bodyType, template };
}

/** Body of the request that changes a channel: secrets only where something was entered. */
export function patchOf(draft: ChannelDraft): ChannelPatch {
  const { name, url, secret, language, enabled, method, bodyType, template } = draft;
  const headers = headersOf(draft.headers);
  return {
    name: name.trim(),
    language,
    enabled,
    ...(url.trim() !== '' && { url: url.trim() }),
    ...(secret !== '' && { secret }),
    ...(draft.kind === 'http' && {
      http: { method, bodyType, template, ...(Object.keys(headers).length > 0 && { headers }) },
    }),
  };
}

/** Body of the request that makes a channel. */
export function creationOf(draft: ChannelDraft): NewChannel {
  const { name, kind, url } = draft;
  return { ...patchOf(draft), name: name.trim(), kind, url: url.trim() };
}

/** `Name: value` a line; lines without a colon are passed over. */
export function headersOf(text: string): Record<string, string> {
  const pairs = text.split('\n').flatMap((line) => {
    const [, name, value] = /^\s*([^:\s]+)\s*:\s*(.*?)\s*$/.exec(line) ?? [];
    return name === undefined ? [] : [[name, value ?? ''] as const];
  });
  return Object.fromEntries(pairs);
}
