import type { ComparedRunModel, SamplesModel } from '../model.js';
import { field, h, section } from './dom.js';
import { count } from './format.js';

/** Rows and columns of images, drawn without blur, with hair lines between them. */
function picture(samples: SamplesModel, src: string, caption: string): HTMLElement {
  const image = h('img', { src, alt: `${caption}: ${samples.count} images` });
  const frame = h('div', { class: 'grid-frame' }, image);
  frame.style.setProperty('--columns', String(samples.columns));
  frame.style.setProperty('--rows', String(samples.rows));
  return h('figure', { class: 'grid' }, frame, h('figcaption', {}, caption));
}

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
  image.alt = `${caption} at update ${frame.update}: ${samples.count} images`;
  text.textContent = `${caption}, update ${count(frame.update)}`;
}

/** A slider over updates with a button that plays them. */
function slider(
  updates: readonly number[],
  outputs: readonly Output[],
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

/** The images of one run: what it was given, what it should give, what it gave over time. */
export function runGrids(samples: SamplesModel, keep: { position?: number }): HTMLElement {
  const output: Output = { figure: picture(samples, '', 'Result'), samples, caption: 'Result' };
  const updates = samples.frames.map(({ update }) => update);
  const bar = slider(updates, [output], keep.position);
  bar.querySelector('input')?.addEventListener('input', (event) => {
    const { value, max } = event.target as HTMLInputElement;
    // At the end it keeps following the run.
    if (value === max) delete keep.position;
    else keep.position = Number(value);
  });
  const left = samples.available - samples.frames.length;
  return section(
    'images',
    'Images',
    bar,
    h(
      'div',
      { class: 'grids' },
      picture(samples, samples.input, 'Input'),
      picture(samples, samples.reference, 'Reference'),
      picture(samples, samples.target, 'Ground truth'),
      output.figure,
    ),
    left > 0 &&
      h(
        'p',
        { class: 'hint' },
        `${samples.frames.length} of ${samples.available} evaluations are shown, evenly spread.`,
      ),
  );
}

/** The outputs of several runs beside each other, a row a seed: those saw the same images. */
export function comparedGrids(runs: readonly ComparedRunModel[]): HTMLElement | undefined {
  const shown = runs.filter((run) => run.samples !== undefined);
  if (shown.length === 0) return undefined;
  const outputs: Output[] = [];
  const seeds = [...new Set(shown.map(({ seed }) => seed))];
  const rows = seeds.map((seed) => {
    const here = shown.filter((run) => run.seed === seed);
    const figures = here.flatMap(({ samples, label, preset }, i) => {
      if (samples === undefined) return [];
      const caption = label.replace(/, seed \d+$/, '') || preset;
      const output = { figure: picture(samples, '', caption), samples, caption };
      outputs.push(output);
      const given = [
        picture(samples, samples.input, 'Input'),
        picture(samples, samples.target, 'Ground truth'),
      ];
      return i === 0 ? [...given, output.figure] : [output.figure];
    });
    const scroll = {
      class: 'grids',
      tabindex: 0,
      role: 'region',
      'aria-label': `Images of seed ${seed}`,
    };
    return [h('h3', {}, `Seed ${seed}`), h('div', scroll, ...figures)];
  });
  const updates = [
    ...new Set(outputs.flatMap(({ samples }) => samples.frames.map(({ update }) => update))),
  ].sort((a, b) => a - b);
  return section('images', 'Images side by side', slider(updates, outputs), ...rows.flat());
}
