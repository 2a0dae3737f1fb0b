import type {
  ExampleGroupModel,
  ExampleModel,
  MetricModel,
  Mode,
  TestExamplesModel,
} from '../model.js';
import { choice, h, modeChoice, section } from './dom.js';
import { capital, count, percent, withUnit } from './format.js';

function card(
  { indexes, values, pictures }: ExampleModel,
  metrics: readonly MetricModel[],
  sources: readonly string[],
): HTMLElement {
  const named = indexes.map(([sequence, index]) => `${sequence} #${index}`).join(', ');
  const shown = pictures.map(({ label, picture }) =>
    h(
      'div',
      {},
      h('img', { src: sources[picture] ?? '', alt: `${capital(label)} of ${named}` }),
      h('span', { 'aria-hidden': 'true' }, label),
    ),
  );
  const numbers = metrics.map(
    (metric, i) => `${metric.label} ${withUnit(values[i] ?? null, metric)}`,
  );
  return h(
    'figure',
    { class: 'example' },
    shown.length > 0 && h('div', { class: 'parts' }, ...shown),
    h('figcaption', {}, h('b', {}, named), ` ${numbers.join(' · ')}`),
  );
}

/** How many of all examples are of the group, where that says something. */
function share({ label, count: found }: ExampleGroupModel, all: number): string {
  if (found === null || all === 0) return '';
  return ` ${capital(label)}: ${count(found)} of ${count(all)} (${percent(found / all)}).`;
}

/** The examples of the test set that say most about a network. */
export function testExamples(model: TestExamplesModel): HTMLElement {
  const groups = [...new Map(model.groups.map(({ name, label }) => [name, label]))];
  let mode: Mode = 'moving';
  let [group] = groups[0] ?? [''];
  const text = h('p', {});
  const cards = h('div', { class: 'examples', 'aria-live': 'polite' });
  const show = (): void => {
    const found = model.groups.find((g) => g.name === group && g.mode === mode);
    const examples = found?.examples ?? [];
    text.textContent = found === undefined ? '' : found.explanation + share(found, model.count);
    cards.replaceChildren(
      ...examples.map((example) => card(example, found?.metrics ?? [], model.pictures)),
    );
    if (examples.length === 0) cards.append(h('p', { class: 'empty' }, 'There are none.'));
  };
  show();
  const labels = groups.map(([, label]) => label);
  const choose = choice('Which examples', labels, 0, (i) => {
    [group] = groups[i] ?? [''];
    show();
  });
  const ofMode = modeChoice((chosen) => {
    mode = chosen;
    show();
  });
  return section(
    'test-examples',
    'Test examples',
    h('div', { class: 'toolbar' }, choose, model.batch && ofMode),
    text,
    cards,
  );
}
