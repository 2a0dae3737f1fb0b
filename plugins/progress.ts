import { definePlugin, formatDuration, formatMetric, TerminalToken, z } from 'ncn';

const options = z.strictObject({
  lines: z
    .number()
    .positive()
    .default(10)
    .describe('seconds between progress lines where the output is not a terminal'),
});

/** One line that says how far the run is, how fast, and when it ends. */
export default definePlugin({
  name: 'progress',
  version: '1.0.0',
  summary: 'progress line with updates/s and ETA, evaluation lines',
  options,
  setup({ hooks, services, options: o }) {
    let rate = 0;
    let shownAt = 0;

    let offered: readonly string[] = [];

    hooks.metrics.tap(
      ({ metrics }) => {
        offered = metrics;
      },
      { stage: 'last' },
    );
    hooks.runStart.tap(() => {
      shownAt = performance.now();
    });
    hooks.updateEnd.tap(
      async ({ run, phase, update, metrics, seconds }) => {
        // An exponential mean: recent updates say more about the rest than the first did.
        rate = rate === 0 ? 1 / seconds : 0.95 * rate + 0.05 / seconds;
        const terminal = services.get(TerminalToken);
        const due = performance.now() - shownAt > (terminal.interactive ? 100 : o.lines * 1000);
        if (!due) return;
        shownAt = performance.now();
        const values = [...(await metrics())].filter(([name]) => !name.endsWith('/loss'));
        const losses = values.map(([name, value]) => `${name} ${formatMetric(value)}`).join('  ');
        const eta = formatDuration((run.totalUpdates - update) / rate);
        const share = ((100 * update) / run.totalUpdates).toFixed(1);
        const text = `${phase.name} ${update}/${run.totalUpdates} (${share} %)  ${losses}  ${rate.toFixed(rate < 10 ? 2 : 0)} updates/s  ETA ${eta}`;
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
    hooks.evaluationEnd.tap(({ name, update, result }) => {
      const terminal = services.get(TerminalToken);
      const wanted = ['content', 'psnr', 'ssim', 'collapseRate', 'batch/content', ...offered];
      const parts = wanted.flatMap((metric) => {
        const value = result.metrics.get(metric);
        return value === undefined ? [] : [`${metric} ${formatMetric(value)}`];
      });
      terminal.line(`evaluation '${name}' at update ${update}: ${parts.join('  ')}`);
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
        `phase ${phase.name}: ${phase.updates} updates${resumed ? `, continuing at ${update}` : ''}`,
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
