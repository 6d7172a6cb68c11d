import { useEffect, useState } from 'preact/hooks';

/** How a picture that is being loaded does. */
export type LoadedPicture = { state: 'loading' | 'ready' | 'failed'; url: string };

/** Loads and decodes a picture ahead of showing it, so that the change costs no frame; the address null loads nothing. */
export function useLoaded(url: string | null): LoadedPicture {
  const [loaded, setLoaded] = useState<LoadedPicture>({ state: 'loading', url: '' });
  useEffect(() => {
    if (url === null) return undefined;
    let wanted = true;
    const image = new Image();
    image.src = url;
    image.decode().then(
      () => wanted && setLoaded({ state: 'ready', url }),
      () => wanted && setLoaded({ state: 'failed', url }),
    );
    return () => {
      wanted = false;
    };
  }, [url]);
  return loaded.url === url ? loaded : { state: 'loading', url: url ?? '' };
}
