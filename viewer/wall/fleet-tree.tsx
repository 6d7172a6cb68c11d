import { useSignal } from '@preact/signals';
import { useLocation } from 'wouter-preact';
import { cameras, fleetState, projects } from '../fleet/fleet-store.ts';
import { fleetTree, worstLight } from '../fleet/fleet-tree.ts';
import { lampShape, severity } from '../fleet/light-shape.ts';
import { troubledSince } from '../fleet/reason-text.ts';
import { durationText } from '../format/duration-text.ts';
import { translate } from '../i18n/translate.ts';
import { Icon } from '../icons/icon.tsx';
import { Lamp, LampWord } from '../icons/lamp.tsx';
import { now } from '../shell/now.ts';
import { Segments } from '../shell/segments.tsx';
import { group, order, pickCamera, selected, tileCount } from './wall-store.ts';
import type { ComponentChildren, TargetedKeyboardEvent } from 'preact';
import type { Camera } from '../../gateway/contract/camera.ts';
import type { ProjectBranch } from '../fleet/fleet-tree.ts';

/** The left column: search, filter, and the fleet by district, project and camera with lights and tile numbers. */
export function FleetTree() {
  const query = useSignal('');
  const show = useSignal<'all' | 'troubled'>('all');
  const closed = useSignal<ReadonlySet<string>>(new Set());
  const troubled = cameras.value.filter((camera) => severity(camera.light) > 1).length;
  const tree = fleetTree(projects.value, cameras.value, {
    query: query.value,
    troubledOnly: show.value === 'troubled',
  });
  const toggle = (key: string) => {
    const next = new Set(closed.value);
    if (!next.delete(key)) next.add(key);
    closed.value = next;
  };
  return (
    <aside class="wall-side">
      <div class="wall-find">
        <label class="g-search">
          <span class="sr">{translate('wall.searchLabel')}</span>
          <Icon name="search" />
          <input
            class="g-input"
            type="search"
            placeholder={translate('wall.search')}
            value={query.value}
            onInput={(event) => (query.value = event.currentTarget.value)}
          />
        </label>
        <Segments
          label={translate('wall.show')}
          value={show.value}
          onPick={(next) => (show.value = next)}
          choices={[
            { value: 'all', label: translate('wall.all') },
            { value: 'troubled', label: translate('wall.troubled', { count: troubled }) },
          ]}
        />
      </div>
      <div class="g-tree" role="tree" aria-label={translate('wall.tree')} onKeyDown={moveFocus}>
        {fleetState.value.state === 'loading' ? <TreeSkeleton /> : null}
        {tree.map(({ district, projects: branches, online, total }) => {
          const key = `d:${district}`;
          const open = !closed.value.has(key);
          return (
            <div key={key} role="none">
              <Row level={1} open={open} onPick={() => toggle(key)} end={`${online} / ${total}`}>
                <span class="ellip">{district || translate('wall.noDistrict')}</span>
              </Row>
              {open
                ? branches.map((branch) => (
                    <ProjectRows
                      key={branch.project.id}
                      branch={branch}
                      closed={closed.value}
                      onToggle={toggle}
                    />
                  ))
                : null}
            </div>
          );
        })}
        {tree.length === 0 && fleetState.value.state === 'ready' ? (
          <p class="wall-none">{translate('wall.nothingFound')}</p>
        ) : null}
      </div>
      <footer>
        <LampWord shape="ok">{translate('light.green')}</LampWord>
        <LampWord shape="warn">{translate('light.yellow')}</LampWord>
        <LampWord shape="bad">{translate('wall.legendBad')}</LampWord>
      </footer>
    </aside>
  );
}

function ProjectRows(props: {
  branch: ProjectBranch;
  closed: ReadonlySet<string>;
  onToggle: (key: string) => void;
}) {
  const { project, cameras: own, online } = props.branch;
  const key = `p:${project.id}`;
  const open = !props.closed.has(key);
  const light = worstLight(own);
  return (
    <>
      <Row level={2} open={open} onPick={() => props.onToggle(key)} end={`${online} / ${own.length}`}>
        <Lamp shape={lampShape(light)} label={translate(`light.${light}`)} />
        <span class="wall-name" title={project.name}>
          {project.name}
        </span>
      </Row>
      {open ? own.map((camera) => <CameraRow key={camera.id} camera={camera} />) : null}
    </>
  );
}

function CameraRow({ camera }: { camera: Camera }) {
  const [, navigate] = useLocation();
  const at = order.value.indexOf(camera.id);
  const tile = at - group.value * tileCount.value;
  const onScreen = tile >= 0 && tile < tileCount.value;
  const since = camera.light === 'red' ? troubledSince(camera) : null;
  return (
    <Row
      level={3}
      current={at === selected.value}
      onPick={() => pickCamera(camera.id)}
      onOpen={() => navigate(`/cameras/${camera.id}`)}
      tile={onScreen ? tile + 1 : undefined}
      end={since === null ? '' : durationText(now.value - since)}
    >
      <Lamp shape={lampShape(camera.light)} label={translate(`light.${camera.light}`)} />
      <span class="wall-name" title={camera.name}>
        {camera.name}
      </span>
    </Row>
  );
}

interface RowProps {
  level: 1 | 2 | 3;
  open?: boolean;
  current?: boolean;
  tile?: number | undefined;
  end: string;
  onPick: () => void;
  onOpen?: () => void;
  children: ComponentChildren;
}

function Row({ level, open, current, tile, end, onPick, onOpen, children }: RowProps) {
  return (
    <button
      class={`row l${level}`}
      role="treeitem"
      aria-level={level}
      aria-expanded={open}
      aria-selected={current}
      onClick={onPick}
      onDblClick={onOpen}
    >
      <span class="nm">
        {open === undefined ? null : <Icon name="chev" small />}
        {children}
      </span>
      {tile === undefined ? null : <span class="pos">{tile}</span>}
      {end === '' ? null : <span class="n">{end}</span>}
    </button>
  );
}

/** Arrow keys in the tree: up and down a row, left and right fold. */
function moveFocus(event: TargetedKeyboardEvent<HTMLDivElement>): void {
  const rows = [...event.currentTarget.querySelectorAll<HTMLButtonElement>('.row')];
  const at = rows.indexOf(document.activeElement as HTMLButtonElement);
  const row = rows[at];
  if (row === undefined) return;
  if (event.key === 'ArrowDown') rows[at + 1]?.focus();
  else if (event.key === 'ArrowUp') rows[at - 1]?.focus();
  else if (event.key === 'ArrowRight' && row.ariaExpanded === 'false') row.click();
  else if (event.key === 'ArrowLeft' && row.ariaExpanded === 'true') row.click();
  else return;
  event.preventDefault();
}

function TreeSkeleton() {
  return (
    <div class="wall-tree-skeleton" aria-hidden="true">
      {[70, 55, 60, 48, 66, 52, 58].map((width) => (
        <span key={width} class="g-skel" style={{ width: `${width}%` }} />
      ))}
    </div>
  );
}
