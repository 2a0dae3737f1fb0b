import type { ExampleGroupModel, ExampleModel, TestImagesModel } from '../model.js';
import { choice, h, section } from './dom.js';
import { count, metric, percent } from './format.js';

const titles = {
  worst: 'Worst',
  best: 'Best',
  collapsed: 'Collapsed',
} as const;

const explanations = {
  worst: 'The test images with the highest content loss.',
  best: 'The test images with the lowest content loss.',
  collapsed:
    'Results that look more like the reference than like the ground truth: the network has let the reference through. The clearest cases come first.',
} as const;

function card(example: ExampleModel, group: ExampleGroupModel['group']): HTMLElement {
  const about = `Test image ${example.target} with reference ${example.reference}`;
  const numbers =
    group === 'collapsed'
      ? `the reference explains ${percent(example.collapseMargin)} more of it`
      : `content ${metric(example.content)} · PSNR ${metric(example.psnr)} dB`;
  return h(
    'figure',
    { class: 'example' },
    h('img', { src: example.src, alt: `${about}: input, reference, ground truth, result` }),
    h(
      'div',
      { class: 'parts', 'aria-hidden': 'true' },
      ...['input', 'reference', 'truth', 'result'].map((part) => h('span', {}, part)),
    ),
    h('figcaption', {}, h('b', {}, `#${example.target}`), ` ${numbers}`),
  );
}

/** The images of the test set that say most about a network. */
export function testImages(model: TestImagesModel): HTMLElement {
  let mode: ExampleGroupModel['mode'] = 'moving';
  let group: ExampleGroupModel['group'] = 'worst';
  const text = h('p', {});
  const cards = h('div', { class: 'examples', 'aria-live': 'polite' });
  const show = (): void => {
    const found = model.groups.find((g) => g.group === group && g.mode === mode);
    const examples = found?.examples ?? [];
    const share = model.collapsed[mode] / model.images;
    const rate =
      group === 'collapsed'
        ? ` ${count(model.collapsed[mode])} of ${count(model.images)} (${percent(share)}) collapsed.`
        : '';
    text.textContent = explanations[group] + rate;
    cards.replaceChildren(...examples.map((example) => card(example, group)));
    if (examples.length === 0) cards.append(h('p', { class: 'empty' }, 'There are none.'));
  };
  const groups = ['worst', 'best', 'collapsed'] as const;
  const modes = ['moving', 'batch'] as const;
  show();
  return section(
    'test-images',
    'Test images',
    h(
      'div',
      { class: 'toolbar' },
      choice(
        'Which images',
        groups.map((g) => titles[g]),
        0,
        (i) => {
          group = groups[i] ?? 'worst';
          show();
        },
      ),
      choice('Batch normalisation', ['Moving averages', 'Batch statistics'], 0, (i) => {
        mode = modes[i] ?? 'moving';
        show();
      }),
    ),
    text,
    cards,
  );
}
