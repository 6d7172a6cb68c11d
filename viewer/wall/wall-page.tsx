import './wall.css';
import { useEffect, useRef } from 'preact/hooks';
import { Link } from 'wouter-preact';
import { mayManageCameras } from '../api/session.ts';
import { cameras, fleetState, reloadFleet } from '../fleet/fleet-store.ts';
import { translate } from '../i18n/translate.ts';
import { Blank, LoadError } from '../shell/blank.tsx';
import { forcedDark } from '../shell/theme.ts';
import { AlarmTicker } from './alarm-ticker.tsx';
import { FleetTree } from './fleet-tree.tsx';
import { Tile } from './tile.tsx';
import { WallBar } from './wall-bar.tsx';
import { useWallKeys } from './use-wall-keys.ts';
import { group, tileCount, tiles } from './wall-store.ts';
import type { ComponentChildren } from 'preact';

/** The video wall: tree, tiles, alarms; always dark. */
export function WallPage() {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    forcedDark.value = true;
    return () => {
      forcedDark.value = false;
    };
  }, []);
  useWallKeys(box);
  const fleet = fleetState.value;
  if (fleet.state === 'failed')
    return (
      <Centered>
        <LoadError error={fleet.error} onRetry={reloadFleet} />
      </Centered>
    );
  if (fleet.state === 'ready' && cameras.value.length === 0)
    return (
      <Centered>
        <EmptyWall />
      </Centered>
    );
  return (
    <div class="wall">
      <FleetTree />
      <main class="wall-main">
        <WallBar box={box} />
        <div class="wall-box" ref={box}>
          <div class="wall-grid" data-count={tileCount.value} aria-busy={fleet.state === 'loading'}>
            {fleet.state === 'loading'
              ? Array.from({ length: 9 }, (_, index) => <div key={index} class="wall-tile g-skel" />)
              : tiles.value.map((camera, index) => (
                  <Tile
                    key={camera?.id ?? `free-${index}`}
                    camera={camera}
                    place={group.value * tileCount.value + index}
                  />
                ))}
          </div>
        </div>
        <AlarmTicker />
      </main>
    </div>
  );
}

function Centered({ children }: { children: ComponentChildren }) {
  return <main class="shell-center">{children}</main>;
}

function EmptyWall() {
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
