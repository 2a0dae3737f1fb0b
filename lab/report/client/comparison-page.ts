import { titleOf } from '../metric-title.js';
import { outOf } from '../out-of.js';
import type {
  ComparisonModel,
  GroupModel,
  MetricModel,
  MetricTableRow,
  Mode,
  SeedsModel,
} from '../model.js';
import { Curves, valuesTable } from './curves.js';
import { h, modeChoice, notice, section, table } from './dom.js';
import { count, interval, pValue, signed, value } from './format.js';
import { comparedGrids } from './grids.js';
import { lineColour, onThemeChange } from './theme.js';

function groupName({ label, colour }: Pick<GroupModel, 'label' | 'colour'>): HTMLElement {
  const key = h('span', { class: 'key', 'aria-hidden': 'true' });
  const paint = (): void => {
    key.style.background = lineColour(colour);
  };
  paint();
  onThemeChange(paint);
  return h('span', { class: 'group' }, key, label);
}

function differences(model: ComparisonModel): HTMLElement {
  const rows = [
    ...model.differences.map(({ path, description, words }) => [
      h('span', {}, h('code', {}, path), h('small', {}, description)),
      ...words.map((value) => (value === null ? h('i', {}, 'not set') : h('code', {}, value))),
    ]),
    ['Seeds', ...model.groups.map(({ seeds }) => seeds.join(', '))],
  ];
  const head = ['Value', ...model.groups.map(({ label }) => label)];
  const lead =
    model.groups.length === 1
      ? 'These runs have the same configuration; only their seeds differ.'
      : 'Everything in which the configurations differ. All other values are the same.';
  return section(
    'differences',
    'What differs',
    h('p', {}, lead),
    table('Differences of the configurations', head, rows, 'config difference'),
  );
}

function runs(model: ComparisonModel): HTMLElement {
  const rows = model.runs.map(({ id, href, seed, state, update, group }) => [
    href === undefined ? id : h('a', { href }, id),
    groupName(model.groups[group] ?? { label: '', colour: 0 }),
    String(seed),
    h('span', { class: `badge ${state}` }, state),
    count(update),
  ]);
  return h(
    'details',
    {},
    h('summary', {}, `The ${model.runs.length} runs`),
    table('Runs', ['Run', 'Experiment', 'Seed', 'State', 'Update'], rows),
  );
}

function metricsTable(model: ComparisonModel, mode: Mode): HTMLElement {
  const rows = model.metrics
    .filter((row) => row.mode === mode)
    .map(({ metric, groups, shown, best }) => [
      h(
        'span',
        {},
        titleOf(metric),
        metric.better !== null && h('small', {}, `${metric.better} is better`),
      ),
      ...groups.map((g, i) => {
        if (g === null) return '–';
        const told = value(g[shown], metric);
        return h(
          'span',
          {},
          best.includes(i) ? h('b', {}, told) : told,
          h(
            'small',
            {},
            outOf(spread(g, shown, metric), g.n, model.groups[i]?.counted.length ?? 0),
          ),
        );
      }),
    ]);
  const head = [
    'Metric',
    ...model.groups.map(({ label, runs: members }) => `${label} (${members.length})`),
  ];
  return table('Metrics of the test set', head, rows, 'numbers');
}

/** Student's interval, or median and range where that would hold values that cannot be. */
function spread(
  { interval: range, low, high }: SeedsModel,
  shown: MetricTableRow['shown'],
  metric: MetricModel,
): string {
  if (range === null) return 'one seed';
  return shown === 'mean' ? interval(range, metric) : `median of ${interval([low, high], metric)}`;
}

function pairedTable(model: ComparisonModel, mode: Mode): HTMLElement {
  const rows = model.paired
    .filter((row) => row.mode === mode)
    .map((row) => {
      const { metric, verdict } = row;
      return [
        h('span', {}, model.groups[row.group]?.label ?? '', h('small', {}, titleOf(metric))),
        h(
          'span',
          {},
          signed(row.difference, metric),
          h('small', {}, interval(row.interval, metric)),
        ),
        row.effect === null ? '–' : signed(row.effect),
        pValue(row.tP),
        pValue(row.wilcoxonP),
        pValue(row.adjustedP),
        h('span', { class: `verdict ${verdict}` }, verdict),
        `${count(row.examples)} examples, seed ${row.seeds.join(', ')}`,
      ];
    });
  const head = [
    'Against the first',
    'Difference',
    'Effect d',
    't-test p',
    'Wilcoxon p',
    'adjusted',
    'Verdict',
    'On',
  ];
  return table('Paired tests', head, rows, 'numbers');
}

function metrics(model: ComparisonModel): HTMLElement {
  const place = h('div', {});
  const show = (mode: Mode): void => {
    const parts: HTMLElement[] = [metricsTable(model, mode)];
    if (model.groups.length > 1) {
      parts.push(h('h3', {}, 'Example by example'));
      const first = model.groups[0]?.label ?? '';
      parts.push(
        h(
          'p',
          {},
          `Each experiment against ${first} on the same test examples with the same random draws. `,
          'The p-values are two-sided; the adjusted ones are those of Wilcoxon after Holm, for all rows together. ',
          'The verdict is Wilcoxon’s: which way most examples go; mixed where their mean goes the other way. ',
          'They say whether these trained networks differ on such examples, not whether training again would give the same: for that, compare the intervals over seeds above.',
        ),
      );
      parts.push(...model.pairedNotes.map((text) => notice(text)));
      if (model.paired.length > 0) parts.push(pairedTable(model, mode));
    }
    place.replaceChildren(...parts);
  };
  show('moving');
  return section(
    'metrics',
    'Results on the test set',
    h(
      'p',
      {},
      'Means over seeds with 95 % confidence intervals (Student’s t)',
      model.metrics.some(({ shown }) => shown === 'median') &&
        '; medians with the lowest and the highest seed where an interval would hold values that cannot be',
      '.',
    ),
    model.batch && h('div', { class: 'toolbar' }, modeChoice(show)),
    place,
  );
}

/** The page of several runs. */
export class ComparisonPage {
  readonly element = h('main', {});
  #curves: Curves | undefined;

  show(model: ComparisonModel): void {
    if (this.#curves?.update(model.charts) === true) {
      document.querySelector('#metrics')?.replaceWith(metrics(model));
      return;
    }
    this.#curves?.dispose();
    this.#curves = new Curves(model.charts, true);
    const grids = comparedGrids(model.runs);
    this.element.replaceChildren(
      h('h1', {}, 'Comparison'),
      h('p', { class: 'lead' }, ...model.groups.map(groupName)),
      ...model.notices.map((text) => notice(text)),
      ...model.problems.map((text) => notice(text, 'problem')),
      metrics(model),
      differences(model),
      runs(model),
      this.#curves.element,
      valuesTable(model.charts),
      ...(grids === undefined ? [] : [grids]),
    );
  }
}
