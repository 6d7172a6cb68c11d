import '../style/tokens.css';
import '../style/tokens-viewer.css';
import '../style/base.css';
import '../style/components.css';
import { render } from 'preact';
import { startLanguage } from '../i18n/choose-language.ts';
import { Sprite } from '../icons/sprite.tsx';
import { takeLivePath } from '../player/live-path.ts';
import { startTheme } from '../shell/theme.ts';
import { SharePage } from './share-page.tsx';

const root = document.getElementById('app');
if (root !== null) {
  const path = location.pathname.replace(/\/$/, '');
  startLanguage();
  startTheme();
  takeLivePath(`${path}/live`);
  render(
    <>
      <Sprite />
      <SharePage path={path} />
    </>,
    root,
  );
}
