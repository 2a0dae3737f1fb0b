import type { Facts, RunModel, StatusModel } from '../model.js';
import { Curves, valuesTable } from './curves.js';
import { h, notice, section, table } from './dom.js';
import { testImages } from './examples.js';
import { count, duration, metric, percent } from './format.js';
import { runGrids } from './grids.js';

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
  const cards = ['content', 'psnr', 'ssim', 'collapseRate'].flatMap((name) => {
    const row = first?.rows.find((r) => r.metric === name);
    if (row === undefined) return [];
    const show =
      name === 'collapseRate' ? (v: number | null) => (v === null ? '–' : percent(v)) : metric;
    return [
      h(
        'div',
        { class: 'card' },
        h('span', { class: 'name' }, row.label),
        h('b', {}, show(row.moving)),
        h('span', {}, `${show(row.batch)} with batch statistics`),
      ),
    ];
  });
  const tables = model.results.map(({ evaluation, update, rows }) =>
    h(
      'details',
      { open: evaluation === first?.evaluation },
      h('summary', {}, `Evaluation '${evaluation}' at update ${count(update)}`),
      table(
        `Metrics of evaluation ${evaluation}`,
        ['Metric', 'Moving averages', 'Batch statistics'],
        rows.map((row) => [row.label, metric(row.moving), metric(row.batch)]),
        'numbers',
      ),
    ),
  );
  const lead =
    first === undefined
      ? 'No evaluation has been made yet.'
      : `${first.evaluation === 'test' ? 'On the test set' : `On the images of evaluation '${first.evaluation}'`}, at update ${count(first.update)}.`;
  return section(
    'results',
    'Results',
    h('p', {}, lead),
    h('div', { class: 'cards' }, ...cards),
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
  readonly #position: { position?: number } = {};

  show(model: RunModel): void {
    const before = this.#model;
    this.#model = model;
    if (before !== undefined && this.#curves?.update(model.charts) === true) {
      this.#refresh(before, model);
      return;
    }
    this.#curves?.dispose();
    this.#curves = new Curves(model.charts, false);
    this.element.replaceChildren(
      h('div', { id: 'overview' }, ...this.#overview(model)),
      results(model),
      ...(model.samples === undefined ? [] : [runGrids(model.samples, this.#position)]),
      this.#curves.element,
      valuesTable(model.charts),
      ...(model.testImages === undefined ? [] : [testImages(model.testImages)]),
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
    if (model.samples !== undefined && before.samples?.available !== model.samples.available) {
      document.querySelector('#images')?.replaceWith(runGrids(model.samples, this.#position));
    }
    document.querySelector('details.values')?.replaceWith(valuesTable(model.charts));
    if (model.testImages !== undefined && before.testImages?.update !== model.testImages.update) {
      document.querySelector('#test-images')?.remove();
      document.querySelector('#configuration')?.before(testImages(model.testImages));
    }
  }
}
