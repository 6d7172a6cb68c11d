import { useEffect, useRef } from 'preact/hooks';
import { lampShape } from '../fleet/light-shape.ts';
import { translate } from '../i18n/translate.ts';
import { Icon } from '../icons/icon.tsx';
import { Lamp } from '../icons/lamp.tsx';
import { allRows, filter, isNarrowed, listedRows, narrow, widen } from './health-state.ts';
import { lightCounts, reasonCounts } from './health-rows.ts';
import type { HealthRow, LightFilter } from './health-rows.ts';
import type { ReasonCode } from '../../gateway/contract/health.ts';

/** Narrows the list by light, words, district, unit and reason. */
export function HealthFilterBar() {
  const rows = allRows.value;
  return (
    <div class="health-filter">
      <h1>{translate('health.title')}</h1>
      <Lights rows={rows} />
      <Search />
      <Choice
        label={translate('health.district')}
        all={translate('health.allDistricts')}
        value={filter.value.district}
        values={namesOf(rows, 'district')}
        onPick={(district) => narrow({ district })}
      />
      <Choice
        label={translate('health.unit')}
        all={translate('health.allUnits')}
        value={filter.value.unit}
        values={namesOf(rows, 'unit')}
        onPick={(unit) => narrow({ unit })}
      />
      <Choice
        label={translate('health.reason')}
        all={translate('health.allReasons')}
        value={filter.value.reason}
        values={reasonCounts(rows).map(({ code }) => [code, translate(`reason.${code}`)])}
        onPick={(reason) => narrow({ reason: reason as ReasonCode | '' })}
      />
      {isNarrowed.value ? (
        <button class="g-btn quiet" onClick={widen}>
          {translate('health.showAll')}
        </button>
      ) : null}
      <span class="sr" role="status">
        {translate('health.listed', { count: listedRows.value.length })}
      </span>
    </div>
  );
}

function Lights({ rows }: { rows: readonly HealthRow[] }) {
  const counts = lightCounts(rows);
  const choices: [LightFilter, string, number][] = [
    ['all', translate('health.all'), rows.length],
    ['todo', translate('health.todo'), counts.red + counts.yellow],
    ['red', translate('light.red'), counts.red],
    ['yellow', translate('light.yellow'), counts.yellow],
  ];
  return (
    <div class="g-seg" role="group" aria-label={translate('health.lights')}>
      {choices.map(([light, word, count]) => (
        <button key={light} aria-pressed={filter.value.light === light} onClick={() => narrow({ light })}>
          {light === 'red' || light === 'yellow' ? <Lamp shape={lampShape(light)} /> : null}
          {word} {count}
        </button>
      ))}
    </div>
  );
}

function Search() {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const target = event.target as HTMLElement;
      if (event.key !== '/' || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName)) return;
      event.preventDefault();
      input.current?.focus();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  return (
    <label class="g-search">
      <span class="sr">{translate('health.searchLabel')}</span>
      <Icon name="search" />
      <input
        ref={input}
        class="g-input"
        type="search"
        placeholder={translate('health.search')}
        value={filter.value.query}
        onInput={(event) => narrow({ query: event.currentTarget.value })}
      />
    </label>
  );
}

function Choice(props: {
  label: string;
  all: string;
  value: string;
  values: readonly (readonly [value: string, word: string])[];
  onPick: (value: string) => void;
}) {
  return (
    <select
      class="g-input"
      aria-label={props.label}
      value={props.value}
      onChange={(event) => props.onPick(event.currentTarget.value)}
    >
      <option value="">{props.all}</option>
      {props.values.map(([value, word]) => (
        <option key={value} value={value}>
          {word}
        </option>
      ))}
    </select>
  );
}

function namesOf(rows: readonly HealthRow[], by: 'district' | 'unit'): [string, string][] {
  const names = new Set(rows.map(({ project }) => project?.[by] ?? '').filter(Boolean));
  return [...names].sort((a, b) => a.localeCompare(b, 'zh')).map((name) => [name, name]);
}
