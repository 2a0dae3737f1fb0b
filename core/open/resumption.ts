import { configChanged, dataChanged, fileChanged } from '../errors/config.js';
import { configEdited } from '../errors/run.js';
import { replayOfOtherPlugins } from '../errors/training.js';
import {
  differencesBetween,
  isSealedPath,
  sealedValues,
  undone,
  unsealed,
} from '../experiment/sealed.js';
import type { ConfigChange } from '../experiment/restore.js';
import { contentOf, isPath } from '../experiment/places.js';
import type { ResolvedExperiment } from '../experiment/resolve.js';
import { saveConfig } from '../experiment/saved.js';
import { describeChange, type ChangedValue, type RunChange } from '../run/changes.js';
import { canonicalJson, type JsonObject } from '../run/json.js';
import { prepare, type Host, type Prepared } from '../trainer/build/prepare.js';
import { continueAt } from '../trainer/loop/continue-at.js';
import { unchangedFrom, type Continuation } from '../trainer/loop/continuation.js';
import type { ResumePoint } from './log-fit.js';
import {
  line,
  meaningOf,
  reconcile,
  sealedBefore,
  type ExistingRun,
  type RunBefore,
} from './run.js';

/** Where the data lies may change; what it is may not, and its hash is compared. */
const seriousChanges = (changes: readonly ConfigChange[]): ConfigChange[] =>
  changes.filter(({ path }) => !unsealed.has(path));

/** Whether its caller wants anything of a run to be different. */
export const isChanged = ({ before }: ExistingRun): boolean =>
  seriousChanges(before?.changes ?? []).length > 0;

/** Only a longer run: nothing that was trained would have been another. */
const onlyLonger = (values: readonly ChangedValue[]): boolean =>
  values.every(
    ({ path, before, after }) =>
      path === 'updates' &&
      typeof before === 'number' &&
      typeof after === 'number' &&
      after > before,
  );

/**
 * Checks that a run goes on as it began.
 * @throws NcnError where its configuration or its data changed, unless the caller accepts that, or
 * the run is only to be longer
 */
export function checkUnchanged(
  { directory, before, acceptChanges }: ExistingRun,
  { dataset, experiment }: Pick<Prepared, 'dataset' | 'experiment'>,
): void {
  if (before === undefined || acceptChanges) return;
  const serious = seriousChanges(before.changes);
  if (!onlyLonger(serious)) throw configChanged(directory.path, serious.map(line));
  const { manifest } = before;
  if (dataset.hash !== manifest.dataset.hash) throw dataChanged(manifest.dataset, dataset);
  for (const { path, value } of experiment.values.filter(isPath)) {
    const expected = before.saved.places[path]?.sha256;
    if (expected === undefined || typeof value !== 'string') continue;
    const content = contentOf(value);
    if (content !== undefined && content !== expected) throw fileChanged(path, value);
  }
}

/** Whether something that the run needs is said to be elsewhere than it was, or was replaced. */
function isElsewhere({ saved }: RunBefore, directory: string, now: ResolvedExperiment): boolean {
  const was = new Map(saved.values.map(({ path, value }) => [path, value]));
  const { places } = saveConfig(now, directory);
  return now.values.some(
    (entry) =>
      (entry.path === 'data' || entry.path === 'dataset' || isPath(entry)) &&
      (was.get(entry.path) !== entry.value ||
        saved.places[entry.path]?.sha256 !== places[entry.path]?.sha256),
  );
}

/**
 * Decides where a run goes on, and what of its record changes with that.
 * @throws NcnError where its configuration was edited, or a change does not fit what is trained
 */
