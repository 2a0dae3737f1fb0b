import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { command, folder, type Surroundings } from '../command.js';
import { smallRun, type Kind } from '../small-runs.js';
import { badEnd, endsEqual, judged, newRun, removeAround, type Fault } from './fault.js';

/** Where a Vulkan driver in software may be: that of Chromium, and Mesa's. */
const drivers = [
  '/usr/lib/chromium/libvk_swiftshader.so',
  '/usr/lib/x86_64-linux-gnu/libvulkan_lvp.so',
];
const driver = drivers.find((file) => existsSync(file));

/** A driver before the true one, which loses its device at the submission of work that it is told. */
const source = `
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
typedef void (*Function)(void);
typedef Function (*Find)(void *, const char *);
typedef int32_t (*Submit)(void *, uint32_t, const void *, uint64_t);
static Find of_instance, of_device;
static Submit submit, submit2;
static int32_t lossy(Submit to, void *queue, uint32_t count, const void *work, uint64_t fence) {
  static long left = -1;
  if (left < 0) left = atol(getenv("NCN_PROOF_LOST"));
  if (left > 1) { left--; return to(queue, count, work, fence); }
  left = 0;
  return -4; /* VK_ERROR_DEVICE_LOST */
}
static int32_t lossy1(void *q, uint32_t n, const void *w, uint64_t f) { return lossy(submit, q, n, w, f); }
static int32_t lossy2(void *q, uint32_t n, const void *w, uint64_t f) { return lossy(submit2, q, n, w, f); }
static Function in_place_of(const char *name, Function found);
static Function device_proc(void *device, const char *name) { return in_place_of(name, of_device(device, name)); }
static Function in_place_of(const char *name, Function found) {
  if (!found) return found;
  if (!strcmp(name, "vkGetDeviceProcAddr")) { of_device = (Find)found; return (Function)device_proc; }
  if (!strcmp(name, "vkQueueSubmit")) { submit = (Submit)found; return (Function)lossy1; }
  if (!strncmp(name, "vkQueueSubmit2", 14)) { submit2 = (Submit)found; return (Function)lossy2; }
  return found;
}
static void *original(const char *name) {
  static void *library;
  if (!library) library = dlopen(getenv("NCN_PROOF_DRIVER"), RTLD_NOW | RTLD_LOCAL);
  return library ? dlsym(library, name) : 0;
}
Function vk_icdGetInstanceProcAddr(void *instance, const char *name) {
  if (!of_instance) of_instance = (Find)original("vk_icdGetInstanceProcAddr");
  return of_instance ? in_place_of(name, of_instance(instance, name)) : 0;
}
Function vk_icdGetPhysicalDeviceProcAddr(void *instance, const char *name) {
  Find find = (Find)original("vk_icdGetPhysicalDeviceProcAddr");
  return find ? find(instance, name) : 0;
}
int32_t vk_icdNegotiateLoaderICDInterfaceVersion(uint32_t *version) {
  int32_t (*negotiate)(uint32_t *) = (int32_t (*)(uint32_t *))original("vk_icdNegotiateLoaderICDInterfaceVersion");
  return negotiate ? negotiate(version) : 0;
}
`;

/** A description of a driver, as the loader of Vulkan reads it. */
function described(library: string): string {
  const file = join(folder(), 'driver.json');
  const ICD = { library_path: library, api_version: '1.0.5' };
  writeFileSync(file, JSON.stringify({ file_format_version: '1.0.0', ICD }));
  return file;
}

/** Goes on with the driver as it is. */
const healthy = (): Surroundings => ({ env: { VK_ICD_FILENAMES: described(driver ?? '') } });

let lossy: string | undefined;

/** Loses the device at this submission. @throws where the compiler refuses */
function losing(at: number): Surroundings {
  if (lossy === undefined) {
    const [file, library] = [join(folder(), 'lossy.c'), join(folder(), 'lossy.so')];
    writeFileSync(file, source);
    const { status, stderr } = spawnSync('cc', ['-shared', '-fPIC', '-o', library, file, '-ldl']);
    if (status !== 0) throw new Error(`cc: ${String(stderr)}`);
    lossy = described(library);
  }
  const env = { VK_ICD_FILENAMES: lossy, NCN_PROOF_DRIVER: driver ?? '', NCN_PROOF_LOST: `${at}` };
  return { env };
}

const require = createRequire(import.meta.url);

/** Why there is no GPU in software, or no way to lose it. */
function absent(packages: readonly string[]): string | undefined {
  if (process.platform !== 'linux') return 'needs a Vulkan driver in software, and Linux';
  if (driver === undefined) return `no Vulkan driver in software: ${drivers.join(', ')}`;
  const loader = spawnSync('ldconfig', ['-p'], { encoding: 'utf8' }).stdout;
  if (!/libvulkan\.so\.1/.test(loader)) return 'no libvulkan.so.1';
  if (spawnSync('cc', ['--version'], { stdio: 'ignore' }).status !== 0) return 'no C compiler';
  for (const name of packages) {
    try {
      require.resolve(name);
    } catch {
      return `${name} is not installed`;
    }
  }
  return undefined;
}

/** What a driver loses at a submission that comes while the run trains, or soon before. */
function gpuIsLost(engine: 'webgpu' | 'compiled:webgpu', packages: readonly string[]): Fault {
  return {
    name: `a GPU that ${engine} loses`,
    absent: () => absent(packages),
    befall: async (references, random) => {
      const kind: Kind = { family: 'cnn', engine };
      const run = newRun();
      const at = 2 + random.below(300);
      const ended = await command(smallRun(references.data, run, kind), undefined, losing(at));
      const what = `${engine} loses its device at submission ${at}`;
      const told = ended.code === 0 || /^error: Engine '\S+' lost its device/m.test(ended.text);
      const state = /"state": "(\w+)"/.exec(readFileSync(join(run, 'status.json'), 'utf8'))?.[1];
      const expected = ended.code === 0 ? 'finished' : 'failed';
      if (!told || state !== expected) {
        return { what, outcome: 'failed', failure: `${run} is ${String(state)}: ${ended.text}` };
      }
      const done = await judged(what, ended, [0, 5], async () => {
        if (ended.code === 0) return undefined;
        // On another engine from where it was, and on the same from there with the same bytes.
        const other = join(folder(), 'run');
        cpSync(run, other, { recursive: true });
        const elsewhere = ['resume', other, '--engine', 'wasm', '--accept-changes'];
        const bad = badEnd(await command(elsewhere), [0]);
        if (bad !== undefined) return `on another engine, ${bad}`;
        removeAround(other);
        return endsEqual(references, run, kind, healthy());
      });
      if (done.failure === undefined) removeAround(run);
      return done;
    },
  };
}

/** GPUs that go. */
export const ofGpus: readonly Fault[] = [
  gpuIsLost('webgpu', ['webgpu', '@tensorflow/tfjs-backend-webgpu']),
  gpuIsLost('compiled:webgpu', ['onnxruntime-node']),
];
