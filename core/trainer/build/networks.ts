import type { Shape } from '../../data/types.js';
import { badContribution } from '../../errors/plugin.js';
import { declareNetwork, type DeclaredNetwork } from '../../step/declare.js';
import type { NetworkDefinition } from '../../step/types.js';

interface Declared {
  /** Name of the main network. */
  readonly main: string;
  /** Shapes by role, `output` among them. */
  readonly made: ReadonlyMap<string, Shape>;
  /** In the order in which they were contributed. */
  readonly networks: ReadonlyMap<string, DeclaredNetwork>;
}

/**
 * Declares all networks, the main one first, since the others may see what it gives.
 * @param roles shapes of what the augmentation makes
 * @throws NcnError where none or two are the main one, or shapes do not fit
 */
export function declareNetworks(
  definitions: ReadonlyMap<string, NetworkDefinition>,
  roles: ReadonlyMap<string, Shape>,
): Declared {
  const definition = mainOf([...definitions.values()]);
  const main = declareNetwork(definition, roles);
  const made = new Map([...roles, ['output', main.outputShape] as const]);
  const networks = [...definitions].map(([name, other]) => {
    return [name, other === definition ? main : declareNetwork(other, made)] as const;
  });
  return { main: definition.name, made, networks: new Map(networks) };
}

function mainOf(definitions: readonly NetworkDefinition[]): NetworkDefinition {
  const names = (some: readonly NetworkDefinition[]): string =>
    some.map(({ name }) => `'${name}'`).join(', ');
  const marked = definitions.filter(({ main }) => main === true);
  const [only, second] = marked.length > 0 ? marked : definitions;
  if (only === undefined) {
    throw badContribution(
      'No plugin provides a network.',
      'Add one: --plugin generator.resconvnet.',
    );
  }
  if (second === undefined) return only;
  throw marked.length > 0
    ? badContribution(
        `More than one network says that it is the main one: ${names(marked)}.`,
        'Leave one out with --without, or let one declare `replaces`.',
      )
    : badContribution(
        `None of the networks ${names(definitions)} says that it is the main one, which is evaluated and used.`,
        'Give one of them `main: true`.',
      );
}
