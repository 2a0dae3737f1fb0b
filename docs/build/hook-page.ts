import { readFileSync } from 'node:fs';
import type { Lifecycle } from '../../core/hooks/lifecycle.js';
import { fromRoot, interfacesIn } from './source.js';

const payloads = new Map(
  ['core/hooks/payloads.ts', 'core/hooks/evaluations.ts'].flatMap((file) => [
    ...interfacesIn(file),
  ]),
);

const kinds = {
  build:
    'build: runs once, before training; contributes pure functions of tf.js operations, or declarations',
  run: 'run: fires while training runs, sees plain numbers, and may have side effects',
};

export const payloadName = (hook: string): string => {
  const own = `${hook[0]?.toUpperCase() ?? ''}${hook.slice(1)}Payload`;
  if (payloads.has(own)) return own;
  const shared = {
    phaseStart: 'PhasePayload',
    phaseEnd: 'PhasePayload',
    updateStart: 'UpdatePayload',
    networkUpdateStart: 'NetworkUpdatePayload',
    networkUpdateEnd: 'NetworkUpdatePayload',
    evaluationStart: 'EvaluationPayload',
  };
  const name: unknown = Reflect.get(shared, hook);
  if (typeof name === 'string' && payloads.has(name)) return name;
  throw new Error(`No payload is known for the hook '${hook}'.`);
};

/** The interface and those that it extends, the first of them first. */
function withBases(name: string): string[] {
  const found = payloads.get(name);
  if (found === undefined) return [];
  return [...found.extends.flatMap(withBases), found.text];
}

/** @param tappedBy first-party plugins that tap it */
export function hookPage(
  hook: Lifecycle['all'][number],
  order: readonly string[],
  tappedBy: readonly string[],
): string {
  const at = order.indexOf(hook.name);
  const name = payloadName(hook.name);
  const link = (other: string | undefined): string =>
    other === undefined ? '–' : `[${other}](${other}.md)`;
  const users = tappedBy.map((plugin) => `[${plugin}](../plugins/${plugin}.md)`).join(', ');
  const example = readFileSync(fromRoot(`examples/hooks/${hook.name}.ts`), 'utf8');
  return [
    `# Hook \`${hook.name}\``,
    `**Fires** ${hook.summary}.`.replace('Fires** offer', 'Use** it to offer'),
    `**Kind** ${kinds[hook.kind]}.`,
    `**Previous hook** ${link(order[at - 1])}. **Next hook** ${link(order[at + 1])}.`,
    `**First-party plugins that tap it** ${users === '' ? 'none' : users}.`,
    `## Payload: \`${name}\``,
    '```typescript\n' + withBases(name).join('\n\n') + '\n```',
    'The types are described in the [API reference](../api.md).',
    '## Example',
    `[\`examples/hooks/${hook.name}.ts\`](../../../examples/hooks/${hook.name}.ts), which a test runs.`,
    '```ts\n' + example.trimEnd() + '\n```',
  ].join('\n\n');
}
