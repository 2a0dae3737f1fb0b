import type { SamplesModel } from '../model.js';
import { choice, h } from './dom.js';
import { capital, count } from './format.js';

/** What can be heard of an example: one signal of it. */
interface Track {
  readonly label: string;
  /** One file an example; that of an output depends on the update. */
  readonly files: (update: number) => readonly string[];
  /** The update of an output that is heard where another was asked for. */
  readonly heard?: (update: number) => number | undefined;
}

/** The newest frame up to an update that can be played; else the newest that can. */
function playedFrame(
  { frames }: SamplesModel,
  update: number,
): SamplesModel['frames'][number] | undefined {
  const played = frames.filter(({ files }) => files.length > 0);
  return played.findLast((frame) => frame.update <= update) ?? played.at(-1);
}

/** What was given and what a network gave, of those signals that can be played. */
export function tracksOf(
  given: SamplesModel | undefined,
  outputs: readonly { readonly samples: SamplesModel; readonly label: string }[],
): Track[] {
  return [
    ...(given?.given ?? []).map(({ label, files }) => ({
      label: capital(label),
      files: () => files,
    })),
    ...outputs.map(({ samples, label }) => ({
      label,
      files: (update: number) => playedFrame(samples, update)?.files ?? [],
      heard: (update: number) => playedFrame(samples, update)?.update,
    })),
  ].filter(({ files }) => files(Infinity).length > 0);
}

/** Players of all examples, which follow the update. */
export interface Players {
  readonly element: HTMLElement;
  readonly show: (update: number) => void;
}

/**
 * A player for each example, with a switch between its signals that goes on where the other was: so
 * two can be compared while they play.
 * @param keep which signal is heard, kept when the page is made anew
 */
export function players(tracks: readonly Track[], keep: { track?: string }): Players | undefined {
  if (tracks.length === 0) return undefined;
  const examples = Math.min(...tracks.map(({ files }) => files(Infinity).length));
  const all = Array.from({ length: examples }, (_, i) => player(tracks, i, keep));
  const hint = h('p', { class: 'hint' });
  return {
    element: h(
      'div',
      { class: 'listen' },
      h('h3', {}, 'Listen'),
      h('div', { class: 'players' }, ...all.map(({ element }) => element)),
      hint,
    ),
    show: (update) => {
      for (const each of all) each.show(update);
      const heard = new Set(tracks.flatMap((track) => track.heard?.(update) ?? []));
      hint.textContent =
        heard.size === 0 ? '' : `Results are those of update ${[...heard].map(count).join(', ')}.`;
    },
  };
}

function player(tracks: readonly Track[], index: number, keep: { track?: string }): Players {
  const name = `Example ${index + 1}`;
  const audio = h('audio', { controls: true, preload: 'metadata', 'aria-label': name });
  const kept = tracks.findIndex(({ label }) => label === keep.track);
  let chosen = kept < 0 ? tracks.length - 1 : kept;
  let at = Infinity;
  /** Where to go on, until the new sound can be moved in. */
  let position: number | undefined;
  // Two at once could not be told apart.
  audio.addEventListener('play', () => {
    for (const other of document.querySelectorAll('audio')) if (other !== audio) other.pause();
  });
  audio.addEventListener('loadedmetadata', () => {
    if (position !== undefined) audio.currentTime = Math.min(position, audio.duration);
    position = undefined;
  });
  const load = (): void => {
    const src = tracks[chosen]?.files(at)[index] ?? '';
    if ((audio.getAttribute('src') ?? '') === src) return;
    position ??= audio.ended ? 0 : audio.currentTime;
    const playing = !audio.paused && !audio.ended;
    // What is damaged or lost has no address; silence is better than what was heard before.
    if (src === '') audio.removeAttribute('src');
    else audio.src = src;
    if (src === '') audio.load();
    else if (playing) void audio.play().catch(() => undefined);
  };
  const labels = tracks.map(({ label }) => label);
  const buttons = choice(`${name}: which signal`, labels, chosen, (i) => {
    chosen = i;
    keep.track = tracks[i]?.label ?? '';
    load();
  });
  return {
    element: h(
      'div',
      { class: 'player', role: 'group', 'aria-label': name },
      h('b', {}, name),
      buttons,
      audio,
    ),
    show: (update) => {
      at = update;
      load();
    },
  };
}
