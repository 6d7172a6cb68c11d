import { cameras } from '../fleet/fleet-store.ts';
import { translate } from '../i18n/translate.ts';
import { LampWord } from '../icons/lamp.tsx';
import { Blank } from '../shell/blank.tsx';
import { DeviceName } from './device-name.tsx';
import { hostOf, isPickable, isRtspOnly } from './found-device.ts';
import { Preview } from './preview.tsx';
import type { Device, FoundDevice } from './found-device.ts';
import type { DeviceSearch } from './device-search.ts';

/** The devices found, with a tick for each new one and one for all. */
export function DeviceTable({ search }: { search: DeviceSearch }) {
  const found = search.found.value;
  const running = search.running.value;
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
    <div class="g-panel register-table register-devices">
      <table class="g-table">
        <thead>
          <tr>
            <th class="cb">
              <PickAll search={search} />
            </th>
            <th class="pv">{translate('register.preview')}</th>
            <th>{translate('register.vendorModel')}</th>
            <th>{translate('register.address')}</th>
            <th class="wide">{translate('register.mac')}</th>
            <th>{translate('register.state')}</th>
          </tr>
        </thead>
        <tbody>
          {found.map((each) => (
            <DeviceRow key={each.key} found={each} search={search} />
          ))}
          {running && found.length === 0 ? <SkeletonRows /> : null}
        </tbody>
      </table>
    </div>
  );
}

function PickAll({ search }: { search: DeviceSearch }) {
  const fresh = search.found.value.filter(({ device }) => isPickable(device));
  const count = fresh.filter(({ picked }) => picked).length;
  const keys = fresh.map(({ key }) => key);
  return (
    <label class="register-all">
      <input
        type="checkbox"
        class="g-cb"
        aria-label={translate('register.all')}
        disabled={fresh.length === 0}
        checked={count > 0 && count === fresh.length}
        indeterminate={count > 0 && count < fresh.length}
        onChange={(event) => search.pick(keys, event.currentTarget.checked)}
      />
      <span class="narrow" aria-hidden="true">
        {translate('register.all')}
      </span>
    </label>
  );
}

function DeviceRow({ found, search }: { found: FoundDevice; search: DeviceSearch }) {
  const { device, key, picked } = found;
  const known = !isPickable(device);
  const toggle = (event: Event) => {
    if (!known && !(event.target as HTMLElement).matches('input')) search.pick([key], !picked);
  };
  return (
    <tr class={known ? 'known' : undefined} onClick={toggle}>
      <td class="cb">
        <input
          type="checkbox"
          class="g-cb"
          disabled={known}
          checked={picked && !known}
          aria-label={translate('register.pick', { address: hostOf(device) })}
          onChange={(event) => search.pick([key], event.currentTarget.checked)}
        />
      </td>
      <td class="pv">
        <Preview device={device} />
      </td>
      <td class="two">
        <DeviceName device={device} />
      </td>
      <td class="address">{hostOf(device)}</td>
      <td class="wide dim">{device.mac ?? '—'}</td>
      <td class="state">
        <DeviceState device={device} />
      </td>
    </tr>
  );
}

function DeviceState({ device }: { device: Device }) {
  if (device.registeredCameraId !== null) {
    const name = cameras.value.find(({ id }) => id === device.registeredCameraId)?.name;
    const words =
      name === undefined ? translate('register.alreadyPlain') : translate('register.already', { name });
    return <LampWord shape="done">{words}</LampWord>;
  }
  if (isRtspOnly(device)) return <LampWord shape="off">{translate('register.rtspOnly')}</LampWord>;
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
          <td colSpan={6}>
            <div class="g-skel register-skeleton" />
          </td>
        </tr>
      ))}
    </>
  );
}