export async function planResumption(
  run: ExistingRun,
  prepared: Prepared,
  { checkpoint, rebuilt }: ResumePoint,
  host: Host,
): Promise<Continuation> {
  const unchanged = { ...unchangedFrom(checkpoint), rebuilt };
  const { position } = unchanged;
  const { before } = run;
  if (before === undefined) return unchanged;
  const { update } = position;
  const { pending, edited } =
    checkpoint === undefined
      ? { pending: before.saved.changes, edited: [] }
      : await reconcile(checkpoint, before);
  if (edited.length > 0 && !run.acceptChanges) {
    throw configEdited(run.directory.path, edited.map(line));
  }
  const now = sealedValues(
    saveConfig(prepared.experiment, run.directory.path),
    prepared.dataset.hash,
  );
  const kept = before.saved.changes.filter((change) => !pending.includes(change));
  const text = sealedBefore(before);
  const past = await meaningOf(before, checkpoint?.configuration?.values ?? text);
  const values = differencesBetween(past, now);
  const { manifest } = before;
  const { phases } = prepared.built.blueprint;
  const changed = values.length > 0 || pending.length > 0;
  const onward = changed ? continueAt(position, manifest.phases, phases) : position;
  const fresh: RunChange[] =
    values.length === 0
      ? []
      : [{ update, extends: await isExact(before, past, values, prepared, host), values }];
  for (const change of fresh) tell(change, host);
  const changes = [...kept, ...fresh];
  const recorded =
    JSON.stringify(before.saved.changes) === JSON.stringify(changes) &&
    JSON.stringify(manifest.changes ?? []) === JSON.stringify(changes);
  const newer = Object.keys(now).filter((path) => !(path in text));
  if (fresh.length === 0 && newer.length > 0) tellNewer(newer, now, host);
  // Newer options become part of the record: their defaults may be others some day.
  const rewrite = newer.length > 0 || isElsewhere(before, run.directory.path, prepared.experiment);
  const record = recorded
    ? rewrite
      ? { record: { changes } }
      : {}
    : { record: { manifest, changes } };
  return { ...unchanged, position: onward, fresh, ...record };
}

function tellNewer(paths: readonly string[], now: JsonObject, { log }: Host): void {
  const values = paths.map((path) => `${path} ${JSON.stringify(now[path])}`).join(', ');
  log.logger.info(`options that are newer than the run stay as before there were they: ${values}`);
}

function tell(change: RunChange, { log }: Host): void {
  const what = describeChange(change);
  if (change.extends)
    log.logger.info(`the run is made longer after update ${change.update}: ${what}`);
  else log.logger.warn(`from update ${change.update} on another experiment: ${what}`);
}

/**
 * The experiment as it was when an update was trained; undefined where it is still that.
 * @throws NcnError where it had other plugins then
 */
export function preparedAt(
  { before }: ExistingRun,
  update: number,
  host: Host,
): Promise<Prepared> | undefined {
  const later = before?.saved.changes.filter((change) => change.update >= update) ?? [];
  if (before === undefined || later.length === 0) return undefined;
  const others = later.find(({ values }) =>
    values.some(({ path, before: was }) => path === 'plugins' || isSealedPath(was)),
  );
  if (others !== undefined) throw replayOfOtherPlugins(update, others.update);
  return before
    .restore(undone(sealedBefore(before), later))
    .then((experiment) => prepare(experiment, host));
}

/**
 * Whether a run that is made longer ends as one of that length from the start: what its steps were
 * given must not depend on the length.
 */
async function isExact(
  before: RunBefore,
  past: JsonObject,
  values: readonly ChangedValue[],
  { built }: Prepared,
  host: Host,
): Promise<boolean> {
  if (!onlyLonger(values)) return false;
  const shorter = await prepare(await before.restore(past), host, true);
  for (const step of built.steps) {
    const other = shorter.built.steps.find(({ phase }) => phase.name === step.phase.name);
    const updates = other?.phase.updates ?? 0;
    const stride = Math.max(1, Math.floor(updates / 500));
    for (let update = 1; update <= updates; update += stride) {
      const given = (s: typeof step): string =>
        canonicalJson([
          Object.fromEntries(s.scalars(update)),
          Object.fromEntries(s.learningRates(update)),
        ]);
      if (other === undefined || given(step) === given(other)) continue;
      host.log.logger.warn(
        `a schedule of phase '${step.phase.name}' depends on the number of updates (it differs at update ${update}): the result is not that of a run of this length from the start`,
      );
      return false;
    }
  }
  return true;
}
