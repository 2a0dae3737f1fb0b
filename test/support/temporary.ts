import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Gives the tests a temporary folder of their own, and removes it with all that they left there. */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'ncn-tests-'));
  // A test that root runs may do as another user what is not to be done as root.
  chmodSync(folder, 0o711);
  // Workers inherit these: os.tmpdir() reads the first two, on Windows the others.
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) process.env[name] = folder;
  return () => {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
}
