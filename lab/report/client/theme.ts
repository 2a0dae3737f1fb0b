import { h } from './dom.js';

type Theme = 'auto' | 'light' | 'dark';

const listeners = new Set<() => void>();
const system = matchMedia('(prefers-color-scheme: dark)');

/** Calls back when the colours of the page change. */
export function onThemeChange(listener: () => void): void {
  listeners.add(listener);
}

const probe = h('span', { class: 'hidden', 'aria-hidden': 'true' });

/** The value of a colour of the page, such as `--text`, in the theme that holds now. */
export function colour(name: string): string {
  if (!probe.isConnected) document.body.append(probe);
  probe.style.color = `var(${name})`;
  return getComputedStyle(probe).color;
}

/** Colours of lines, in order; as many as can be told apart, then again. */
export const lineColour = (index: number): string => colour(`--line-${index % 8}`);

const changed = (): void => {
  for (const listener of listeners) listener();
};
system.addEventListener('change', changed);

/** Paper is light: colours of a dark screen would be lost on it. */
addEventListener('beforeprint', () => {
  const { theme } = document.documentElement.dataset;
  document.documentElement.dataset['theme'] = 'light';
  changed();
  const restore = (): void => {
    document.documentElement.dataset['theme'] = theme ?? 'auto';
    changed();
  };
  addEventListener('afterprint', restore, { once: true });
});

/** The button that goes through: as the system, light, dark. */
export function themeButton(): HTMLElement {
  const order: Theme[] = ['auto', 'light', 'dark'];
  let theme: Theme = 'auto';
  const button = h('button', { type: 'button', class: 'theme' });
  const show = (): void => {
    document.documentElement.dataset['theme'] = theme;
    button.textContent = `Theme: ${theme}`;
  };
  button.addEventListener('click', () => {
    theme = order[(order.indexOf(theme) + 1) % order.length] ?? 'auto';
    show();
    changed();
  });
  show();
  return button;
}
