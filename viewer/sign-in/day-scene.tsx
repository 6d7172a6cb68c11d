import { clockText, dateText, dayText } from '../format/clock-text.ts';
import { siteInstant } from '../format/site-time.ts';
import { translate } from '../i18n/translate.ts';
import { now } from '../shell/now.ts';

const DAY_MS = 24 * 3600_000;
const QUARTERS = Array.from({ length: 97 }, (_, index) => index);
const FLOORS = Array.from({ length: 11 }, (_, index) => index);
const BAYS = Array.from({ length: 9 }, (_, index) => index);
const MAST = Array.from({ length: 22 }, (_, index) => index);
const JIB = Array.from({ length: 17 }, (_, index) => index);

/** A building site drawn in lines with the sun where it stands now, above a ruler of the day. Nothing here is a camera's picture: those need a sign-in. */
export function DayScene() {
  const midnight = siteInstant(dateText(now.value));
  const share = (now.value - midnight) / DAY_MS;
  return (
    <section class="sign-in-day" aria-label={translate('signIn.dayLabel')}>
      <svg
        class="sign-in-scene"
        viewBox="0 -200 920 720"
        preserveAspectRatio="xMidYMax slice"
        aria-hidden="true"
      >
        <Sun share={share} />
        <g class="far">
          <path d="M40 432v-120h58v120M98 432v-190h52v190M168 432v-96h70v96M742 432v-168h56v168M798 432v-112h64v112M862 432v-210h44v210" />
        </g>
        <Tower />
        <Crane />
        <g class="steel">
          <path d="M600 318h250M600 330h250M628 330v102M650 330v102M800 330v102M822 330v102M628 432l22-34 -22-34 22-34M800 432l22-34 -22-34 22-34" />
          <path d="M725 330v34" />
        </g>
        <rect class="hook" x="712" y="364" width="26" height="26" />
        <path class="ground" d="M0 432h920" />
        <path class="ground faint" d="M0 446h920M0 466h920M0 494h920" />
      </svg>
      <div class="sign-in-ruler">
        <p>
          <b>{clockText(now.value).slice(0, 5)}</b>
          <span>{translate('signIn.daylight')}</span>
          <span class="r">{dayText(now.value)}</span>
        </p>
        <div class="scale" aria-hidden="true">
          <svg>
            {QUARTERS.map((index) => (
              <line
                key={index}
                x1={`${(index / 96) * 100}%`}
                x2={`${(index / 96) * 100}%`}
                y1={index % 16 === 0 ? 4 : index % 4 === 0 ? 9 : 14}
                y2={20}
                class={index % 16 === 0 ? 'major' : undefined}
              />
            ))}
          </svg>
          <i class="g-needle" style={{ left: `${share * 100}%` }} />
          <ol>
            {[0, 4, 8, 12, 16, 20, 24].map((hour) => (
              <li key={hour} style={{ left: `${(hour / 24) * 100}%` }}>
                {String(hour).padStart(2, '0')}
              </li>
            ))}
          </ol>
        </div>
      </div>
    </section>
  );
}

/** The sun over the horizon from six to six, the moon for the rest. */
function Sun({ share }: { share: number }) {
  const day = share >= 0.25 && share < 0.75;
  const along = day ? (share - 0.25) * 2 : ((share + 0.25) % 1) * 2;
  const x = 60 + along * 800;
  const y = 400 - Math.sin(along * Math.PI) * 330;
  return <circle class={day ? 'sun' : 'moon'} cx={x} cy={y} r={day ? 26 : 18} />;
}

/** The tower going up: finished floors glazed, the topmost still formwork. */
function Tower() {
  return (
    <g class="steel">
      {FLOORS.map((floor) => (
        <g key={floor}>
          <path d={`M250 ${432 - floor * 26}h190v-4H250z`} />
          {BAYS.map((bay) => (
            <path
              key={bay}
              class={floor < 7 && (bay * 5 + floor * 3) % 4 !== 0 ? 'glass' : 'post'}
              d={`M${252 + bay * 21} ${428 - floor * 26}v-22h18v22z`}
            />
          ))}
        </g>
      ))}
    </g>
  );
}

function Crane() {
  return (
    <g class="steel crane">
      <path d="M480 432V84M498 432V84M466 84h46M489 84V40M489 40 330 78M489 40 570 78" />
      {MAST.map((step) => (
        <path key={step} d={`M480 ${432 - step * 16}l18 -16`} />
      ))}
      <path d="M250 78h340M250 88h340M560 88v26h26V88" />
      {JIB.map((step) => (
        <path key={step} d={`M${250 + step * 20} 88l10 -10 10 10`} />
      ))}
      <path d="M300 88v60" />
    </g>
  );
}
