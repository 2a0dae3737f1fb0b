import { ExitCode, NcnError } from '../../core/errors/error.js';

/** A link inside the runs folder leads out of it. */
export function outsideRuns(name: string): NcnError {
  return new NcnError(`'${name}' lies outside the folder of runs.`, {
    code: 'NCN_WATCH_OUTSIDE',
    exit: ExitCode.run,
    hint: 'It is a link that leads out of the folder that ncn watch serves.',
  });
}

export function noRunsGiven(command: string): NcnError {
  return new NcnError('Which runs? Name the folder of at least one.', {
    code: 'NCN_USAGE_RUN',
    exit: ExitCode.usage,
    hint: `Example: ncn ${command} runs/20261124-101500-conditional_v5-1`,
  });
}

export function nothingToCompare(given: number): NcnError {
  return new NcnError(`A comparison needs two runs or more; ${given} given.`, {
    code: 'NCN_USAGE_COMPARE',
    exit: ExitCode.usage,
    hint: 'Of one run, ncn report RUN makes a page.',
  });
}

export function runTwice(path: string): NcnError {
  return new NcnError(`${path} is given twice.`, {
    code: 'NCN_USAGE_RUN_TWICE',
    exit: ExitCode.usage,
    hint: 'Name each run once: counted twice, it would look like another seed.',
  });
}

export function notAPage(path: string): NcnError {
  return new NcnError(`${path} exists and is not a page that ncn wrote: it stays as it is.`, {
    code: 'NCN_REPORT_OVERWRITE',
    exit: ExitCode.usage,
    hint: 'Choose another --output, or move that file away.',
  });
}

export function pageNotOurs(path: string): NcnError {
  return new NcnError(`${path} exists and is not a page that ncn wrote: it stays as it is.`, {
    code: 'NCN_REPORT_OVERWRITE',
    exit: ExitCode.usage,
    hint: 'Choose another folder (--write-docs DIR), or move that file away. Nothing was written there.',
  });
}

export function pagePartMissing(path: string): NcnError {
  return new NcnError(`${path} is missing: the page cannot be made.`, {
    code: 'NCN_REPORT_PART',
    exit: ExitCode.internal,
    hint: "This installation is incomplete. In a clone, run 'npm run build'.",
  });
}

export function portTaken(port: number): NcnError {
  return new NcnError(`Port ${port} is in use.`, {
    code: 'NCN_WATCH_PORT',
    exit: ExitCode.usage,
    hint: 'Choose another with --port, or leave --port out to get a free one.',
  });
}

export function noRunsFolder(path: string): NcnError {
  return new NcnError(`There is no folder ${path}.`, {
    code: 'NCN_WATCH_FOLDER',
    exit: ExitCode.usage,
    hint: 'Give the folder that holds the runs: ncn watch DIR. By default it is runs.',
  });
}

export function badPort(port: number): NcnError {
  return new NcnError(`${port} is not a port: ports go from 0 to 65535.`, {
    code: 'NCN_USAGE_PORT',
    exit: ExitCode.usage,
    hint: 'Leave --port out to get a free one.',
  });
}
