/**
 * What goes wrong around a run and below it, once each and again: full disks, permissions, limits, clocks,
 * folders that go, two processes, engines that fail. `npm run proof:faults -- --seed 1 --count 500
 * --seconds 7200 [--only 'a full disk']`. Each must end with the documented code and one message for
 * people, and the run go on to the bytes of one that nothing befell.
 */
import { attempts } from './attempts.js';
import { ofDisks } from './faults/disk.js';
import { ofGpus } from './faults/lost-gpu.js';
import { ofMachines } from './faults/machine.js';
import { ofPermissions } from './faults/permissions.js';
import { ofPlaces } from './faults/places.js';
import { References } from './small-runs.js';

const faults = [...ofDisks, ...ofPermissions, ...ofPlaces, ...ofMachines, ...ofGpus];
const references = new References();
// Before anything is counted against the time.
await references.of();

await attempts(
  'faults',
  { count: 10 * faults.length, seconds: 3600 },
  faults.map(({ name, absent, befall }) => ({
    name,
    ...(absent === undefined ? {} : { absent }),
    attempt: (random) => befall(references, random),
  })),
);
