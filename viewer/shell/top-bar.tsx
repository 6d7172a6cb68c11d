import { Link, useRoute } from 'wouter-preact';
import { isAdmin, mayManageCameras } from '../api/session.ts';
import { cameras, events, onlineCount } from '../fleet/fleet-store.ts';
import { clockText, dayText } from '../format/clock-text.ts';
import { translate } from '../i18n/translate.ts';
import { Icon, Mark } from '../icons/icon.tsx';
import { LampWord } from '../icons/lamp.tsx';
import { now } from './now.ts';
import { chooseTheme, forcedDark, isDark } from './theme.ts';
import { UserMenu } from './user-menu.tsx';
import type { ComponentChildren } from 'preact';

/** The instrument strip on top of every desktop page: where one is, and how the gateway does. */
export function TopBar() {
  return (
    <header class="g-strip">
      <Link class="g-brand" href="/">
        <Mark />
        {translate('shell.brand')}
      </Link>
      <nav aria-label={translate('shell.nav')}>
        <NavLink href="/">{translate('shell.wall')}</NavLink>
        <NavLink href="/timeline">{translate('shell.timeline')}</NavLink>
        <NavLink href="/health">{translate('health.title')}</NavLink>
        {mayManageCameras.value ? <NavLink href="/register">{translate('shell.register')}</NavLink> : null}
        {isAdmin.value ? <NavLink href="/notifications">{translate('notify.title')}</NavLink> : null}
      </nav>
      <span class="spring" />
      <div class="g-readouts">
        <GatewayState />
        <span>
          {translate('shell.camerasOnline')}
          <b>
            {onlineCount.value} / {cameras.value.length}
          </b>
        </span>
        <Clock />
      </div>
      <div class="g-user">
        {forcedDark.value ? null : (
          <button
            class="g-btn quiet icon"
            aria-label={translate('shell.themeSwitch')}
            onClick={() => chooseTheme(isDark.value ? 'light' : 'dark')}
          >
            <Icon name={isDark.value ? 'sun' : 'moon'} />
          </button>
        )}
        <UserMenu />
      </div>
    </header>
  );
}

function NavLink({ href, children }: { href: string; children: ComponentChildren }) {
  const [here] = useRoute(href === '/' ? '/' : `${href}/*?`);
  return (
    <Link href={href} aria-current={here ? 'page' : undefined}>
      {children}
    </Link>
  );
}

function GatewayState() {
  const { state } = events.link.value;
  if (state === 'open') return <LampWord shape="ok">{translate('shell.gatewayOk')}</LampWord>;
  if (state === 'lost') return <LampWord shape="bad">{translate('shell.gatewayLost')}</LampWord>;
  return <LampWord shape="off">{translate('shell.gatewayConnecting')}</LampWord>;
}

function Clock() {
  return (
    <span class="shell-clock">
      {dayText(now.value)} <time>{clockText(now.value)}</time>
    </span>
  );
}
