import { lampShape } from '../fleet/light-shape.ts';
import { shareText } from '../format/measure-text.ts';
import { translate } from '../i18n/translate.ts';
import { Icon } from '../icons/icon.tsx';
import { Lamp, LampWord } from '../icons/lamp.tsx';
import { isPhone } from '../shell/is-phone.ts';
import { allRows, filter, narrow } from './health-state.ts';
import { groupShares, lightCounts, reasonCounts } from './health-rows.ts';
import type { GroupShare } from './health-rows.ts';
import type { ComponentChildren } from 'preact';

const LIGHTS = ['green', 'yellow', 'red', 'grey'] as const;

/** How many cameras are online, and which districts, units and reasons stand out; each narrows the list. */
export function HealthSummary() {
  const rows = allRows.value;
  const { district, unit } = filter.value;
  return (
    <div class="health-sum">
      <Totals />
      <Part title={translate('health.byDistrict')} note={translate('health.worstFirst')}>
        <ShareList
          groups={groupShares(rows, 'district')}
          chosen={district}
          onPick={(name) => narrow({ district: name === district ? '' : name })}
        />
      </Part>
      <Part title={translate('health.byUnit')} note={translate('health.worstFirst')}>
        <ShareList
          groups={groupShares(rows, 'unit')}
          chosen={unit}
          onPick={(name) => narrow({ unit: name === unit ? '' : name })}
        />
      </Part>
      <Part title={translate('health.byReason')} note={translate('health.cameraCount')}>
        <Reasons />
      </Part>
    </div>
  );
}

/** A part of the summary; on a phone it opens when it is wanted. */
function Part({ title, note, children }: { title: string; note: string; children: ComponentChildren }) {
  if (isPhone.value)
    return (
      <details class="health-part">
        <summary>
          {title}
          <Icon name="chev" small />
        </summary>
        {children}
      </details>
    );
  return (
    <section>
      <h2>
        {title}
        <span>{note}</span>
      </h2>
      {children}
    </section>
  );
}

function Totals() {
  const counts = lightCounts(allRows.value);
  const online = counts.green + counts.yellow;
  const used = online + counts.red;
  const share = shareText(used === 0 ? null : online / used);
  return (
    <section>
      <h2>{translate('health.online')}</h2>
      <div class="health-total">
        <b>
          {share.replace('%', '')}
          <small>{share.endsWith('%') ? '%' : ''}</small>
        </b>
        <span>
          {translate('health.onlineCount', { count: online })}
          <br />
          {translate('health.usedCount', { count: used })}
        </span>
      </div>
      <div class="health-four">
        {LIGHTS.map((light) => (
          <button
            key={light}
            aria-pressed={filter.value.light === light}
            onClick={() => narrow({ light: filter.value.light === light ? 'all' : light })}
          >
            <LampWord shape={lampShape(light)}>{translate(`light.${light}`)}</LampWord>
            <b>{counts[light]}</b>
          </button>
        ))}
      </div>
    </section>
  );
}

function ShareList(props: { groups: readonly GroupShare[]; chosen: string; onPick: (name: string) => void }) {
  if (props.groups.length === 0) return <p class="dim">{translate('health.noGroups')}</p>;
  return (
    <ul class="health-groups">
      {props.groups.map(({ name, online, total }) => (
        <li key={name}>
          <button aria-pressed={props.chosen === name} onClick={() => props.onPick(name)}>
            <span class="ellip" title={name}>
              {name}
            </span>
            <meter class="health-share" min={0} max={total} value={online} aria-hidden="true" />
            <b>{shareText(online / total)}</b>
            <em>
              {online === total
                ? translate('health.allOnline')
                : translate('health.offlineCount', { count: total - online })}
            </em>
          </button>
        </li>
      ))}
    </ul>
  );
}

function Reasons() {
  const reasons = reasonCounts(allRows.value);
  const { reason } = filter.value;
  if (reasons.length === 0)
    return (
      <p class="health-fine">
        <Lamp shape="ok" />
        {translate('health.noTrouble')}
      </p>
    );
  return (
    <ul class="health-groups reasons">
      {reasons.map(({ code, count }) => (
        <li key={code}>
          <button
            aria-pressed={reason === code}
            onClick={() => narrow({ reason: reason === code ? '' : code })}
          >
            <span class="ellip" title={translate(`reason.${code}`)}>
              {translate(`reason.${code}`)}
            </span>
            <b>{count}</b>
          </button>
        </li>
      ))}
    </ul>
  );
}
