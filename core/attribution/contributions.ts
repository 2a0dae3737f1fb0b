import { attribute, attributeFunction } from './attribute.js';

export type ContributionKind =
  | 'augmentation'
  | 'data set'
  | 'evaluation'
  | 'gradient transform'
  | 'loss'
  | 'medium'
  | 'metric'
  | 'network'
  | 'optimizer'
  | 'phase'
  | 'sampler'
  | 'schedule'
  | 'state transform';

/** The build hook in which each kind is contributed. */
export const hookOfKind: Readonly<Record<ContributionKind, string>> = {
  augmentation: 'augmentation',
  'data set': 'datasets',
  evaluation: 'evaluations',
  'gradient transform': 'transforms',
  loss: 'losses',
  medium: 'media',
  metric: 'metrics',
  network: 'networks',
  optimizer: 'optimizers',
  phase: 'phases',
  sampler: 'dataset',
  schedule: 'schedules',
  'state transform': 'transforms',
};

/** Something that a plugin gave to the experiment in a build hook. */
export interface Contribution {
  readonly kind: ContributionKind;
  readonly name: string;
  readonly plugin: string;
}

/** Keeps account of which plugin contributed what, and has errors in it name that plugin. */
export class Contributions {
  private readonly found: Contribution[] = [];

  /** @param tapping says whose tap is running, where one is */
  constructor(private readonly tapping: { readonly running: string | undefined }) {}

  get list(): readonly Contribution[] {
    return this.found;
  }

  /** Who contributed it; for error messages. */
  by(kind: ContributionKind, name: string): string {
    return this.found.find((c) => c.kind === kind && c.name === name)?.plugin ?? 'another plugin';
  }

  /** Records what the plugin whose tap is running contributes. */
  take<T extends object>(kind: ContributionKind, name: string, contribution: T): T {
    return attribute(this.record(kind, name), `${kind} '${name}'`, contribution);
  }

  /** The same for what the plugin whose tap is running makes once the hook is over. */
  later(kind: ContributionKind): <T extends object>(name: string, make: () => T) => T {
    const plugin = this.tapping.running;
    return (name, make) => {
      const what = `${kind} '${name}'`;
      if (plugin !== undefined) this.found.push({ kind, name, plugin });
      return attribute(plugin, what, attributeFunction(plugin, what, make)());
    };
  }

  /** Has what a contribution of the plugin whose tap is running is made of name that plugin, too. */
  partsOf(kind: ContributionKind, name: string): <T extends object>(part: T) => T {
    const plugin = this.tapping.running;
    return (part) => attribute(plugin, `${kind} '${name}'`, part);
  }

  takeFunction<Given extends unknown[], Result>(
    kind: ContributionKind,
    name: string,
    fn: (...given: Given) => Result,
  ): (...given: Given) => Result {
    return attributeFunction(this.record(kind, name), `${kind} '${name}'`, fn);
  }

  private record(kind: ContributionKind, name: string): string | undefined {
    const plugin = this.tapping.running;
    if (plugin !== undefined) this.found.push({ kind, name, plugin });
    return plugin;
  }
}
