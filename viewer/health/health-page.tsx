import './health.css';
import { useEffect } from 'preact/hooks';
import { Link } from 'wouter-preact';
import { mayManageCameras } from '../api/session.ts';
import { cameras, events, fleetState, reloadFleet } from '../fleet/fleet-store.ts';
import { translate } from '../i18n/translate.ts';
import { Blank, LoadError } from '../shell/blank.tsx';
import { isPhone } from '../shell/is-phone.ts';
import { HealthCards } from './health-cards.tsx';
import { HealthDetail } from './health-detail.tsx';
import { HealthFilterBar } from './health-filter-bar.tsx';
import { HealthSummary } from './health-summary.tsx';
import { HealthTable } from './health-table.tsx';
import { listedRows, openedId, widen } from './health-state.ts';
import { loadOverview, overviewFault } from './overview-store.ts';

/** A day's bars move by a half hour; the present one follows the events meanwhile. */
const RELOAD_MS = 300_000;

/** The health of all cameras, live: shares online, then the worst first with reason, since when and what to do. */
export function HealthPage() {
  const link = events.link.value.state;
  const linked = link === 'open';
  useEffect(() => {
    if (!linked) return undefined;
    void loadOverview();
    const timer = setInterval(() => void loadOverview(), RELOAD_MS);
    return () => clearInterval(timer);
  }, [linked]);
  const fleet = fleetState.value;
  if (fleet.state === 'loading') return <Skeleton />;
  if (fleet.state === 'failed')
    return (
      <main class="shell-center">
        <LoadError error={fleet.error} onRetry={reloadFleet} />
      </main>
    );
  if (cameras.value.length === 0) return <NoCameras />;
  return (
    <main class={link === 'lost' ? 'health stale' : 'health'} aria-label={translate('health.title')}>
      <HealthSummary />
      <HealthFilterBar />
      <BarsFault />
      <List />
      {openedId.value === null ? null : <HealthDetail key={openedId.value} cameraId={openedId.value} />}
    </main>
  );
}

function List() {
  if (listedRows.value.length > 0) return isPhone.value ? <HealthCards /> : <HealthTable />;
  return (
    <div class="health-none">
      <Blank
        drawing="screen"
        title={translate('health.nothingFound')}
        actions={
          <button class="g-btn" onClick={widen}>
            {translate('health.showAll')}
          </button>
        }
      />
    </div>
  );
}

function BarsFault() {
  if (overviewFault.value === null) return null;
  return (
    <div class="health-fault" role="status">
      <span>{translate('health.barsMissing')}</span>
      <button class="g-btn s" onClick={() => void loadOverview()}>
        {translate('shell.retry')}
      </button>
    </div>
  );
}

function NoCameras() {
  const may = mayManageCameras.value;
  return (
    <main class="shell-center">
      <Blank
        drawing="gantry"
        title={translate('wall.empty')}
        actions={
          may ? (
            <Link class="g-btn pri" href="/register">
              {translate('wall.discover')}
            </Link>
          ) : null
        }
      >
        {may ? translate('wall.emptyTechnician') : translate('wall.emptyOther')}
      </Blank>
    </main>
  );
}

function Skeleton() {
  return (
    <main class="health" aria-busy="true" aria-label={translate('shell.loading')}>
      <div class="health-sum skeleton">
        {[1, 2, 3, 4].map((part) => (
          <section key={part}>
            <span class="g-skel" />
          </section>
        ))}
      </div>
      {[1, 2, 3, 4, 5, 6, 7, 8].map((row) => (
        <div key={row} class="health-row-skeleton">
          <span class="g-skel" />
        </div>
      ))}
    </main>
  );
}
