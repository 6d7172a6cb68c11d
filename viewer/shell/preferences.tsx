import { chooseLanguage } from '../i18n/choose-language.ts';
import { language, translate } from '../i18n/translate.ts';
import { Segments } from './segments.tsx';
import { chooseTheme, theme } from './theme.ts';

/** Theme and language of this browser. */
export function Preferences() {
  return (
    <div class="shell-prefs">
      <span class="label">{translate('shell.theme')}</span>
      <Segments
        label={translate('shell.theme')}
        value={theme.value}
        onPick={chooseTheme}
        choices={[
          { value: 'auto', label: translate('shell.themeAuto') },
          { value: 'light', label: translate('shell.themeLight') },
          { value: 'dark', label: translate('shell.themeDark') },
        ]}
      />
      <span class="label">{translate('shell.language')}</span>
      <Segments
        label={translate('shell.language')}
        value={language.value}
        onPick={chooseLanguage}
        choices={[
          { value: 'zh', label: '中文' },
          { value: 'en', label: 'English' },
        ]}
      />
    </div>
  );
}
