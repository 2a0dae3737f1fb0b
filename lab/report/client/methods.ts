import { formatInterval } from '../interval.js';
import { titleOf } from '../metric-title.js';
import type { IntervalModel, MethodsModel } from '../model.js';
import { choice, h, section, table } from './dom.js';
import { count } from './format.js';

const cell = (value: IntervalModel | null, sign = ''): string =>
  value === null ? '–' : formatInterval(value, sign);

/** The network beside other methods, on all test examples or one kind of them. */
export function methods({ update, metrics, kinds }: MethodsModel): HTMLElement {
  const shown = h('div', { 'aria-live': 'polite' });
  const show = (chosen: number): void => {
    const kind = kinds[chosen];
    if (kind === undefined) return;
    const { name, rows } = kind;
    const others = rows.filter(({ network }) => !network);
    shown.replaceChildren(
      table(
        `Methods on ${name}`,
        ['Method', ...metrics.map(titleOf)],
        rows.map(({ method, values }) => [method, ...values.map((value) => cell(value))]),
        'numbers',
      ),
      h('h3', {}, 'The network’s lead, example by example'),
      table(
        `Lead of the network on ${name}`,
        ['Over', ...metrics.map(titleOf)],
        others.map(({ method, leads }) => [method, ...leads.map((value) => cell(value, '+'))]),
        'numbers',
      ),
    );
  };
  show(0);
  const names = kinds.map(({ name, count: of }) => `${name} (${count(of)})`);
  return section(
    'methods',
    'Beside other methods',
    h(
      'p',
      {},
      `On the test set, at update ${count(update)}: means, and half of the width of their 95 % interval over examples.`,
    ),
    kinds.length > 1 && h('div', { class: 'toolbar' }, choice('Which examples', names, 0, show)),
    shown,
  );
}
