import { titleOf } from '../metric-title.js';
import type { Facts, RunModel, StatusModel } from '../model.js';
import { Curves, valuesTable } from './curves.js';
import { h, notice, section, table } from './dom.js';
import { count, duration, value, withUnit } from './format.js';
import { runGrids, type Kept } from './grids.js';
import { methods } from './methods.js';
import { testExamples } from './test-examples.js';

export function statusBadge({ state }: StatusModel): HTMLElement {
  return h('span', { class: `badge ${state}` }, state);
}

/** How far the run is: a bar while it runs, a line when it is over. */
export function progress(status: StatusModel): HTMLElement {
  const { update, totalUpdates, updatesPerSecond, secondsLeft, phase, message } = status;
  const parts = [`update ${count(update)} of ${count(totalUpdates)}`];
  if (phase !== undefined && status.state === 'running') parts.push(`phase ${phase}`);
  if (updatesPerSecond !== undefined) {
    parts.push(`${updatesPerSecond.toFixed(updatesPerSecond < 10 ? 2 : 0)} updates/s`);
  }
  if (secondsLeft !== undefined) parts.push(`about ${duration(secondsLeft)} left`);
  if (message !== undefined) parts.push(message);
  return h(
    'div',
    { class: 'progress' },
    statusBadge(status),
    status.state !== 'finished' &&
      h('progress', { max: Math.max(1, totalUpdates), value: update, 'aria-label': 'Progress' }),
    h('span', {}, parts.join(' · ')),
  );
}

export function facts(list: Facts): HTMLElement {
  return h(
    'dl',
    { class: 'facts' },
    ...list.flatMap(([name, value]) => [h('div', {}, h('dt', {}, name), h('dd', {}, value))]),
  );
}

function results(model: RunModel): HTMLElement {
  const first = model.results.find(({ evaluation }) => evaluation === 'test') ?? model.results[0];
  const cards = (first?.rows ?? [])
    .filter(({ metric }) => metric.headline)
    .map(({ metric, moving, batch }) =>
      h(
        'div',
        { class: 'card' },
        h('span', { class: 'name' }, metric.label),
        h('b', {}, withUnit(moving, metric)),
        first?.batch === true && h('span', {}, `${withUnit(batch, metric)} with batch statistics`),
      ),
    );
  const tables = model.results.map(({ evaluation, update, batch, rows }) =>
    h(
      'details',
      { open: evaluation === first?.evaluation },
      h('summary', {}, `Evaluation '${evaluation}' at update ${count(update)}`),
      table(
        `Metrics of evaluation ${evaluation}`,
        batch ? ['Metric', 'Moving averages', 'Batch statistics'] : ['Metric', 'Value'],
        rows.map((row) => [
          titleOf(row.metric),
          value(row.moving, row.metric),
          ...(batch ? [value(row.batch, row.metric)] : []),
        ]),
        'numbers',
      ),
    ),
  );
  const lead =
    first === undefined
      ? 'No evaluation has been made yet.'
      : `${first.evaluation === 'test' ? 'On the test set' : `On the examples of evaluation '${first.evaluation}'`}, at update ${count(first.update)}.`;
  return section(
    'results',
    'Results',
    h('p', {}, lead),
    cards.length > 0 && h('div', { class: 'cards' }, ...cards),
    ...tables,
  );
}

function configuration(model: RunModel): HTMLElement {
  const rows = model.configuration.map(({ path, value, origin, type, description }) => [
    h('code', {}, path),
    h('code', {}, value),
    origin,
    h('span', { title: type }, description),
  ]);
  const body = table('Configuration', ['Value', 'Is', 'Comes from', 'Means'], rows, 'config');
  const filter = h('input', {
    type: 'search',
    placeholder: 'filter',
    'aria-label': 'Filter the configuration',
  });
  const changed = h('input', { type: 'checkbox', id: 'not-default' });
  const apply = (): void => {
    body.querySelectorAll('tbody tr').forEach((row, i) => {
      const { path = '', value = '', origin = '' } = model.configuration[i] ?? {};
      const text = `${path} ${value} ${origin}`.toLowerCase();
      const hide =
        !text.includes(filter.value.toLowerCase()) || (changed.checked && origin === 'default');
      row.toggleAttribute('hidden', hide);
    });
  };
  filter.addEventListener('input', apply);
  changed.addEventListener('change', apply);
  return section(
    'configuration',
    'Configuration',
    h(
      'div',
      { class: 'toolbar' },
      filter,
      h('div', { class: 'field' }, changed, h('label', { for: 'not-default' }, 'without defaults')),
    ),
    body,
  );
}

