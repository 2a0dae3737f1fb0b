import type { ListedRunModel, ListModel } from '../model.js';
import { h, notice } from './dom.js';
import { withUnit } from './format.js';
import { progress } from './run-page.js';

/** The list of runs that `ncn watch` serves. */
export class ListPage {
  readonly element = h('main', {});
  readonly #chosen = new Set<string>();

  show(model: ListModel): void {
    const focused = document.activeElement?.id ?? '';
    const compare = h('button', { type: 'button', class: 'primary' }, 'Compare');
    compare.addEventListener('click', () => {
      const query = [...this.#chosen].map((id) => `run=${encodeURIComponent(id)}`).join('&');
      location.assign(`/compare?${query}`);
    });
    const told = (): void => {
      compare.disabled = this.#chosen.size < 2;
      compare.textContent =
        this.#chosen.size < 2 ? 'Choose runs to compare' : `Compare ${this.#chosen.size} runs`;
    };
    told();
    this.element.replaceChildren(
      h('h1', {}, 'Runs'),
      h('div', { class: 'toolbar' }, h('p', { class: 'lead' }, model.title), compare),
      model.runs.length === 0
        ? notice(
            'There are no runs here yet. Start one: ncn --preset conditional_v5 --profile quick',
          )
        : h('ul', { class: 'runs' }, ...model.runs.map((run) => this.#entry(run, told))),
    );
    document.getElementById(focused)?.focus();
  }

  #entry(run: ListedRunModel, told: () => void): HTMLElement {
    const box = h('input', {
      type: 'checkbox',
      id: `choose-${run.id}`,
      'aria-label': `Compare ${run.id}`,
    });
    box.checked = this.#chosen.has(run.id);
    box.addEventListener('change', () => {
      if (box.checked) this.#chosen.add(run.id);
      else this.#chosen.delete(run.id);
      told();
    });
    const values = run.metrics.map(
      ({ metric, value }) => `${metric.label} ${withUnit(value, metric)}`,
    );
    return h(
      'li',
      { class: 'run' },
      box,
      run.thumbnail === undefined
        ? h('span', { class: 'thumb' })
        : h('img', { class: 'thumb', src: run.thumbnail, alt: '' }),
      h(
        'div',
        {},
        h('a', { href: run.href, id: `run-${run.id}` }, run.id),
        h(
          'small',
          {},
          `${run.preset} · ${run.profile}, seed ${run.seed} · ${run.created.slice(0, 16).replace('T', ' ')} UTC`,
        ),
        run.problem === undefined ? progress(run.status) : notice(run.problem, 'problem'),
        values.length > 0 && h('small', {}, values.join(' · ')),
      ),
    );
  }
}
