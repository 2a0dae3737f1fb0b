import type { ComparedRunModel, SampleRoleModel, SamplesModel } from '../model.js';
import { field, h, section } from './dom.js';
import { capital, count } from './format.js';
import { players, tracksOf, type Players } from './players.js';

/** What the reader chose, kept when the page is made anew. */
export interface Kept {
  position?: number;
  /** The signal that is heard. */
  track?: string;
}

/** Rows and columns of examples, drawn without blur, with hair lines between them. */
function picture(
  samples: SamplesModel,
  { width, height }: SampleRoleModel,
  src: string,
  caption: string,
): HTMLElement {
  const { columns, rows } = samples;
  const image = h('img', { src, alt: `${caption}: ${told(samples)}` });
  const frame = h('div', { class: 'grid-frame' }, image);
  frame.style.setProperty('--columns', String(columns));
  frame.style.setProperty('--rows', String(rows));
  frame.style.setProperty('--ratio', `${columns * width} / ${rows * height}`);
  return h('figure', { class: 'grid' }, frame, h('figcaption', {}, caption));
}

const told = ({ count: n, title }: SamplesModel): string => `${n} ${title.toLowerCase()}`;

/** What was given and should come out. */
const givenPictures = (samples: SamplesModel): HTMLElement[] =>
  samples.given.map((role) => picture(samples, role, role.src, capital(role.label)));

/** A picture of outputs that follows the slider. */
interface Output {
  readonly figure: HTMLElement;
  readonly samples: SamplesModel;
  readonly caption: string;
}

function show({ figure, samples, caption }: Output, update: number): void {
  const frame = samples.frames.findLast((f) => f.update <= update) ?? samples.frames[0];
  const image = figure.querySelector('img');
  const text = figure.querySelector('figcaption');
  if (frame === undefined || image === null || text === null) return;
  image.src = frame.src;
  image.alt = `${caption} at update ${frame.update}: ${told(samples)}`;
  text.textContent = `${caption}, update ${count(frame.update)}`;
}

/** A slider over updates with a button that plays them. */
function slider(
  updates: readonly number[],
  outputs: readonly Output[],
  heard: readonly Players[],
  start?: number,
): HTMLElement {
  const last = updates.length - 1;
  const input = h('input', { type: 'range', min: 0, max: last, step: 1, value: start ?? last });
  const output = h('output', {});
  const play = h('button', { type: 'button', 'aria-pressed': 'false' }, 'Play');
  const set = (): void => {
    const update = updates[Number(input.value)] ?? 0;
    output.textContent = `update ${count(update)}`;
    input.setAttribute('aria-valuetext', `update ${update}`);
    for (const each of outputs) show(each, update);
    for (const each of heard) each.show(update);
  };
  let timer: ReturnType<typeof setInterval> | undefined;
  const stop = (): void => {
    clearInterval(timer);
    timer = undefined;
    play.textContent = 'Play';
    play.setAttribute('aria-pressed', 'false');
  };
  play.addEventListener('click', () => {
    if (timer !== undefined) {
      stop();
      return;
    }
    if (Number(input.value) === last) input.value = '0';
    set();
    play.textContent = 'Pause';
    play.setAttribute('aria-pressed', 'true');
    timer = setInterval(() => {
      input.value = String(Number(input.value) + 1);
      set();
      if (Number(input.value) >= last) stop();
    }, 250);
  });
  input.addEventListener('input', () => {
    stop();
    set();
  });
  set();
  return h('div', { class: 'toolbar' }, field('Update', input, output), play);
}

/** The examples of one run: what it was given, what it should give, what it gave over time. */
export function runGrids(samples: SamplesModel, keep: Kept): HTMLElement {
  const caption = capital(samples.output.label);
  const output: Output = {
    figure: picture(samples, samples.output, '', caption),
    samples,
    caption,
  };
  const heard = players(tracksOf(samples, [{ samples, label: caption }]), keep);
  const updates = samples.frames.map(({ update }) => update);
  const bar = slider(updates, [output], heard === undefined ? [] : [heard], keep.position);
  bar.querySelector('input')?.addEventListener('input', (event) => {
    const { value, max } = event.target as HTMLInputElement;
    // At the end it keeps following the run.
    if (value === max) delete keep.position;
    else keep.position = Number(value);
  });
  const left = samples.available - samples.frames.length;
  return section(
    'samples',
    samples.title,
    bar,
    h('div', { class: 'grids' }, ...givenPictures(samples), output.figure),
    heard?.element,
    left > 0 &&
      h(
        'p',
        { class: 'hint' },
        `${samples.frames.length} of ${samples.available} evaluations are shown, evenly spread.`,
      ),
  );
}

/** The outputs of several runs beside each other, a row a seed: those saw the same examples. */
export function comparedGrids(runs: readonly ComparedRunModel[]): HTMLElement | undefined {
  const shown = runs.flatMap(({ samples, ...run }) =>
    samples === undefined ? [] : [{ ...run, samples }],
  );
  const [first] = shown;
  if (first === undefined) return undefined;
  const outputs: Output[] = [];
  const heard: Players[] = [];
  const seeds = [...new Set(shown.map(({ seed }) => seed))];
  const rows = seeds.map((seed) => {
    const here = shown
      .filter((run) => run.seed === seed)
      .map(({ samples, label, preset }) => {
        const caption = label.replace(/, seed \d+(?=$| \(start \d+\)$)/, '') || preset;
        return { figure: picture(samples, samples.output, '', caption), samples, caption };
      });
    outputs.push(...here);
    const tracks = here.map(({ samples, caption }) => ({ samples, label: caption }));
    const sounds = players(tracksOf(here[0]?.samples, tracks), {});
    if (sounds !== undefined) heard.push(sounds);
    const scroll = {
      class: 'grids',
      tabindex: 0,
      role: 'region',
      'aria-label': `${first.samples.title} of seed ${seed}`,
    };
    const given = here[0] === undefined ? [] : givenPictures(here[0].samples);
    return [
      h('h3', {}, `Seed ${seed}`),
      h('div', scroll, ...given, ...here.map(({ figure }) => figure)),
      ...(sounds === undefined ? [] : [sounds.element]),
    ];
  });
  const updates = [
    ...new Set(outputs.flatMap(({ samples }) => samples.frames.map(({ update }) => update))),
  ].sort((a, b) => a - b);
  const title = `${first.samples.title} side by side`;
  return section('samples', title, slider(updates, outputs, heard), ...rows.flat());
}
