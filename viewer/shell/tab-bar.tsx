import { Link, useLocation } from 'wouter-preact';
import { mayManageCameras } from '../api/session.ts';
import { translate } from '../i18n/translate.ts';
import { Icon } from '../icons/icon.tsx';
import type { IconName } from '../icons/icon-names.ts';

/** The foot of phone pages. */
export function TabBar() {
  return (
    <nav class="g-tabbar" aria-label={translate('shell.nav')}>
      <Tab href="/" icon="projects" label={translate('shell.pictures')} />
      <Tab href="/timeline" icon="film" label={translate('shell.timeline')} />
      <Tab href="/health" icon="pulse" label={translate('shell.health')} />
      {mayManageCameras.value ? (
        <Tab href="/register" icon="plug" label={translate('shell.registerShort')} />
      ) : null}
      <Tab href="/me" icon="user" label={translate('shell.me')} />
    </nav>
  );
}

function Tab({ href, icon, label }: { href: string; icon: IconName; label: string }) {
  const [at] = useLocation();
  return (
    <Link
      href={href}
      aria-current={at === href || (href !== '/' && at.startsWith(`${href}/`)) ? 'page' : undefined}
    >
      <Icon name={icon} large />
      {label}
    </Link>
  );
}
