import type { Mode } from '../model.js';

type Child = Node | string | undefined | false;
type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** Makes an element; text is only ever text. `true` sets a bare attribute, `false` none. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of children) {
    if (child !== undefined && child !== false) element.append(child);
  }
  return element;
}

/** A part of the page with its heading; links and the outline lead there. */
export function section(id: string, title: string, ...children: readonly Child[]): HTMLElement {
  const heading = h('h2', { id: `${id}-title` }, title);
  return h('section', { id, 'aria-labelledby': `${id}-title` }, heading, ...children);
}

let labels = 0;

/** A labelled control. */
export function field(
  label: string,
  control: HTMLElement,
  ...after: readonly Child[]
): HTMLElement {
  control.id = `control-${++labels}`;
  return h('div', { class: 'field' }, h('label', { for: control.id }, label), control, ...after);
}

/** Buttons of which one is pressed. */
export function choice(
  label: string,
  names: readonly string[],
  pressed: number,
  choose: (index: number) => void,
): HTMLElement {
  const buttons = names.map((name, i) =>
    h('button', { type: 'button', 'aria-pressed': String(i === pressed) }, name),
  );
  buttons.forEach((button, i) =>
    button.addEventListener('click', () => {
      buttons.forEach((b, j) => b.setAttribute('aria-pressed', String(i === j)));
      choose(i);
    }),
  );
  return h('div', { class: 'choice', role: 'group', 'aria-label': label }, ...buttons);
}

/** Moving averages or batch statistics. */
export const modeChoice = (choose: (mode: Mode) => void): HTMLElement =>
  choice('Batch normalisation', ['Moving averages', 'Batch statistics'], 0, (i) =>
    choose(i === 0 ? 'moving' : 'batch'),
  );

/** A table that scrolls by itself where it is too wide, by keyboard too. */
export function table(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly (Node | string)[])[],
  kind = '',
): HTMLElement {
  const body = rows.map((row) =>
    h(
      'tr',
      {},
      ...row.map((cell, i) =>
        i === 0 ? h('th', { scope: 'row' }, cell) : h('td', { 'data-label': head[i] ?? '' }, cell),
      ),
    ),
  );
  return h(
    'div',
    { class: `scroll ${kind}`, tabindex: 0, role: 'region', 'aria-label': caption },
    h(
      'table',
      {},
      h('caption', { class: 'hidden' }, caption),
      h('thead', {}, h('tr', {}, ...head.map((name) => h('th', { scope: 'col' }, name)))),
      h('tbody', {}, ...body),
    ),
  );
}

export function notice(text: string, kind: 'note' | 'problem' = 'note'): HTMLElement {
  return h('p', { class: `notice ${kind}`, role: 'note' }, text);
}
