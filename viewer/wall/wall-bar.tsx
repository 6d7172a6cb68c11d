import { cameras } from '../fleet/fleet-store.ts';
import { translate } from '../i18n/translate.ts';
import { Icon } from '../icons/icon.tsx';
import { Segments } from '../shell/segments.tsx';
import { groupCount, layouts } from './wall-layout.ts';
import { chooseLayout, chooseQuality, group, order, quality, tileCount, turnGroup } from './wall-store.ts';
import type { RefObject } from 'preact';

/** The bar over the tiles: groups, layout, quality, full screen. */
export function WallBar({ box }: { box: RefObject<HTMLDivElement> }) {
  const groups = groupCount(order.value, tileCount.value);
  return (
    <div class="wall-bar">
      <h1>{translate('wall.title')}</h1>
      <span class="dim wall-count">{translate('wall.positions', { count: cameras.value.length })}</span>
      <span class="spring" />
      {groups > 1 ? <GroupTurner groups={groups} /> : null}
      <Segments
        label={translate('wall.layout')}
        value={tileCount.value}
        onPick={chooseLayout}
        choices={layouts.map(({ count, icon }) => ({
          value: count,
          icon,
          label: translate(`wall.layout${count}`),
        }))}
      />
      <Segments
        label={translate('player.quality')}
        value={quality.value}
        onPick={chooseQuality}
        choices={[
          { value: 'auto', label: translate('player.auto') },
          { value: 'smooth', label: translate('player.smooth') },
          { value: 'hd', label: translate('player.hd') },
        ]}
      />
      <button class="g-btn" onClick={() => void box.current?.requestFullscreen()}>
        <Icon name="full" small />
        {translate('wall.fullScreen')} <kbd>F</kbd>
      </button>
    </div>
  );
}

function GroupTurner({ groups }: { groups: number }) {
  return (
    <div class="wall-groups">
      <button class="g-btn quiet icon" aria-label={translate('wall.previous')} onClick={() => turnGroup(-1)}>
        <Icon name="back" small />
      </button>
      <span>{translate('wall.group', { group: group.value + 1, groups })}</span>
      <button class="g-btn quiet icon" aria-label={translate('wall.next')} onClick={() => turnGroup(1)}>
        <Icon name="right" small />
      </button>
    </div>
  );
}
