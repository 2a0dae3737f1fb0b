import { spawnSync } from 'node:child_process';
import type { Surroundings } from './command.js';

/** A terminal of its own for a command, closed after some seconds, or once it said something, as a window is. */
const script = `
import os, pty, select, sys, time
end = time.monotonic() + float(sys.argv[1])
until = sys.argv[2].encode()
heard = b''
pid, master = pty.fork()
if pid == 0:
    os.execvp(sys.argv[3], sys.argv[3:])
while (left := end - time.monotonic()) > 0:
    if not select.select([master], [], [], left)[0]:
        break
    try:
        said = os.read(master, 65536)
    except OSError:
        break
    if not said:
        break
    os.write(1, said)
    heard += said
    if until and until in heard:
        break
os.close(master)
code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
if code < 0:
    os.kill(os.getpid(), -code)
os._exit(code)
`;

const python = process.env['NCN_PYTHON'] ?? 'python3';

/** Why no terminal can be had; undefined where one can. */
export function noTerminal(): string | undefined {
  const { status } = spawnSync(python, ['-c', 'import pty'], { stdio: 'ignore' });
  return status === 0 ? undefined : `${python} has no pty`;
}

/** Starts a command on a terminal that is closed after so many milliseconds, or once it said this. */
export const onTerminal = (milliseconds: number, until = ''): Surroundings => ({
  through: [python, '-c', script, String(milliseconds / 1000), until],
});
