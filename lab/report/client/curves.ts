import type { ChartModel } from '../model.js';
import { Chart, type ChartSettings } from './chart.js';
import { field, h, section } from './dom.js';
import { value } from './format.js';
import { lineColour, onThemeChange } from './theme.js';

const sections = {
  validation: 'Validation',
  training: 'Training',
  schedules: 'Schedules',
} as const;

/** All charts with what the reader can set for them together. */
export class Curves {
  readonly element: HTMLElement;
  readonly #charts = new Map<string, Chart>();
  readonly #visible = new Set<Chart>();
  /** Not drawn as they are now. */
  readonly #stale = new Set<Chart>();
  readonly #observer: IntersectionObserver;
  #settings: ChartSettings = {
    smoothing: 0,
    logarithmic: false,
    hidden: new Set(),
    zoom: [0, 100],
  };
  #pending = false;

  /** @param shared whether the lines of all charts are the same runs: one legend then does */
  constructor(models: readonly ChartModel[], shared: boolean) {
    // A chart is drawn when it comes into view, the others when there is time: a page of many
    // opens as fast as one of few.
    this.#observer = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          const chart = this.#charts.get((target as HTMLElement).dataset['chart'] ?? '');
          if (chart === undefined) continue;
          if (!isIntersecting) this.#visible.delete(chart);
          else {
            this.#visible.add(chart);
            this.#draw(chart);
          }
        }
      },
      { rootMargin: '200px' },
    );
    const parts = Object.entries(sections).flatMap(([kind, title]) => {
      const here = models.filter((model) => model.section === kind);
      if (here.length === 0) return [];
      const figures = here.map((model) => this.#add(model, shared));
      return [h('h3', {}, title), h('div', { class: 'charts' }, ...figures)];
    });
    const names = [...new Map(models.flatMap(({ lines }) => lines.map((l) => [l.name, l.colour])))];
    this.element = section(
      'curves',
      'Curves',
      this.#toolbar(shared ? names : []),
      ...(parts.length === 0
        ? [h('p', { class: 'empty' }, 'No values have been logged yet.')]
        : parts),
    );
    onThemeChange(() => this.#redraw());
    addEventListener('resize', this.#resize);
    addEventListener('beforeprint', this.#drawAll);
    whenIdle(this.#drawOne);
  }

  /** New values of the same charts; false where the page must be made anew. */
  update(models: readonly ChartModel[]): boolean {
    const same =
      models.length === this.#charts.size && models.every(({ id }) => this.#charts.has(id));
    if (!same) return false;
    for (const model of models) {
      const chart = this.#charts.get(model.id);
      if (chart !== undefined) chart.model = model;
    }
    this.#redraw();
    return true;
  }

  dispose(): void {
    this.#observer.disconnect();
    removeEventListener('resize', this.#resize);
    removeEventListener('beforeprint', this.#drawAll);
    this.#stale.clear();
    for (const chart of this.#charts.values()) chart.dispose();
  }

  #add(model: ChartModel, shared: boolean): HTMLElement {
    const chart = new Chart(model, (from, to) => this.#set({ zoom: [from, to] }));
    this.#charts.set(model.id, chart);
    this.#stale.add(chart);
    if (!shared) {
      const names = model.lines.map(({ name, colour }): [string, number] => [name, colour]);
      chart.element.append(this.#legend(names));
    }
    this.#observer.observe(chart.element);
    return chart.element;
  }

  #toolbar(names: readonly (readonly [string, number])[]): HTMLElement {
    const slider = h('input', { type: 'range', min: 0, max: 0.99, step: 0.01, value: 0 });
    const shown = h('output', {}, '0');
    slider.addEventListener('input', () => {
      shown.textContent = slider.value;
      this.#set({ smoothing: Number(slider.value) });
    });
    const log = h('input', { type: 'checkbox' });
    log.addEventListener('change', () => this.#set({ logarithmic: log.checked }));
    const button = (text: string, label: string, zoom: () => readonly [number, number]) => {
      const element = h('button', { type: 'button', 'aria-label': label, title: label }, text);
      element.addEventListener('click', () => this.#set({ zoom: zoom() }));
      return element;
    };
    const around = (factor: number, shift: number) => (): readonly [number, number] => {
      const [from, to] = this.#settings.zoom;
      const width = Math.min(100, (to - from) * factor);
      const middle = (from + to) / 2 + shift * width;
      const start = Math.min(100 - width, Math.max(0, middle - width / 2));
      return [start, start + width];
    };
    const zoom = h(
      'div',
      { class: 'choice', role: 'group', 'aria-label': 'Zoom' },
      button('◀', 'Earlier updates', around(1, -0.25)),
      button('+', 'Zoom in', around(0.5, 0)),
      button('−', 'Zoom out', around(2, 0)),
      button('▶', 'Later updates', around(1, 0.25)),
      button('All', 'Show all updates', () => [0, 100]),
    );
    return h(
      'div',
      { class: 'toolbar', role: 'group', 'aria-label': 'Settings of all charts' },
      field('Smoothing', slider, shown),
      field('Logarithmic', log),
      zoom,
      names.length > 0 && this.#legend(names),
      h('p', { class: 'hint' }, 'Drag to move; Ctrl and wheel, or pinch, to zoom.'),
    );
  }

  /** A legend whose entries hide and show their lines. */
  #legend(names: readonly (readonly [string, number])[]): HTMLElement {
    const entries = names.map(([name, colour]) => {
      const key = h('span', { class: 'key', 'aria-hidden': 'true' });
      const paint = (): void => {
        key.style.background = lineColour(colour);
      };
      paint();
      onThemeChange(paint);
      const entry = h('button', { type: 'button', 'aria-pressed': 'true' }, key, name);
      entry.addEventListener('click', () => {
        const hidden = new Set(this.#settings.hidden);
        if (!hidden.delete(name)) hidden.add(name);
        this.#set({ hidden });
        for (const other of document.querySelectorAll<HTMLElement>('.legend button')) {
          if (other.dataset['name'] === name) {
            other.setAttribute('aria-pressed', String(!hidden.has(name)));
          }
        }
      });
      entry.dataset['name'] = name;
      return entry;
    });
    return h('div', { class: 'legend', role: 'group', 'aria-label': 'Lines' }, ...entries);
  }

  #set(change: Partial<ChartSettings>): void {
    const before = this.#settings;
    this.#settings = { ...before, ...change };
    // Charts report the zoom that they were given.
    const [from, to] = this.#settings.zoom;
    const { zoom, ...others } = change;
    const still = zoom !== undefined && before.zoom[0] === from && before.zoom[1] === to;
    if (still && Object.keys(others).length === 0) return;
    this.#redraw();
  }

  #redraw(): void {
    for (const chart of this.#charts.values()) this.#stale.add(chart);
    if (this.#pending) return;
    this.#pending = true;
    requestAnimationFrame(() => {
      this.#pending = false;
      for (const chart of this.#visible) this.#draw(chart);
    });
  }

  #draw(chart: Chart): void {
    this.#stale.delete(chart);
    chart.draw(this.#settings);
  }

  readonly #resize = (): void => {
    for (const chart of this.#charts.values()) chart.resize();
  };

  /** A printed page shows what nobody scrolled to. */
  readonly #drawAll = (): void => {
    for (const chart of [...this.#stale]) this.#draw(chart);
  };

  readonly #drawOne = (): void => {
    const [chart] = this.#stale;
    if (chart === undefined) return;
    this.#draw(chart);
    whenIdle(this.#drawOne);
  };
}

/** Not every browser tells when it is idle. */
function whenIdle(work: () => void): void {
  if ('requestIdleCallback' in window) requestIdleCallback(work);
  else setTimeout(work, 50);
}

/** The last values of all lines as a table, for those who do not see the charts. */
export function valuesTable(models: readonly ChartModel[]): HTMLElement {
  const rows = models.flatMap(({ title, lines, format }) =>
    lines.map(({ name, points }) =>
      h(
        'tr',
        {},
        h('th', { scope: 'row' }, title),
        h('td', {}, name),
        h('td', {}, value(points[1], { format })),
        h('td', {}, value(points.at(-1), { format })),
      ),
    ),
  );
  const head = ['Chart', 'Line', 'First value', 'Last value'];
  return h(
    'details',
    { class: 'values' },
    h('summary', {}, 'First and last values of all lines'),
    h(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Values of the charts' },
      h(
        'table',
        {},
        h('thead', {}, h('tr', {}, ...head.map((name) => h('th', { scope: 'col' }, name)))),
        h('tbody', {}, ...rows),
      ),
    ),
  );
}
