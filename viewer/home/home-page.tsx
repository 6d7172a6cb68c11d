import './home.css';
import { useSignal } from '@preact/signals';
import { Link } from 'wouter-preact';
import { mayManageCameras } from '../api/session.ts';
import { cameras, fleetState, projects, reloadFleet } from '../fleet/fleet-store.ts';
import { lampShape, severity } from '../fleet/light-shape.ts';
import { dayText, minuteText } from '../format/clock-text.ts';
import { siteNow } from '../format/site-time.ts';
import { translate } from '../i18n/translate.ts';
import { Icon, Mark } from '../icons/icon.tsx';
import { Lamp } from '../icons/lamp.tsx';
import { Blank, LoadError } from '../shell/blank.tsx';
import { CameraCard } from './camera-card.tsx';
import { homeGroups } from './home-groups.ts';
import type { Signal } from '@preact/signals';
import type { Light } from '../../gateway/contract/health.ts';

const LIGHTS = ['red', 'yellow', 'green'] as const;

/** The phone's home: how many are fine, what needs attention first, every camera with its newest picture and age. */
export function HomePage() {
  const query = useSignal('');
  const light = useSignal<Light | null>(null);
  return (
    <div class="home">
      <HomeHead query={query} light={light} />
      <HomeFeed query={query.value} light={light.value} />
    </div>
  );
}

function HomeHead({ query, light }: { query: Signal<string>; light: Signal<Light | null> }) {
  const fleet = fleetState.value;
  const at = fleet.state === 'ready' ? fleet.at : siteNow();
  const count = (wanted: Light | null): string =>
    fleet.state === 'ready'
      ? String(cameras.value.filter((camera) => wanted === null || camera.light === wanted).length)
      : '–';
  return (
    <header class="home-head">
      <div class="g-topbar">
        <span class="g-brand">
          <Mark />
        </span>
        <div class="home-title">
          <h1>{translate('home.title')}</h1>
          <p>{translate('home.updated', { day: dayText(at), time: minuteText(at) })}</p>
        </div>
      </div>
      <label class="g-search">
        <span class="sr">{translate('home.searchLabel')}</span>
        <Icon name="search" />
        <input
          class="g-input"
          type="search"
          placeholder={translate('home.search')}
          value={query.value}
          onInput={(event) => (query.value = event.currentTarget.value)}
        />
      </label>
      <div class="home-lights" role="group" aria-label={translate('home.filter')}>
        <button aria-pressed={light.value === null} onClick={() => (light.value = null)}>
          {translate('home.all')} <b>{count(null)}</b>
        </button>
        {LIGHTS.map((each) => (
          <button key={each} aria-pressed={light.value === each} onClick={() => (light.value = each)}>
            <Lamp shape={lampShape(each)} />
            {translate(`light.${each}`)} <b>{count(each)}</b>
          </button>
        ))}
      </div>
    </header>
  );
}

function HomeFeed({ query, light }: { query: string; light: Light | null }) {
  const fleet = fleetState.value;
  if (fleet.state === 'loading') return <Skeleton />;
  if (fleet.state === 'failed')
    return (
      <main class="home-full">
        <LoadError error={fleet.error} onRetry={reloadFleet} />
      </main>
    );
  if (cameras.value.length === 0)
    return (
      <main class="home-full">
        <EmptyHome />
      </main>
    );
  const groups = homeGroups(projects.value, cameras.value, query, light);
  const [first] = groups;
  return (
    <main class="home-feed">
      {groups.length === 0 ? <p class="home-none">{translate('home.nothingFound')}</p> : null}
      {groups.map((group) => (
        <section key={group.name}>
          <div class="home-group">
            <h2>{translate(`home.${group.name}`)}</h2>
            <span>{group.rows.length}</span>
          </div>
          <div class="home-list">
            {group.rows.map(({ camera, project }, index) => (
              <CameraCard
                key={camera.id}
                camera={camera}
                project={project}
                hero={group === first && index === 0 && (severity(camera.light) > 1 || groups.length === 1)}
              />
            ))}
          </div>
        </section>
      ))}
    </main>
  );
}

function EmptyHome() {
  const may = mayManageCameras.value;
  const action = may ? (
    <Link class="g-btn pri" href="/register">
      {translate('wall.discover')}
    </Link>
  ) : null;
  return (
    <Blank drawing="gantry" title={translate('wall.empty')} actions={action}>
      {may ? translate('wall.emptyTechnician') : translate('wall.emptyOther')}
    </Blank>
  );
}

function Skeleton() {
  return (
    <main class="home-feed" aria-busy="true" aria-label={translate('shell.loading')}>
      <div class="home-hero-skeleton g-skel" />
      {[1, 2, 3, 4].map((row) => (
        <div key={row} class="home-row-skeleton">
          <span class="g-skel" />
          <span class="g-skel" />
        </div>
      ))}
    </main>
  );
}
