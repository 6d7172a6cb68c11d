import { useSignal } from '@preact/signals';
import { translate } from '../i18n/translate.ts';
import { Icon } from '../icons/icon.tsx';
import { Segments } from '../shell/segments.tsx';
import { isNetwork, readHosts } from './found-device.ts';
import type { DeviceSearch } from './device-search.ts';

type Method = 'multicast' | 'scan' | 'host';

const MULTICAST_SEC = 6;
const HOST_SEC = 15;
const SCAN_SEC = 120;

/** How to search: the gateway's own networks, a network given, or addresses given. */
export function SearchBar({ search }: { search: DeviceSearch }) {
  const method = useSignal<Method>('multicast');
  const text = useSignal('');
  const running = search.running.value;
  const kind = method.value;
  const hosts = readHosts(text.value);
  const valid = kind === 'multicast' || (kind === 'scan' ? isNetwork(text.value) : hosts.length > 0);
  const submit = (event: Event) => {
    event.preventDefault();
    if (running) return search.cancel();
    if (!valid) return;
    if (kind === 'multicast') void search.search({ method: kind, timeoutSec: MULTICAST_SEC });
    if (kind === 'scan') void search.search({ method: kind, cidr: text.value.trim(), timeoutSec: SCAN_SEC });
    if (kind === 'host') void search.search({ method: kind, hosts, timeoutSec: HOST_SEC });
  };
  const bad = text.value !== '' && !valid;
  return (
    <form class="register-search" onSubmit={submit}>
      <Segments
        label={translate('register.method')}
        value={kind}
        onPick={(next) => (method.value = next)}
        choices={[
          { value: 'multicast', label: translate('register.byMulticast') },
          { value: 'scan', label: translate('register.byScan') },
          { value: 'host', label: translate('register.byHosts') },
        ]}
      />
      {kind === 'multicast' ? null : (
        <span class="register-search-text">
          <input
            class="g-input"
            aria-label={translate(kind === 'scan' ? 'register.cidrLabel' : 'register.hostLabel')}
            aria-invalid={bad}
            aria-describedby={bad ? 'search-bad' : undefined}
            placeholder={translate(kind === 'scan' ? 'register.cidrPlaceholder' : 'register.hostPlaceholder')}
            spellcheck={false}
            autocapitalize="off"
            value={text.value}
            onInput={(event) => (text.value = event.currentTarget.value)}
          />
          {bad ? (
            <span id="search-bad" class="sr" role="alert">
              {translate('register.cidrBad')}
            </span>
          ) : null}
        </span>
      )}
      <button class="g-btn" disabled={!running && !valid}>
        <Icon name="patrol" small />
        {translate(running ? 'register.stop' : kind === 'multicast' ? 'register.again' : 'register.search')}
      </button>
    </form>
  );
}