function environment(model: RunModel): HTMLElement {
  const copy = h('button', { type: 'button' }, 'Copy');
  copy.addEventListener('click', () => {
    navigator.clipboard.writeText(model.command).then(
      () => (copy.textContent = 'Copied'),
      () => (copy.textContent = 'Select and copy by hand'),
    );
  });
  return section(
    'environment',
    'Command and environment',
    h('div', { class: 'command' }, h('pre', { tabindex: 0 }, h('code', {}, model.command)), copy),
    facts(model.environment),
  );
}

/** The page of one run. It keeps what the reader set when newer values come. */
export class RunPage {
  readonly element = h('main', {});
  #curves: Curves | undefined;
  #model: RunModel | undefined;
  readonly #kept: Kept = {};
  /** How many outputs the examples on the page are of. */
  #outputs = 0;

  show(model: RunModel): void {
    const before = this.#model;
    this.#model = model;
    if (before !== undefined && this.#curves?.update(model.charts) === true) {
      this.#refresh(before, model);
      return;
    }
    this.#curves?.dispose();
    this.#curves = new Curves(model.charts, false);
    this.#outputs = model.samples?.available ?? 0;
    this.element.replaceChildren(
      h('div', { id: 'overview' }, ...this.#overview(model)),
      results(model),
      ...(model.methods === undefined ? [] : [methods(model.methods)]),
      ...(model.samples === undefined ? [] : [runGrids(model.samples, this.#kept)]),
      this.#curves.element,
      valuesTable(model.charts),
      ...(model.testExamples === undefined ? [] : [testExamples(model.testExamples)]),
      configuration(model),
      environment(model),
    );
  }

  #overview(model: RunModel): HTMLElement[] {
    return [
      h('h1', {}, model.title),
      h('p', { class: 'lead' }, model.summary),
      progress(model.status),
      ...(model.notice === undefined ? [] : [notice(model.notice)]),
      ...model.problems.map((problem) => notice(problem, 'problem')),
      facts(model.headline),
    ];
  }

  /** Replaces only what changed, so that scroll position and focus stay. */
  #refresh(before: RunModel, model: RunModel): void {
    document.querySelector('#overview')?.replaceChildren(...this.#overview(model));
    if (JSON.stringify(before.results) !== JSON.stringify(model.results)) {
      document.querySelector('#results')?.replaceWith(results(model));
    }
    this.#refreshSamples(model);
    document.querySelector('details.values')?.replaceWith(valuesTable(model.charts));
    const tested = model.testExamples;
    if (tested !== undefined && before.testExamples?.update !== tested.update) {
      document.querySelector('#test-examples')?.remove();
      document.querySelector('#configuration')?.before(testExamples(tested));
      document.querySelector('#methods')?.remove();
      if (model.methods !== undefined) {
        document.querySelector('#results')?.after(methods(model.methods));
      }
    }
  }

  /** New outputs wait until nobody listens to older ones. */
  #refreshSamples({ samples }: RunModel): void {
    if (samples === undefined || samples.available === this.#outputs) return;
    const players = document.querySelectorAll<HTMLAudioElement>('#samples audio');
    if ([...players].some(({ paused }) => !paused)) return;
    this.#outputs = samples.available;
    const grids = runGrids(samples, this.#kept);
    const shown = document.querySelector('#samples');
    if (shown === null) document.querySelector('#curves')?.before(grids);
    else shown.replaceWith(grids);
  }
}
