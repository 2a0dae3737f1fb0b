import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import {
  cyclesIn,
  guests,
  imports,
  roomOf,
  rooms,
  root,
  sources,
  textOf,
} from './structure/imports.js';

const arrows = [...imports].flatMap(([from, list]) => list.map((to) => ({ from, ...to })));

test('there is a house to look at, and what looks at it sees', () => {
  expect(sources.length).toBeGreaterThan(300);
  expect(arrows.filter(({ to }) => to !== undefined).length).toBeGreaterThan(1000);
  const graph = { a: ['b'], b: ['c', 'd'], c: ['b'], d: [] };
  expect(cyclesIn(new Map(Object.entries(graph)))).toEqual(['b → c → b']);
  expect([...wordsOf('toGreyPixels(x2) // PNG')]).toEqual(['to', 'grey', 'pixels', 'x', 'png']);
});

/** Of core, what engines may know: their interface, errors, whose an operation is, a format, tf.js. */
const seenByEngines = /^core\/((engine|errors|attribution)\/|(protobuf|tf)[.]ts$)/;

test('rooms import only the rooms below them', () => {
  const wrong = arrows.filter(({ from, to }) => {
    const [room, other] = [roomOf(from), to === undefined ? undefined : roomOf(to)];
    if (to === undefined || room === other || guests.includes(room)) return false;
    if (room === 'engines' && other === 'core') return !seenByEngines.test(to);
    return !(
      Object.entries<readonly string[]>(rooms).find(([name]) => name === room)?.[1] ?? []
    ).some((name) => name === other);
  });
  expect(wrong.map(({ from, to }) => `${from} → ${String(to)}`)).toEqual([]);
});

/** All that a file imports, by way of others too. */
function reachedFrom(path: string, seen = new Set<string>()): Set<string> {
  for (const { to } of imports.get(path) ?? []) {
    if (to === undefined || seen.has(to)) continue;
    seen.add(to);
    reachedFrom(to, seen);
  }
  return seen;
}

/** Of core, what differentiates: gradients that tf.js lacks, and errors of a backward pass. */
const differentiation =
  /^core\/step\/(axis-gradients|backward|edge-gradients|rank|second-gradients|tape|top-k)[.]ts$/;

test('the compiled engine is usable alone: nothing of the trainer comes with it', () => {
  const reached = [...reachedFrom('engines/compiled/index.ts')];
  expect(reached.length).toBeGreaterThan(80);
  const strangers = reached.filter(
    (path) =>
      !/^engines\/(compiled\/|errors\/|native[.]ts$)/.test(path) &&
      !seenByEngines.test(path) &&
      !differentiation.test(path),
  );
  expect(strangers).toEqual([]);
});

/** Written before these rules, and still to be mended. */
const pending = { cycles: 'lab/testing/' };

test('plugins, presets, studies and examples import the entries, Node and files of their own', () => {
  const wrong = arrows.filter(({ from, spec, to }) => {
    if (!guests.includes(roomOf(from))) return false;
    if (spec.startsWith('.')) return roomOf(to ?? '') !== roomOf(from);
    // An example compares with tf.js's backend, which every user has.
    if (roomOf(from) === 'examples' && spec === '@tensorflow/tfjs-backend-wasm') return false;
    return !/^(ncn(\/\w+)?|node:.*)$/.test(spec);
  });
  expect(wrong.map(({ from, spec }) => `${from} imports '${spec}'`)).toEqual([]);
});

test('no file imports itself by way of others, types included', () => {
  const graph = new Map(
    [...imports].map(([from, list]) => [
      from,
      list.flatMap(({ to = '' }) => (to.startsWith(pending.cycles) ? [] : [to])),
    ]),
  );
  expect(cyclesIn(graph)).toEqual([]);
});

/** By folder of each folder, the others beside it that its files import. */
function siblings(): Map<string, Map<string, Set<string>>> {
  const graphs = new Map<string, Map<string, Set<string>>>();
  for (const { from, to } of arrows) {
    if (to === undefined) continue;
    const [one, other] = [from.split('/'), to.split('/')];
    const at = one.findIndex((part, i) => part !== other[i]);
    // In one folder, in the folder above, or in another room.
    if (at < 1 || at >= one.length - 1 || at >= other.length - 1) continue;
    const folder = one.slice(0, at).join('/');
    const graph = graphs.get(folder) ?? new Map<string, Set<string>>();
    graphs.set(folder, graph);
    const name = one[at] ?? '';
    graph.set(name, (graph.get(name) ?? new Set()).add(other[at] ?? ''));
  }
  return graphs;
}

test('no folder imports itself by way of those beside it', () => {
  const found = [...siblings()].flatMap(([folder, graph]) =>
    cyclesIn(graph).map((cycle) => `in ${folder}: ${cycle}`),
  );
  expect(found).toEqual([]);
});

/** What core must not know: what signals are to people, and what the experiments of the post are. */
const strange = /^(mnist|pngs?|ssim|psnr|collapse[ds]?|gr[ae]y|pixels?|figures?|claims?)$/;

/** Words that mean something else in these files. */
const otherwise = new Map([
  ['core/run/lock.ts', new Set(['claim', 'claims'])], // of a lock
  ['core/step/axis-gradients.ts', new Set(['pixel'])], // an attribute of tf.js
]);

/** Words and parts of identifiers, in small letters. */
const wordsOf = (text: string): Set<string> =>
  new Set(
    text
      .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
      .toLowerCase()
      .match(/[a-z]+/g) ?? [],
  );

test('core knows no images and nothing of the post', () => {
  const found = sources
    .filter((path) => path.startsWith('core/'))
    .flatMap((path) =>
      [...wordsOf(textOf(path))]
        .filter((word) => strange.test(word) && otherwise.get(path)?.has(word) !== true)
        .map((word) => `${path}: ${word}`),
    );
  expect(found).toEqual([]);
});

/** The texts of a program: what stands in quotes, comments aside. */
function textsIn(path: string): string[] {
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) texts.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, textOf(path), ts.ScriptTarget.Latest));
  return texts;
}

test('core asks for no network by name', () => {
  const named = sources.filter(
    (path) =>
      path.startsWith('core/') &&
      textsIn(path).some((text) => /^(generator|discriminator)(\/.*)?$/.test(text)),
  );
  expect(named).toEqual([]);
});

test('docs/architecture.md tells of every room and of every folder of core, and of no other', () => {
  const text = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
  const told = (mark: RegExp) => [...text.matchAll(mark)].map(([, name]) => name).sort();
  const besides = ['examples'];
  const expected = Object.keys(rooms).filter((room) => !besides.includes(room));
  expect(told(/^\| `([a-z]+)\/` /gm).filter((name = '') => Object.hasOwn(rooms, name))).toEqual(
    expected.sort(),
  );
  for (const name of besides) expect(text).toContain(`\`${name}/\``);
  const folders = readdirSync(join(root, 'core'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  expect(told(/^\| `core\/([a-z]+)`/gm)).toEqual(folders.sort());
});
