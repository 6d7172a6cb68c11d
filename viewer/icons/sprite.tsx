import sprite from './icons.svg?raw';

/** The sprite that every icon refers to; once in the page. */
export function Sprite() {
  return <div hidden dangerouslySetInnerHTML={{ __html: sprite }} />;
}
