import type { PageModel, PageSettings } from '../model.js';
import { ComparisonPage } from './comparison-page.js';
import { h } from './dom.js';
import { ListPage } from './list-page.js';
import { RunPage } from './run-page.js';
import { themeButton } from './theme.js';

const embedded = (id: string): unknown =>
  JSON.parse(document.getElementById(id)?.textContent ?? 'null');
const settings = embedded('settings') as PageSettings;
const first = embedded('model') as PageModel;

const pages = { run: new RunPage(), comparison: new ComparisonPage(), list: new ListPage() };

function show(model: PageModel): void {
  switch (model.kind) {
    case 'run':
      pages.run.show(model);
      break;
    case 'comparison':
      pages.comparison.show(model);
      break;
    case 'list':
      pages.list.show(model);
      break;
  }
}

const state = h('span', { class: 'live', role: 'status' });

/** Asks the server for newer values every two seconds while someone looks. */
function follow(address: string): void {
  let tag = '';
  const ask = async (): Promise<void> => {
    if (document.hidden) return;
    try {
      const answer = await fetch(address, tag === '' ? {} : { headers: { 'if-none-match': tag } });
      if (answer.status === 200) {
        tag = answer.headers.get('etag') ?? '';
        show((await answer.json()) as PageModel);
      } else if (answer.status !== 304) throw new Error(String(answer.status));
      state.textContent = '● live';
    } catch {
      state.textContent = '○ ncn watch does not answer';
    }
  };
  const again = (): void => {
    void ask().finally(() => setTimeout(again, 2000));
  };
  setTimeout(again, 1000);
}

document
  .getElementById('page')
  ?.append(
    h(
      'header',
      {},
      h('a', { class: 'brand', href: settings.home ?? '#' }, 'ncn'),
      h('nav', { 'aria-label': 'Parts of the page' }),
      state,
      themeButton(),
    ),
    pages[first.kind].element,
    h(
      'footer',
      {},
      `Made by ncn ${settings.version}. `,
      settings.live === undefined
        ? 'The file holds everything that it shows.'
        : 'Follows the runs of this folder; ncn report and ncn compare write pages to keep.',
    ),
  );
show(first);
document
  .querySelector('nav')
  ?.append(
    ...[...document.querySelectorAll('section')].map((part) =>
      h('a', { href: `#${part.id}` }, part.querySelector('h2')?.textContent ?? ''),
    ),
  );
if (settings.live !== undefined) follow(settings.live);
