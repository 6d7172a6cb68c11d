import { useSignal } from '@preact/signals';
import { problemCode, problemText } from '../api/problem-text.ts';
import { cameras } from '../fleet/fleet-store.ts';
import { translate } from '../i18n/translate.ts';
import { Icon } from '../icons/icon.tsx';
import { Lamp, LampWord } from '../icons/lamp.tsx';
import { Blank } from '../shell/blank.tsx';
import { readHosts } from './found-device.ts';
import { StepFrame } from './step-frame.tsx';
import type { DiscoveredDevice } from '../../gateway/contract/discovery.ts';
import type { FoundDevice } from './found-device.ts';
import type { Registration } from './registration.ts';

/** Step 1: the search that began by itself, addresses as the other way, and the devices found. */
export function DiscoverStep({ registration }: { registration: Registration }) {
  const hosts = useSignal('');
  const running = registration.job.value?.state === 'running';
  const askHosts = (event: Event) => {
    event.preventDefault();
    const wanted = readHosts(hosts.value);
    if (wanted.length > 0) void registration.search({ method: 'host', hosts: wanted, timeoutSec: 15 });
  };
  const picked = registration.picked.value.length;
  return (
    <StepFrame
      title={translate('register.step1')}
      lead={translate('register.discoverLead')}
      side={
        <form class="register-hosts" onSubmit={askHosts}>
          <input
            class="g-input"
            aria-label={translate('register.hostLabel')}
            placeholder={translate('register.hostPlaceholder')}
            value={hosts.value}
            onInput={(event) => (hosts.value = event.currentTarget.value)}
          />
          <button class="g-btn" disabled={running}>
            {translate('register.askHosts')}
          </button>
          <button
            class="g-btn"
            type="button"
            disabled={running}
            onClick={() => void registration.search({ method: 'multicast', timeoutSec: 6 })}
          >
            <Icon name="patrol" small />
            {translate('register.again')}
          </button>
        </form>
      }
      note={translate('register.picked', { count: picked })}
      actions={
        <button class="g-btn pri" disabled={picked === 0} onClick={() => (registration.step.value = 2)}>
          {translate('register.next', { step: translate('register.step2') })}
        </button>
      }
    >
      <SearchState registration={registration} />
      <DeviceTable registration={registration} />
    </StepFrame>
  );
}

function SearchState({ registration }: { registration: Registration }) {
  const job = registration.job.value;
  const error = registration.searchError.value;
  const found = registration.found.value;
  const known = found.filter(({ device }) => device.registeredCameraId !== null).length;
  if (error !== null) {
    return (
      <div class="g-note bad register-gap" role="alert">
        <Lamp shape="bad" />
        <span>
          {translate('register.failed', { why: problemText(error) })}{' '}
          <span class="mono">{problemCode(error)}</span>
        </span>
      </div>
    );
  }
  if (job === null) return null;
  const { done, total } = job.progress;
  const running = job.state === 'running';
  return (
    <div class="g-panel register-scan register-gap" role="status">
      <span>
        <b>{running ? translate('register.searching') : translate('register.searched')}</b>
        {translate('register.found', { found: found.length, known })}
      </span>
      {total > 1 ? <span class="dim">{translate('register.asked', { done, total })}</span> : null}
      <div class="g-prog" data-running={running && total < 2}>
        <i style={{ width: running && total > 0 ? `${(done / total) * 100}%` : running ? '30%' : '100%' }} />
      </div>
    </div>
  );
}

function DeviceTable({ registration }: { registration: Registration }) {
  const found = registration.found.value;
  const running = registration.job.value?.state === 'running';
  const fresh = found.filter(({ device }) => device.registeredCameraId === null);
  const count = fresh.filter(({ picked }) => picked).length;
  if (found.length === 0 && !running) {
    return (
      <div class="g-panel">
        <Blank drawing="gantry" title={translate('register.nothing')}>
          {translate('register.nothingWhy')}
        </Blank>
      </div>
    );
  }
  return (
    <div class="g-panel register-table">
      <table class="g-table">
        <thead>
          <tr>
            <th class="cb">
              <input
                type="checkbox"
                class="g-cb"
                aria-label={translate('register.all')}
                disabled={fresh.length === 0}
                checked={count > 0 && count === fresh.length}
                indeterminate={count > 0 && count < fresh.length}
                onChange={(event) =>
                  registration.pick(
                    fresh.map(({ key }) => key),
                    event.currentTarget.checked,
                  )
                }
              />
            </th>
            <th>{translate('register.vendorModel')}</th>
            <th>{translate('register.address')}</th>
            <th class="wide">{translate('register.mac')}</th>
            <th>{translate('register.state')}</th>
          </tr>
        </thead>
        <tbody>
          {found.map((each) => (
            <DeviceRow key={each.key} found={each} registration={registration} />
          ))}
          {running && found.length === 0 ? <SkeletonRows /> : null}
        </tbody>
      </table>
    </div>
  );
}

function DeviceRow({ found, registration }: { found: FoundDevice; registration: Registration }) {
  const { device, key, picked } = found;
  const known = device.registeredCameraId !== null;
  return (
    <tr class={known ? 'known' : undefined}>
      <td class="cb">
        <input
          type="checkbox"
          class="g-cb"
          disabled={known}
          checked={picked && !known}
          aria-label={translate('register.pick', { address: device.address })}
          onChange={(event) => registration.pick([key], event.currentTarget.checked)}
        />
      </td>
      <td class="two">
        <b>{device.vendor ?? device.name ?? translate('register.unknownVendor')}</b>
        <span>{device.model ?? translate('register.unknownModel')}</span>
      </td>
      <td>{URL.canParse(device.xaddr) ? new URL(device.xaddr).host : device.address}</td>
      <td class="wide dim">{device.mac ?? '—'}</td>
      <td>
        <DeviceState device={device} />
      </td>
    </tr>
  );
}

function DeviceState({ device }: { device: DiscoveredDevice }) {
  if (device.registeredCameraId !== null) {
    const name = cameras.value.find(({ id }) => id === device.registeredCameraId)?.name;
    const words =
      name === undefined ? translate('register.alreadyPlain') : translate('register.already', { name });
    return <LampWord shape="done">{words}</LampWord>;
  }
  const words = {
    ok: translate('register.authOk'),
    required: translate('register.authRequired'),
    rejected: translate('register.authRejected'),
    unknown: translate('register.authUnknown'),
  };
  return (
    <span title={device.error ?? undefined}>
      <LampWord shape={device.auth === 'ok' ? 'ok' : 'off'}>{words[device.auth]}</LampWord>
    </span>
  );
}

function SkeletonRows() {
  return (
    <>
      {[1, 2, 3].map((row) => (
        <tr key={row} aria-hidden="true">
          <td colSpan={5}>
            <div class="g-skel register-skeleton" />
          </td>
        </tr>
      ))}
    </>
  );
}
