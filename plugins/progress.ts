import {
  definePlugin,
  formatCount,
  formatMetric,
  formatValue,
  progressLine,
  TerminalToken,
  z,
} from 'ncn';

const options = z.strictObject({
  lines: z
    .number()
    .positive()
    .default(10)
    .describe('seconds between progress lines where the output is not a terminal'),
});

/**
 * Losses first, those of the generator before all others, under their last name where it says
 * enough: `content`, `adversarial`, `discrimination`, `accuracy`.
 */
function byImportance(
  metrics: readonly (readonly [string, number])[],
  scalars: ReadonlyMap<string, number>,
): [string, number][] {
  const rank = (name: string): number =>
    (scalars.has(`weight/${name}`) ? 0 : 2) + (name.startsWith('generator/') ? 0 : 1);
  const short = (name: string): string => name.slice(name.lastIndexOf('/') + 1);
  const names = metrics.map(([name]) => short(name));
  return [...metrics]
    .sort(([a], [b]) => rank(a) - rank(b))
    .map(([name, value]) => {
      const last = short(name);
      return [names.filter((other) => other === last).length === 1 ? last : name, value];
    });
}

/** One line that says how far the run is, how fast, and when it ends. */
export default definePlugin({
  name: 'progress',
  version: '1.0.0',
  summary: 'progress line with updates/s and ETA, evaluation lines',
  options,
  setup({ hooks, services, options: o }) {
    let rate = 0;
    let shownAt = 0;

    hooks.runStart.tap(() => {
      shownAt = performance.now();
    });
    hooks.updateEnd.tap(
      async ({ run, phase, update, scalars, metrics, seconds }) => {
        // An exponential mean: recent updates say more about the rest than the first did.
        rate = rate === 0 ? 1 / seconds : 0.95 * rate + 0.05 / seconds;
        const terminal = services.get(TerminalToken);
        const due = performance.now() - shownAt > (terminal.interactive ? 100 : o.lines * 1000);
        if (!due) return;
        shownAt = performance.now();
        const values = [...(await metrics())].filter(([name]) => !name.endsWith('/loss'));
        const text = progressLine(
          {
            phase: phase.name,
            update,
            totalUpdates: run.totalUpdates,
            metrics: byImportance(values, scalars),
            updatesPerSecond: rate,
          },
          terminal.columns,
          terminal.colours,
        );
        if (terminal.interactive) terminal.progress(text);
        else terminal.line(text);
        terminal.event({
          type: 'progress',
          update,
          phase: phase.name,
          metrics: Object.fromEntries(values),
          updatesPerSecond: rate,
        });
      },
      { stage: 'last' },
    );
    hooks.evaluationEnd.tap(({ run, name, update, result }) => {
      const terminal = services.get(TerminalToken);
      const declared = run.metrics.filter(({ headline }) => headline);
      const few = declared.some((metric) => result.metrics.has(metric.name));
      // An evaluation of one's own may report none of them.
      const shown = few ? declared : run.metrics;
      const parts = shown.flatMap((metric) => {
        const value = result.metrics.get(metric.name);
        return value === undefined ? [] : [`${metric.name} ${formatValue(value, metric)}`];
      });
      const [first] = shown;
      const inBatch = first && result.metrics.get(`batch/${first.name}`);
      if (first !== undefined && inBatch !== undefined) {
        parts.push(`batch/${first.name} ${formatValue(inBatch, first)}`);
      }
      if (parts.length === 0) {
        // Of numbers that nobody declared the name is all that is known.
        for (const [metric, value] of result.metrics)
          parts.push(`${metric} ${formatMetric(value)}`);
      }
      const { bold, dim } = terminal.colours;
      terminal.line(
        `${bold(`evaluation '${name}'`)} ${dim('at update')} ${update}: ${parts.join('  ')}`,
      );
      terminal.event({
        type: 'evaluation',
        name,
        update,
        metrics: Object.fromEntries(result.metrics),
      });
    });
    hooks.phaseStart.tap(({ phase, resumed, update }) => {
      const terminal = services.get(TerminalToken);
      terminal.line(
        `phase ${phase.name}: ${formatCount(phase.updates)} updates${resumed ? `, continuing at ${update}` : ''}`,
      );
      terminal.event({ type: 'phase', phase: phase.name, updates: phase.updates, update });
    });
    hooks.runEnd.tap(() => {
      services.get(TerminalToken).clearProgress();
    });
    hooks.checkpointSaved.tap(({ update, path, contentHash }) => {
      services.get(TerminalToken).event({ type: 'checkpoint', update, path, contentHash });
    });
  },
});
