import { useSignal } from '@preact/signals';
import type { NotificationChannel } from '../../gateway/contract/notification.ts';
import { notificationGateway } from '../api/notification-gateway.ts';
import { translate } from '../i18n/translate.ts';
import { Segments } from '../shell/segments.tsx';
import { creationOf, draftOf, patchOf } from './channel-draft.ts';
import type { ChannelDraft } from './channel-draft.ts';
import { CheckField } from './check-field.tsx';
import { FormFrame } from './form-frame.tsx';
import { HttpFields } from './http-fields.tsx';

const KINDS = ['wecom', 'dingtalk', 'feishu', 'http'] as const;

interface ChannelFormProps {
  /** null: a new one. */
  channel: NotificationChannel | null;
  onClose: () => void;
}

/** Adds a channel or changes one; address and secret left empty stay as they are. */
export function ChannelForm({ channel, onClose }: ChannelFormProps) {
  const draft = useSignal(draftOf(channel));
  const set = (change: Partial<ChannelDraft>): void => {
    draft.value = { ...draft.value, ...change };
  };
  const { kind, name, url, language, enabled } = draft.value;
  const save = (): Promise<unknown> =>
    channel === null
      ? notificationGateway.createChannel(creationOf(draft.value))
      : notificationGateway.changeChannel(channel.id, patchOf(draft.value));
  const complete = name.trim() !== '' && (channel !== null || url.trim() !== '');
  return (
    <FormFrame label={translate('notify.channels')} complete={complete} save={save} onClose={onClose}>
      {channel === null ? (
        <div class="g-field wide">
          <span class="label">{translate('notify.kind')}</span>
          <Segments
            label={translate('notify.kind')}
            value={kind}
            choices={KINDS.map((value) => ({ value, label: translate(`notify.kind.${value}`) }))}
            onPick={(value) => set({ kind: value })}
          />
        </div>
      ) : null}
      <div class="g-field">
        <label for="channel-name">{translate('notify.name')}</label>
        <input
          id="channel-name"
          class="g-input"
          maxLength={120}
          autocomplete="off"
          placeholder={translate('notify.channelNameHint')}
          value={name}
          onInput={(event) => set({ name: event.currentTarget.value })}
        />
      </div>
      <SecretField
        id="channel-url"
        label={translate('notify.url')}
        placeholder={channel === null ? 'https://' : translate('notify.urlKept', { host: channel.hostName })}
        value={url}
        onInput={(value) => set({ url: value })}
      />
      {kind === 'wecom' ? null : (
        <SecretField
          id="channel-secret"
          label={translate(kind === 'http' ? 'notify.secretHttp' : 'notify.secret')}
          placeholder={channel?.hasSecret === true ? translate('notify.secretKept') : ''}
          value={draft.value.secret}
          onInput={(value) => set({ secret: value })}
        />
      )}
      <div class="g-field">
        <span class="label">{translate('notify.language')}</span>
        <Segments
          label={translate('notify.language')}
          value={language}
          choices={[
            { value: 'zh-CN', label: translate('notify.chinese') },
            { value: 'en', label: translate('notify.english') },
          ]}
          onPick={(value) => set({ language: value })}
        />
      </div>
      {kind === 'http' ? <HttpFields channel={channel} draft={draft.value} set={set} /> : null}
      <CheckField
        label={translate('notify.enabled')}
        value={enabled}
        onChange={(value) => set({ enabled: value })}
      />
    </FormFrame>
  );
}

interface SecretFieldProps {
  id: string;
  label: string;
  placeholder: string;
  value: string;
  onInput: (value: string) => void;
}

/** Shown while it is entered, never afterwards; browsers are not to keep it. */
function SecretField({ id, label, placeholder, value, onInput }: SecretFieldProps) {
  return (
    <div class="g-field">
      <label for={id}>{label}</label>
      <input
        id={id}
        class="g-input"
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        maxLength={2000}
        placeholder={placeholder}
        value={value}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </div>
  );
}
