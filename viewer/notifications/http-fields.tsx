import type { NotificationChannel } from '../../gateway/contract/notification.ts';
import { translate } from '../i18n/translate.ts';
import { Segments } from '../shell/segments.tsx';
import type { ChannelDraft } from './channel-draft.ts';

interface HttpFieldsProps {
  channel: NotificationChannel | null;
  draft: ChannelDraft;
  set: (change: Partial<ChannelDraft>) => void;
}

/** How a receiver of one's own wants to be spoken to. */
export function HttpFields({ channel, draft, set }: HttpFieldsProps) {
  const names = channel?.http?.headerNames.join(', ') ?? '';
  return (
    <>
      <div class="g-field">
        <span class="label">{translate('notify.method')}</span>
        <Segments
          label={translate('notify.method')}
          value={draft.method}
          choices={(['POST', 'PUT', 'GET'] as const).map((value) => ({ value, label: value }))}
          onPick={(method) => set({ method })}
        />
      </div>
      <div class="g-field">
        <span class="label">{translate('notify.bodyType')}</span>
        <Segments
          label={translate('notify.bodyType')}
          value={draft.bodyType}
          choices={[
            { value: 'json', label: translate('notify.bodyJson') },
            { value: 'form', label: translate('notify.bodyForm') },
            { value: 'none', label: translate('notify.bodyNone') },
          ]}
          onPick={(bodyType) => set({ bodyType })}
        />
      </div>
      <div class="g-field wide">
        <label for="channel-template">{translate('notify.template')}</label>
        <textarea
          id="channel-template"
          class="g-input mono notify-area"
          rows={4}
          spellcheck={false}
          value={draft.template}
          onInput={(event) => set({ template: event.currentTarget.value })}
        />
        <span class="help">{translate('notify.templateHelp')}</span>
      </div>
      <div class="g-field wide">
        <label for="channel-headers">{translate('notify.headers')}</label>
        <textarea
          id="channel-headers"
          class="g-input mono notify-area"
          rows={2}
          autocomplete="off"
          spellcheck={false}
          placeholder={
            names === '' ? 'Authorization: Bearer {secret}' : translate('notify.headersKept', { names })
          }
          value={draft.headers}
          onInput={(event) => set({ headers: event.currentTarget.value })}
        />
      </div>
    </>
  );
}
