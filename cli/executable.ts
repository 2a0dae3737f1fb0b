/**
 * Makes the program executable. npm does it when it first links a package, and not again for one
 * that was built anew in the same place: `npx ncn` would end with "Permission denied".
 */
import { chmod } from 'node:fs/promises';
import { resolve } from 'node:path';

await chmod(resolve(import.meta.dirname, 'main.js'), 0o755);
